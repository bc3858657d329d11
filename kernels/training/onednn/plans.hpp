#pragma once

#include <memory>
#include <span>

#include "kernels/training/onednn/planned.hpp"

namespace gpubench::training::onednn {

// How oneDNN does each operation, one file per kind of layer. They throw dnnl::error as well as our own.
using Given = std::span<const TensorDesc>;

std::unique_ptr<Planned> plan(const Setting& setting, const ConvolutionForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const ConvolutionDataGradient& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const ConvolutionWeightGradient& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const FusedConvolution& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const BatchNormForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const BatchNormBackward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const AddReluForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const ReluBackward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const MaxPoolForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const MaxPoolBackward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const AveragePoolForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const AveragePoolBackward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const LinearForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const LinearDataGradient& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const LinearWeightGradient& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const LayerNormForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const LayerNormBackward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const GeluForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const GeluBackward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const EmbeddingForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const EmbeddingBackward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const AttentionForward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const AttentionBackward& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const SoftmaxCrossEntropy& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const SgdMomentum& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const AdamW& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const CheckFinite& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const UpdateState& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const Accumulate& operation, Given given);
std::unique_ptr<Planned> plan(const Setting& setting, const Reorder& operation, Given given);

/// The layout of an input that the operation takes as it comes: the given one, or what convolutions of this CPU like.
Desc followed(const Setting& setting, const TensorDesc& given, const Shape& shape, Type type);
/// What a convolution would like images of this shape to be.
Desc preferred_image(const Setting& setting, const Shape& shape, Type type);

}  // namespace gpubench::training::onednn
