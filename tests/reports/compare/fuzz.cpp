// Reads run files that were damaged at random, for as many seconds as it is told: whatever a file holds, there is a
// sentence (UsageError) or a result, never a crash. Built with sanitizers. A file that breaks it is left behind.
//   gpubench_compare_fuzz SECONDS SEED FILE...
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/compare/run_rows.hpp"
#include "reports/reference/reference.hpp"

namespace gpubench {
namespace {

/// What JSON readers stumble over.
const std::vector<std::string> nasty = {"null",        "-1",
                                        "0",           "1e999",
                                        "-1e-400",     "18446744073709551616",
                                        "1.5",         "\"\"",
                                        "\"\\ud800\"", "\"\\u0000\"",
                                        "{}",          "[]",
                                        "[[]]",        "{\"a\":{}}",
                                        "true",        ",",
                                        ":",           "\"",
                                        "\\",          "{",
                                        "}",           "[",
                                        "]",           "\n",
                                        "\xff",        std::string(40, '['),
                                        "nan"};

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  std::string damaged(std::string text, const std::vector<std::string>& corpus) {
    for (std::size_t i = 0, count = 1 + below(4); i < count && !text.empty(); ++i) damage(text, corpus);
    return text;
  }
  const std::string& one_of(const std::vector<std::string>& texts) { return texts[below(texts.size())]; }

 private:
  std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }

  void damage(std::string& text, const std::vector<std::string>& corpus) {
    const std::size_t at = below(text.size()), length = 1 + below(40);
    switch (below(7)) {
      case 0: text[at] = static_cast<char>(random_()); break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(at, one_of(nasty)); break;
      case 3: text.insert(at, text.substr(below(text.size()), 10 * length)); break;
      case 4: replace_value(text, at); break;
      case 5: text.resize(at); break;
      default: {
        const std::string& other = one_of(corpus);
        text.replace(at, length, other.substr(below(other.size()), length));
      }
    }
  }

  /// What follows a colon, up to the comma: the JSON stays JSON, the value is another.
  void replace_value(std::string& text, std::size_t at) {
    const std::size_t colon = text.find(':', at), end = text.find_first_of(",}]", colon);
    if (colon != std::string::npos && end != std::string::npos) text.replace(colon + 1, end - colon - 1, one_of(nasty));
  }

  std::mt19937_64 random_;
};

/// @returns whether it was read as a whole
bool read(const std::string& text) {
  try {
    if (text.find("gpubench_reference") != std::string::npos) {
      const Json json = Json::parse(text, nullptr, false);
      if (!json.is_discarded()) (void)reference_from_json(json);
      return !json.is_discarded();
    }
    (void)run_rows_of_text("damaged.json", text);
    return true;
  } catch (const UsageError&) {
    return false;
  }
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(path + ": cannot read");
  return {std::istreambuf_iterator<char>(file), {}};
}

int fuzz(double seconds, unsigned seed, const std::vector<std::string>& corpus) {
  for (const std::string& text : corpus)
    if (!read(text)) throw Error("a file of the corpus is not read undamaged");
  Damage damage(seed);
  const auto start = std::chrono::steady_clock::now();
  long tried = 0, whole = 0;
  std::string text;
  try {
    while (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds) {
      text = damage.damaged(damage.one_of(corpus), corpus);
      whole += read(text) ? 1 : 0;
      ++tried;
    }
  } catch (const std::exception& error) {
    std::ofstream("damaged.json", std::ios::binary) << text;
    fmt::print(stderr, "{} (the file is damaged.json)\n", error.what());
    return 1;
  }
  fmt::print("{} damaged files, {} of them read as a whole\n", tried, whole);
  return tried > 0 ? 0 : 1;
}

}  // namespace
}  // namespace gpubench

int main(int count, char** words) {
  if (count < 4) return 2;
  std::vector<std::string> corpus;
  for (int i = 3; i < count; ++i) corpus.push_back(gpubench::text_of(words[i]));
  return gpubench::fuzz(std::stod(words[1]), static_cast<unsigned>(std::stoul(words[2])), corpus);
}
