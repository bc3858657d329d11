#pragma once

// The accumulators of wgmma as inline assembly names them: an instruction lists each register of its operands, and
// nothing in the language makes such a list. GPUBENCH_REGISTERS_n is the text, GPUBENCH_ACCUMULATORS_n(d) the operands,
// of n.

#define GPUBENCH_REGISTERS_4 "%0, %1, %2, %3"
#define GPUBENCH_REGISTERS_8 \
  GPUBENCH_REGISTERS_4       \
  ", %4, %5, %6, %7"
#define GPUBENCH_REGISTERS_16 \
  GPUBENCH_REGISTERS_8        \
  ", %8, %9, %10, %11, %12, %13, %14, %15"
#define GPUBENCH_REGISTERS_32                \
  GPUBENCH_REGISTERS_16                      \
  ", %16, %17, %18, %19, %20, %21, %22, %23" \
  ", %24, %25, %26, %27, %28, %29, %30, %31"
#define GPUBENCH_REGISTERS_48                \
  GPUBENCH_REGISTERS_32                      \
  ", %32, %33, %34, %35, %36, %37, %38, %39" \
  ", %40, %41, %42, %43, %44, %45, %46, %47"
#define GPUBENCH_REGISTERS_64                \
  GPUBENCH_REGISTERS_48                      \
  ", %48, %49, %50, %51, %52, %53, %54, %55" \
  ", %56, %57, %58, %59, %60, %61, %62, %63"
#define GPUBENCH_REGISTERS_96                \
  GPUBENCH_REGISTERS_64                      \
  ", %64, %65, %66, %67, %68, %69, %70, %71" \
  ", %72, %73, %74, %75, %76, %77, %78, %79" \
  ", %80, %81, %82, %83, %84, %85, %86, %87" \
  ", %88, %89, %90, %91, %92, %93, %94, %95"
#define GPUBENCH_REGISTERS_128                       \
  GPUBENCH_REGISTERS_96                              \
  ", %96, %97, %98, %99, %100, %101, %102, %103"     \
  ", %104, %105, %106, %107, %108, %109, %110, %111" \
  ", %112, %113, %114, %115, %116, %117, %118, %119" \
  ", %120, %121, %122, %123, %124, %125, %126, %127"

#define GPUBENCH_FOUR(d, i) "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3])
#define GPUBENCH_SIXTEEN(d, i) \
  GPUBENCH_FOUR(d, i), GPUBENCH_FOUR(d, i + 4), GPUBENCH_FOUR(d, i + 8), GPUBENCH_FOUR(d, i + 12)
#define GPUBENCH_ACCUMULATORS_4(d) GPUBENCH_FOUR(d, 0)
#define GPUBENCH_ACCUMULATORS_8(d) GPUBENCH_FOUR(d, 0), GPUBENCH_FOUR(d, 4)
#define GPUBENCH_ACCUMULATORS_16(d) GPUBENCH_SIXTEEN(d, 0)
#define GPUBENCH_ACCUMULATORS_32(d) GPUBENCH_SIXTEEN(d, 0), GPUBENCH_SIXTEEN(d, 16)
#define GPUBENCH_ACCUMULATORS_48(d) GPUBENCH_ACCUMULATORS_32(d), GPUBENCH_SIXTEEN(d, 32)
#define GPUBENCH_ACCUMULATORS_64(d) GPUBENCH_ACCUMULATORS_48(d), GPUBENCH_SIXTEEN(d, 48)
#define GPUBENCH_ACCUMULATORS_96(d) GPUBENCH_ACCUMULATORS_64(d), GPUBENCH_SIXTEEN(d, 64), GPUBENCH_SIXTEEN(d, 80)
#define GPUBENCH_ACCUMULATORS_128(d) GPUBENCH_ACCUMULATORS_96(d), GPUBENCH_SIXTEEN(d, 96), GPUBENCH_SIXTEEN(d, 112)

// Its operands come after the accumulators: two descriptors, whether to add and, of 16-bit formats, whether
// they are transposed. As text, by their number.
#define GPUBENCH_OPERANDS_4 "%4, %5, p, 1, 1"
#define GPUBENCH_ADD_4 "%6"
#define GPUBENCH_TRANSPOSED_4 ", %7, %8"
#define GPUBENCH_PLAIN_4 ""
#define GPUBENCH_OPERANDS_8 "%8, %9, p, 1, 1"
#define GPUBENCH_ADD_8 "%10"
#define GPUBENCH_TRANSPOSED_8 ", %11, %12"
#define GPUBENCH_PLAIN_8 ""
#define GPUBENCH_OPERANDS_16 "%16, %17, p, 1, 1"
#define GPUBENCH_ADD_16 "%18"
#define GPUBENCH_TRANSPOSED_16 ", %19, %20"
#define GPUBENCH_PLAIN_16 ""
#define GPUBENCH_OPERANDS_32 "%32, %33, p, 1, 1"
#define GPUBENCH_ADD_32 "%34"
#define GPUBENCH_TRANSPOSED_32 ", %35, %36"
#define GPUBENCH_PLAIN_32 ""
#define GPUBENCH_OPERANDS_48 "%48, %49, p, 1, 1"
#define GPUBENCH_ADD_48 "%50"
#define GPUBENCH_TRANSPOSED_48 ", %51, %52"
#define GPUBENCH_PLAIN_48 ""
#define GPUBENCH_OPERANDS_64 "%64, %65, p, 1, 1"
#define GPUBENCH_ADD_64 "%66"
#define GPUBENCH_TRANSPOSED_64 ", %67, %68"
#define GPUBENCH_PLAIN_64 ""
#define GPUBENCH_OPERANDS_96 "%96, %97, p, 1, 1"
#define GPUBENCH_ADD_96 "%98"
#define GPUBENCH_TRANSPOSED_96 ", %99, %100"
#define GPUBENCH_PLAIN_96 ""
#define GPUBENCH_OPERANDS_128 "%128, %129, p, 1, 1"
#define GPUBENCH_ADD_128 "%130"
#define GPUBENCH_TRANSPOSED_128 ", %131, %132"
#define GPUBENCH_PLAIN_128 ""
