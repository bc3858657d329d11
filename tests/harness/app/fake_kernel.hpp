#pragma once

#include <memory>

#include "harness/kernel.hpp"
#include "tests/harness/app/fake_problem.hpp"

namespace gpubench {

std::unique_ptr<Kernel> make_fake_kernel(const FakeProblem& problem);

}  // namespace gpubench
