#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gpubench {

/// A vendor's shared library, looked for when it is first used and never before. First use must come from one thread.
class ImportedLibrary {
 public:
  struct Names {
    std::string soname{};                ///< with its major version, that of the headers: `libdnnl.so.2`
    std::string variable{};              ///< environment variable with a file or folder; where set, nothing else counts
    std::vector<std::string> folders{};  ///< looked in after the system's; `$NAME` is expanded, `*` matches
    std::string advice{};                ///< what to do when it is not there: `install libdnnl2`
  };

  explicit ImportedLibrary(Names names) : names_(std::move(names)) {}

  /// @throws Unsupported when the library is not there, or has no such function.
  void* function(const char* name);
  /// The sentence that function() would throw with; none when the library is there.
  std::optional<std::string> missing();
  /// The file that was loaded. @throws Unsupported
  std::string path();

 private:
  void load();
  bool open(const std::string& file);

  Names names_;
  bool tried_ = false;
  void* handle_ = nullptr;  // never closed: threads and code of the library may outlive every user
  std::string missing_;
  std::vector<std::string> searched_, refused_;
};

/// A function found at run time, called by its own name. Declared in the vendor's namespace, or in one that uses it,
/// name look-up finds this object before the function in the vendor's header, so nothing is linked.
template <class Function>
class Imported;

template <class Result, class... Arguments>
class Imported<Result(Arguments...)> {
 public:
  constexpr Imported(ImportedLibrary& (*library)(), const char* name) : library_(library), name_(name) {}

  Result operator()(Arguments... arguments) const {
    if (!function_) function_ = reinterpret_cast<Result (*)(Arguments...)>(library_().function(name_));
    return function_(arguments...);
  }

 private:
  ImportedLibrary& (*library_)();
  const char* name_;
  mutable Result (*function_)(Arguments...) = nullptr;
};

template <class Result, class... Arguments>
class Imported<Result(Arguments...) noexcept> : public Imported<Result(Arguments...)> {
  using Imported<Result(Arguments...)>::Imported;
};

}  // namespace gpubench
