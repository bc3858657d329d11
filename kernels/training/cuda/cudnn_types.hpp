#pragma once

#include "harness/devices/cuda/cudnn/abi.hpp"
#include "kernels/training/tensor.hpp"

namespace gpubench::training {

/// @pre not opaque
constexpr cudnn::DataType cudnn_type(Type type) {
  switch (type) {
    case Type::bf16: return cudnn::DataType::bf16;
    case Type::f16: return cudnn::DataType::f16;
    case Type::i32: return cudnn::DataType::i32;
    default: return cudnn::DataType::f32;
  }
}

}  // namespace gpubench::training
