#include "harness/devices/cuda/nvml/gpu_reader.hpp"

namespace gpubench::nvml {
namespace {

std::optional<double> number_of(const FieldValue& field) {
  switch (field.type) {
    case ValueType::floating: return field.value.floating;
    case ValueType::unsigned_int: return field.value.unsigned_int;
    case ValueType::unsigned_long: return static_cast<double>(field.value.unsigned_long);
    case ValueType::unsigned_long_long: return static_cast<double>(field.value.unsigned_long_long);
    case ValueType::signed_long_long: return static_cast<double>(field.value.signed_long_long);
    case ValueType::signed_int: return field.value.signed_int;
    case ValueType::unsigned_short: return field.value.unsigned_short;
  }
  return std::nullopt;  // a type that came later
}

}  // namespace

std::string GpuReader::text(const Function<Return(Device, char*, unsigned)>& function) {
  char written[text_bytes] = "";
  return answers(function, written, text_bytes) ? written : "";
}

std::optional<double> GpuReader::field(unsigned number, unsigned scope) {
  FieldValue asked{};
  asked.field = number;
  asked.scope = scope;
  if (!answers(nvml_.nvmlDeviceGetFieldValues, 1, &asked) || !took(asked.status)) return std::nullopt;
  return number_of(asked);
}

bool GpuReader::took(Return status) {
  status_ = status;
  lost_ = lost_ || status == Return::gpu_is_lost;
  return status == Return::success;
}

}  // namespace gpubench::nvml
