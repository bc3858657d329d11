#pragma once

#include <cstdint>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::cuda {

// Rows of a table by token, and of a second one by position (training::EmbeddingForward and EmbeddingBackward). All
// arrays are row-major, do not overlap and may begin at any element; at multiples of 16 bytes, and with a width that is
// a multiple of 4, they are faster. For a token outside of the vocabulary nothing outside of the table is read or
// written: its row of y becomes NaN, so that the loss shows it, and its gradients go to the position alone.

/// y[r] = table[token[r]] + positions[r % sequence]. @param y in the operation's type
/// @throws Error for other types than f32, bf16 and f16, a sequence longer than there are positions, negative sizes,
/// arrays between their elements
void embedding_forward(Stream stream,
                       const training::EmbeddingForward& operation,
                       const std::int32_t* tokens,
                       const float* table,
                       const float* positions,
                       void* y);

/// dtable[token[r]] += dy[r], in the order of the rows; dpositions[p] = sum over the batch of dy at position p, 0 where
/// the sequence is shorter. The same bits always. @param dy in the operation's type   @throws Error as above
void embedding_backward(Stream stream,
                        const training::EmbeddingBackward& operation,
                        const std::int32_t* tokens,
                        const void* dy,
                        float* dtable,
                        float* dpositions);

}  // namespace gpubench::cuda
