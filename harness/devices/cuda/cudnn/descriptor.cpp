#include "harness/devices/cuda/cudnn/descriptor.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/devices/cuda/cudnn/cudnn.hpp"

namespace gpubench::cudnn {

Descriptor::Descriptor(DescriptorType type, std::string what) : what_(std::move(what)) {
  RawDescriptor made = nullptr;
  check(cudnnBackendCreateDescriptor(type, &made), fmt::format("making a {}", what_));
  raw_ = std::shared_ptr<void>(made, [](RawDescriptor raw) { (void)cudnnBackendDestroyDescriptor(raw); });
}

Descriptor& Descriptor::set(Attribute attribute, Kind kind, std::int64_t count, const void* elements) {
  const Status status = cudnnBackendSetAttribute(raw(), attribute, kind, count, elements);
  if (status != Status::success) check(status, fmt::format("attribute {} of a {}", static_cast<int>(attribute), what_));
  return *this;
}

Descriptor& Descriptor::set(Attribute attribute, const Descriptor& other) {
  const RawDescriptor one = other.raw();
  return set(attribute, Kind::descriptor, 1, &one);
}

Descriptor& Descriptor::set(Attribute attribute, const std::vector<Descriptor>& others) {
  std::vector<RawDescriptor> all;
  all.reserve(others.size());
  for (const Descriptor& other : others) all.push_back(other.raw());
  return set(attribute, Kind::descriptor, static_cast<std::int64_t>(all.size()), all.data());
}

Descriptor& Descriptor::finalize() {
  check(cudnnBackendFinalize(raw()), what_);
  return *this;
}

std::int64_t Descriptor::get(Attribute attribute, Kind kind, std::int64_t room, void* elements) const {
  std::int64_t count = 0;
  const Status status = cudnnBackendGetAttribute(raw(), attribute, kind, room, &count, elements);
  if (status != Status::success) check(status, fmt::format("attribute {} of a {}", static_cast<int>(attribute), what_));
  return room > 0 ? std::min(room, count) : count;
}

std::vector<Descriptor> Descriptor::all(Attribute attribute, DescriptorType type, std::int64_t room) const {
  std::vector<Descriptor> found;
  std::vector<RawDescriptor> filled;
  for (std::int64_t i = 0; i < room; ++i) filled.push_back(found.emplace_back(type, "part of a " + what_).raw());
  const std::int64_t count = room > 0 ? get(attribute, Kind::descriptor, room, filled.data()) : 0;
  found.erase(found.begin() + count, found.end());
  return found;
}

std::string Descriptor::text(Attribute attribute) const {
  std::string text(static_cast<std::size_t>(count(attribute, Kind::text)), '\0');
  get(attribute, Kind::text, static_cast<std::int64_t>(text.size()), text.data());
  return text.substr(0, text.find('\0'));
}

}  // namespace gpubench::cudnn
