#include "tests/harness/app/fake_kernel.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <thread>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

/// Goes on for ever, in small steps that say so or not.
void never_end(Progress* progress) {
  for (;; std::this_thread::sleep_for(std::chrono::milliseconds(50)))
    if (progress) progress->on("sleeping");
}

class FakeKernel : public Kernel {
 public:
  explicit FakeKernel(const FakeProblem& problem) : act_(problem.act) {
    if (act_ == "late-unsupported") throw Unsupported("this plan does not exist");
  }
  double memory_bytes() const override { return act_ == "greedy" ? 1e15 : 1e6; }

  void allocate(Progress& progress) override {
    if (act_ == "memory") throw std::bad_alloc();
    if (act_ == "sleep") never_end(&progress);
  }

  void enqueue(int) override {
    if (act_ == "abort") {
      std::fprintf(stderr, "the sky is falling\n");
      std::abort();
    }
    if (act_ == "kill") std::raise(SIGKILL);
    if (act_ == "throw") throw Error("the fake is broken");
    if (act_ == "lost") throw DeviceLost("the fake has fallen off the bus");
    if (act_ == "odd") throw 42;  // NOLINT: what no handler expects
    if (act_ == "chatter") std::puts("a library speaks");
  }

  Verification verify(bool, Progress&) override {
    if (act_ == "hang") never_end(nullptr);
    Verification result{.scope = "full", .against = "oracle", .error = 0.1, .checked = 10};
    if (act_ == "wrong") result.mismatch = "element 3 is 2, should be 1";
    return result;
  }

 private:
  std::string act_;
};

}  // namespace

std::unique_ptr<Kernel> make_fake_kernel(const FakeProblem& problem) { return std::make_unique<FakeKernel>(problem); }

}  // namespace gpubench
