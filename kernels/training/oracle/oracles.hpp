#pragma once

#include <memory>
#include <vector>

#include "kernels/training/operation.hpp"
#include "kernels/training/oracle/oracle.hpp"

namespace gpubench::training::oracle {

/// What an oracle is made from; the sizes have been checked.
struct Given {
  std::vector<Numbers> inputs{};
  Precision multiply = Precision::fp32;
};

// One overload an operation; each is defined in the file of its layer kind.
std::unique_ptr<Oracle> make(const ConvolutionForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const ConvolutionDataGradient& operation, const Given& given);
std::unique_ptr<Oracle> make(const ConvolutionWeightGradient& operation, const Given& given);
std::unique_ptr<Oracle> make(const FusedConvolution& operation, const Given& given);
std::unique_ptr<Oracle> make(const BatchNormForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const BatchNormBackward& operation, const Given& given);
std::unique_ptr<Oracle> make(const AddReluForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const ReluBackward& operation, const Given& given);
std::unique_ptr<Oracle> make(const MaxPoolForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const MaxPoolBackward& operation, const Given& given);
std::unique_ptr<Oracle> make(const AveragePoolForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const AveragePoolBackward& operation, const Given& given);
std::unique_ptr<Oracle> make(const LinearForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const LinearDataGradient& operation, const Given& given);
std::unique_ptr<Oracle> make(const LinearWeightGradient& operation, const Given& given);
std::unique_ptr<Oracle> make(const LayerNormForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const LayerNormBackward& operation, const Given& given);
std::unique_ptr<Oracle> make(const GeluForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const GeluBackward& operation, const Given& given);
std::unique_ptr<Oracle> make(const EmbeddingForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const EmbeddingBackward& operation, const Given& given);
std::unique_ptr<Oracle> make(const AttentionForward& operation, const Given& given);
std::unique_ptr<Oracle> make(const AttentionBackward& operation, const Given& given);
std::unique_ptr<Oracle> make(const SoftmaxCrossEntropy& operation, const Given& given);
std::unique_ptr<Oracle> make(const SgdMomentum& operation, const Given& given);
std::unique_ptr<Oracle> make(const AdamW& operation, const Given& given);
std::unique_ptr<Oracle> make(const CheckFinite& operation, const Given& given);
std::unique_ptr<Oracle> make(const UpdateState& operation, const Given& given);
std::unique_ptr<Oracle> make(const Accumulate& operation, const Given& given);
std::unique_ptr<Oracle> make(const Reorder& operation, const Given& given);

}  // namespace gpubench::training::oracle
