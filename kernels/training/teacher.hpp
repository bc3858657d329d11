#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "kernels/training/network.hpp"

namespace gpubench::training {

/// Makes batch `index`: inputs row-major, labels (one a row of the logits) as whole numbers; tokens are whole numbers
/// too. The same index gives the same batch; no two are equal. @pre spans have the batch's size
using Teacher = std::function<void(std::int64_t index, std::span<float> inputs, std::span<float> labels)>;

/// The teacher that fits what the network reads. Seeds are taken from `network.seed`: two networks with equal seeds and
/// shapes see equal batches.
Teacher make_teacher(const Network& network);

}  // namespace gpubench::training
