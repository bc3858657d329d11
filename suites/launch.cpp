#include "kernels/launch/launch.hpp"

#include "suites/suites.hpp"

namespace gpubench {

/// A kernel that does nothing, waited for and not; chains as small networks have them, launched one by one and as a
/// graph.
Lines launch(const SuiteOptions& options) {
  using enum Launch::Pattern;
  using enum Launch::By;
  const Line::Wishes wishes{.most_seconds = options.thorough ? 0.0 : 4.0};
  Lines lines;
  const auto add = [&](Launch::Pattern pattern, int kernels) {
    for (const Launch::By by : {stream, graph})
      lines.push_back(Line(Launch{.pattern = pattern, .by = by, .kernels = kernels}, wishes));
  };
  add(round_trip, 1);
  add(back_to_back, 1);
  for (const int kernels : {16, 64, 256}) add(chain, kernels);
  if (options.thorough) add(chain, 1024);
  return lines;
}

}  // namespace gpubench
