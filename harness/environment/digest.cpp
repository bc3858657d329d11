#include "harness/environment/digest.hpp"

#include <array>
#include <map>
#include <openssl/evp.h>

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench {

std::string digest_text(const Context& context) {
  std::map<std::string, int> accelerators;  // sorted: the order in which devices are found says nothing
  std::string isa;
  for (const DeviceInfo& device : context.devices) {
    if (device.kind == "cpu")
      isa = device.isa;
    else
      ++accelerators[fmt::format("{} {}", device.kind, device.model)];
  }
  std::string text = fmt::format(
      "cpu {}\nusable cpus {}\nisa {}\n", context.host.cpu_model, context.host.usable_cpus, isa.empty() ? "-" : isa);
  for (const auto& [device, count] : accelerators) text += fmt::format("{} x {}\n", count, device);
  return text;
}

std::string digest(const Context& context) {
  const std::string text = digest_text(context);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1)
    throw Error("libcrypto has no SHA-256");
  std::string hexadecimal;
  for (unsigned int i = 0; i < size; ++i) hexadecimal += fmt::format("{:02x}", bytes.at(i));
  return hexadecimal;
}

}  // namespace gpubench
