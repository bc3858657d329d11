#include <gtest/gtest.h>

#include "kernels/gemm/cuda/cublaslt.hpp"

// What the library itself holds after our descriptions: needs cuBLASLt and no GPU.

namespace gpubench::cuda {
namespace {

using cublaslt::DescAttribute;
using cublaslt::LayoutAttribute;
using cublaslt::Matmul;
using cublaslt::Status;

class CublasLtDescriptors : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = cublaslt_library().missing()) GTEST_SKIP() << *missing;
  }

  template <class Value>
  static Value read(const Matmul& matmul, DescAttribute attribute) {
    Value value{};
    std::size_t written = 0;
    EXPECT_EQ(cublaslt::desc_get(matmul.desc(), attribute, &value, sizeof value, &written), Status::success);
    EXPECT_EQ(written, sizeof value);
    return value;
  }
  template <class Value>
  static Value read(cublaslt::LayoutOpaque* layout, LayoutAttribute attribute) {
    Value value{};
    std::size_t written = 0;
    EXPECT_EQ(cublaslt::layout_get(layout, attribute, &value, sizeof value, &written), Status::success);
    EXPECT_EQ(written, sizeof value);
    return value;
  }
  struct Sizes {
    std::uint64_t rows, columns;
    std::int64_t ld;
    bool operator==(const Sizes&) const = default;
  };
  static Sizes sizes(cublaslt::LayoutOpaque* layout) {
    return {read<std::uint64_t>(layout, LayoutAttribute::rows),
            read<std::uint64_t>(layout, LayoutAttribute::columns),
            read<std::int64_t>(layout, LayoutAttribute::ld)};
  }
};

TEST_F(CublasLtDescriptors, RowsAreTakenForColumns) {
  constexpr std::int64_t m = 2, n = 3, k = 5;
  for (const Operands operands : all_operands) {
    const Matmul matmul(cublaslt_shape({.m = m, .n = n, .k = k, .operands = operands}));
    const bool a_turned = second_transposed(operands), b_turned = first_transposed(operands);
    EXPECT_EQ(read<cublaslt::Transpose>(matmul, DescAttribute::transpose_a) == cublaslt::Transpose::yes, a_turned);
    EXPECT_EQ(read<cublaslt::Transpose>(matmul, DescAttribute::transpose_b) == cublaslt::Transpose::yes, b_turned);
    EXPECT_EQ(sizes(matmul.a()), (a_turned ? Sizes{k, n, k} : Sizes{n, k, n})) << name(operands);
    EXPECT_EQ(sizes(matmul.b()), (b_turned ? Sizes{m, k, m} : Sizes{k, m, k})) << name(operands);
    EXPECT_EQ(sizes(matmul.d()), (Sizes{n, m, n}));
  }
}

TEST_F(CublasLtDescriptors, FormatsAreWhatTheyAreCalled) {
  using cublaslt::Compute;
  using cublaslt::DataType;
  struct Wanted {
    Precision format;
    Compute compute;
    DataType scale, operands, result;
  };
  for (const Wanted& wanted :
       {Wanted{Precision::fp32, Compute::f32, DataType::f32, DataType::f32, DataType::f32},
        Wanted{Precision::tf32, Compute::tf32, DataType::f32, DataType::f32, DataType::f32},
        Wanted{Precision::fp16, Compute::f32, DataType::f32, DataType::f16, DataType::f16},
        Wanted{Precision::bf16, Compute::f32, DataType::f32, DataType::bf16, DataType::bf16},
        Wanted{Precision::fp8, Compute::f32, DataType::f32, DataType::e4m3, DataType::bf16},
        Wanted{Precision::int8, Compute::int32, DataType::int32, DataType::int8, DataType::int32}}) {
    const Matmul matmul(cublaslt_shape({.m = 16, .n = 16, .k = 16, .format = wanted.format}));
    EXPECT_EQ(read<Compute>(matmul, DescAttribute::compute), wanted.compute) << name(wanted.format);
    EXPECT_EQ(read<DataType>(matmul, DescAttribute::scale_type), wanted.scale) << name(wanted.format);
    EXPECT_EQ(read<DataType>(matmul.a(), LayoutAttribute::type), wanted.operands) << name(wanted.format);
    EXPECT_EQ(read<DataType>(matmul.b(), LayoutAttribute::type), wanted.operands) << name(wanted.format);
    EXPECT_EQ(read<DataType>(matmul.d(), LayoutAttribute::type), wanted.result) << name(wanted.format);
  }
}

TEST_F(CublasLtDescriptors, OnlyFastFp8AccumulatesFast) {
  for (const auto& [format, accumulation, fast] : {std::tuple{Precision::fp8, Accumulation::fast, 1},
                                                   std::tuple{Precision::fp8, Accumulation::promoted, 0},
                                                   std::tuple{Precision::bf16, Accumulation::fast, 0}}) {
    const Matmul matmul(cublaslt_shape({.m = 16, .n = 16, .k = 16, .format = format, .accumulation = accumulation}));
    EXPECT_EQ(read<std::int8_t>(matmul, DescAttribute::fast_accumulation), fast) << name(format);
  }
}

TEST_F(CublasLtDescriptors, EpiloguesHaveTheirPlaces) {
  for (const Epilogue epilogue :
       {Epilogue::none, Epilogue::bias, Epilogue::bias_gelu, Epilogue::gelu_gradient, Epilogue::bias_gradient}) {
    const Gemm gemm{.m = 16, .n = 32, .k = 16, .format = Precision::bf16, .epilogue = epilogue};
    const Matmul matmul(cublaslt_shape(gemm));
    float numbers[4];
    const auto bound = matmul.bind({.bias = numbers, .aux = numbers + 2});
    EXPECT_EQ(read<cublaslt::Epilogue>(matmul, DescAttribute::epilogue), cublaslt_shape(gemm).epilogue);
    void* bias = nullptr;
    void* aux = nullptr;
    std::int64_t aux_ld = 0;
    std::size_t written = 0;
    cublaslt::desc_get(bound.desc.get(), DescAttribute::bias_pointer, &bias, sizeof bias, &written);
    cublaslt::desc_get(bound.desc.get(), DescAttribute::aux_pointer, &aux, sizeof aux, &written);
    cublaslt::desc_get(bound.desc.get(), DescAttribute::aux_ld, &aux_ld, sizeof aux_ld, &written);
    const bool has_aux = epilogue == Epilogue::bias_gelu || epilogue == Epilogue::gelu_gradient;
    EXPECT_EQ(bias, epilogue == Epilogue::none ? nullptr : numbers) << name(epilogue);
    EXPECT_EQ(aux, has_aux ? numbers + 2 : nullptr) << name(epilogue);
    EXPECT_EQ(aux_ld, has_aux ? gemm.n : 0) << name(epilogue);
  }
}

}  // namespace
}  // namespace gpubench::cuda
