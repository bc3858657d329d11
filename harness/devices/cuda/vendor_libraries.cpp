#include "harness/devices/cuda/vendor_libraries.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <functional>
#include <sstream>

#include <fmt/format.h>

#include <cuda_runtime_api.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"

namespace gpubench::cuda {
namespace {

constexpr int cuda_major = CUDART_VERSION / 1000;

/// Where scripts/fetch_cuda puts them in the checkout that this plug-in was built in: build/cuda13/lib beside
/// build/release/bin.
std::string fetched_libraries() {
  static const char inside = 0;
  Dl_info own{};
  if (dladdr(&inside, &own) == 0 || own.dli_fname == nullptr) return {};
  std::error_code ignored;
  const auto build = std::filesystem::canonical(own.dli_fname, ignored).parent_path().parent_path().parent_path();
  return (build / fmt::format("cuda{}", cuda_major) / "lib").string();
}

ImportedLibrary::Names names(std::string soname, std::string variable, const std::string& wheel) {
  const char* path = std::getenv("PATH");
  return {.soname = std::move(soname),
          .variable = std::move(variable),
          .folders = library_folders(path ? path : "", fetched_libraries()),
          .advice = fmt::format("install it, or `pip install {}`", wheel)};
}

// Only their versions are asked here: declared as their headers do, so that none of those is needed to build this.
template <class Function>
Function* function(ImportedLibrary& library, const char* name) {
  return reinterpret_cast<Function*>(library.function(name));
}

std::string cublaslt_version() {  // 130100 is 13.1.0
  const std::size_t version = function<std::size_t()>(cublaslt_library(), "cublasLtGetVersion")();
  return fmt::format("{}.{}.{}", version / 10000, version / 100 % 100, version % 100);
}

std::string cudnn_version() {  // 91900 is 9.19.0
  const std::size_t version = function<std::size_t()>(cudnn_library(), "cudnnGetVersion")();
  const std::size_t cuda = function<std::size_t()>(cudnn_library(), "cudnnGetCudartVersion")();  // that it is built for
  return fmt::format(
      "{}.{}.{}, CUDA {}", version / 10000, version / 100 % 100, version % 100, text_of_cuda(static_cast<int>(cuda)));
}

std::string nccl_version() {  // 22809 is 2.28.9
  int version = 0;
  if (const int status = function<int(int*)>(nccl_library(), "ncclGetVersion")(&version); status != 0)
    throw Unsupported(fmt::format("ncclGetVersion fails with {}", status));
  return fmt::format("{}.{}.{}", version / 10000, version / 100 % 100, version % 100);
}

std::string cupti_version() {  // of its interface, which grows with each version of CUDA
  std::uint32_t version = 0;
  if (const int status = function<int(std::uint32_t*)>(cupti_library(), "cuptiGetVersion")(&version); status != 0)
    throw Unsupported(fmt::format("cuptiGetVersion fails with {}", status));
  return fmt::format("API {}", version);
}

Library found(const char* name, ImportedLibrary& library, const std::function<std::string()>& version) {
  Library one{.name = name};
  try {
    one.version = version();
    one.path = library.path();
  } catch (const Unsupported& why) {
    one.missing = why.what();
  }
  return one;
}

}  // namespace

std::vector<std::string> library_folders(const std::string& path, const std::string& fetched) {
  std::vector<std::string> folders{
      fetched, "$CUDA_HOME/lib64", "$CUDA_PATH/lib64", "/usr/local/cuda/lib64", "$CONDA_PREFIX/lib"};
  const auto add = [&](std::string folder) {
    if (std::ranges::find(folders, folder) == folders.end()) folders.push_back(std::move(folder));
  };
  const auto add_wheels_below = [&](const std::string& prefix) {
    for (const char* packages : {"site-packages", "dist-packages"})
      add(fmt::format("{}/lib/python3*/{}/nvidia/*/lib", prefix, packages));
  };
  add_wheels_below("$VIRTUAL_ENV");
  add_wheels_below("$CONDA_PREFIX");
  std::istringstream folders_of_path(path);
  for (std::string folder; std::getline(folders_of_path, folder, ':');) {
    std::error_code ignored;
    const std::filesystem::path python = std::filesystem::path(folder) / "python3";
    if (folder.empty() || !std::filesystem::exists(python, ignored)) continue;
    add_wheels_below(std::filesystem::path(folder).parent_path().string());
    add_wheels_below(std::filesystem::canonical(python, ignored).parent_path().parent_path().string());
  }
  add_wheels_below("$HOME/.local");
  add("/usr/lib/python3/dist-packages/nvidia/*/lib");
  return folders;
}

ImportedLibrary& cublaslt_library() {
  static ImportedLibrary library(names(fmt::format("libcublasLt.so.{}", cuda_major),
                                       "GPUBENCH_CUBLASLT",
                                       cuda_major >= 13 ? "nvidia-cublas" : "nvidia-cublas-cu12"));
  return library;
}

ImportedLibrary& cudnn_library() {
  static ImportedLibrary library(
      names("libcudnn.so.9", "GPUBENCH_CUDNN", fmt::format("nvidia-cudnn-cu{}", cuda_major)));
  return library;
}

ImportedLibrary& nccl_library() {
  static ImportedLibrary library(names("libnccl.so.2", "GPUBENCH_NCCL", fmt::format("nvidia-nccl-cu{}", cuda_major)));
  return library;
}

ImportedLibrary& cupti_library() {
  static ImportedLibrary library(names(fmt::format("libcupti.so.{}", cuda_major),
                                       "GPUBENCH_CUPTI",
                                       cuda_major >= 13 ? "nvidia-cuda-cupti" : "nvidia-cuda-cupti-cu12"));
  return library;
}

std::vector<Library> vendor_libraries() {
  return {found("cuBLASLt", cublaslt_library(), cublaslt_version),
          found("cuDNN", cudnn_library(), cudnn_version),
          found("NCCL", nccl_library(), nccl_version),
          found("CUPTI", cupti_library(), cupti_version)};
}

}  // namespace gpubench::cuda
