#include "harness/app/cli.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/app/benchmark_flags.hpp"
#include "harness/app/cli_words.hpp"
#include "harness/app/history_words.hpp"
#include "harness/app/selection.hpp"
#include "harness/core/error.hpp"

namespace gpubench {
namespace {

constexpr std::string_view overview = R"(gpubench measures how fast this machine trains neural networks.

gpubench [run] --suite NAME[,NAME...]   measure; gpubench run --help has the options
gpubench list [SUITE...] [--json]       suites, cases, and whether this machine can run each, with the reason
gpubench doctor [--json]                what this machine has, what spoils its numbers, what to do
gpubench compare A B                    two run files, folders of them, or GPUs by name: how many times as fast, and why
gpubench reference [list|show NAME]     published figures of GPUs, each with its source
gpubench check RUN... --baseline PATH   tonight's run files against those of other nights; --history DB: against a history
gpubench history add DB RUN...          keep nights in a file; list, show, accept, pin, export, prune
gpubench fleet DIR|DB                   nodes against their peers of the same night
gpubench validate FILE...               check run files against their schema
gpubench --version

Example: train ResNet-50 in every mode this machine has, and keep the numbers
  gpubench --suite amp --out today.json
Exit status: 0 good, 1 a wrong answer or a broken device, 2 called wrongly, 3 asked for and not had
)";

constexpr std::array later{"nightly", "calibrate", "report", "import"};

[[noreturn]] void not_part(std::string_view what) {
  throw UsageError(fmt::format("{} is not part of this version", what));
}

/// What only run takes before it is in Options: some options set others.
struct RunWords {
  std::optional<int> launches{};
  std::optional<double> budget{};
  bool quick = false, thorough = false, lock_clocks = false;
  std::optional<std::string> profile{};
};

void add_choice(CLI::App& app, Options& options, RunWords& words) {
  app.add_option("--suite", options.suites, "what to measure (gpubench list shows them)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME,...");
  app.add_option("--case", options.pattern, "only cases whose name has a match of this regular expression")
      ->type_name("REGEX");
  app.add_option("--cases-from", options.cases_from, "only the cases named here, one full name a line")
      ->type_name("FILE|-");
  app.add_option("--precision", options.precisions, "only these precisions and modes: bf16, amp-bf16, ...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  app.add_option("--device", options.device, "auto (CUDA devices, or the CPU), cpu, cuda, cuda:N, a UUID, all");
  app.add_option("--batch", options.suite_options.batch, "examples a training step");
  app.add_option("--sequence", options.suite_options.sequence, "tokens of a sequence that a network trains on");
  app.add_option("--accumulate", options.suite_options.accumulate, "batches whose gradients make one training step");
  const std::map<std::string, Distribution> distributions{
      {"uniform", Distribution::uniform}, {"normal", Distribution::normal}, {"zeros", Distribution::zeros}};
  app.add_option("--data",
                 options.suite_options.data,
                 "what operands of products and convolutions hold: uniform, normal, zeros, or several of them")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->transform(CLI::CheckedTransformer(distributions).description(""))
      ->default_str("uniform")
      ->type_name("LIST");
  app.add_option("--epoch-items", options.suite_options.epoch_items, "items that an epoch is");
  app.add_flag("--full-epoch", options.suite_options.full_epoch, "run every step of an epoch");
  app.add_option("--profile", words.profile)->group("");
}

void add_effort(CLI::App& app, Options& options, RunWords& words) {
  app.add_option("--launches", words.launches, "fresh processes to measure each case in: 1, or 5 with --thorough");
  app.add_option("--budget", words.budget, "seconds of measuring in all: 300")->type_name("SECONDS");
  const auto quick = app.add_flag("--quick", words.quick, "a quarter of the budget");
  app.add_flag("--thorough", words.thorough, "the full list, five launches")->excludes(quick);
  app.add_option("--seed", options.suite_options.seed, "of data and order: 1");
  app.add_flag("--no-graph", options.no_graph, "CUDA: launch kernels one by one");
  app.add_flag("--lock-clocks", words.lock_clocks)->group("");
}

void add_output(CLI::App& app, Options& options) {
  app.add_option("--out", options.out, "the run file; - is standard output (the table then goes to standard error)")
      ->type_name("FILE|-");
  app.add_flag("--force", options.force, "replace an existing --out");
  app.add_flag("--explain", options.explain, "break each training step down by layer kind and pass, with bounds");
  app.add_flag("--dry-run", options.dry_run, "show what would run");
  app.add_flag("--list-tests", options.list_tests)->group("");
}

void settle(Options& options, const RunWords& words) {
  if (words.lock_clocks) not_part("--lock-clocks (clocks are read, not changed)");
  if (words.profile) not_part("--profile");
  options.suite_options.thorough = words.thorough;
  options.suite_options.graphs = !options.no_graph;
  options.launches = words.launches.value_or(words.thorough ? 5 : 1);
  options.budget_seconds = words.budget.value_or(options.budget_seconds);
  check_positive("--launches", options.launches);
  check_positive("--budget", options.budget_seconds);
  if (const auto batch = options.suite_options.batch) check_positive("--batch", *batch);
  check_positive("--sequence", options.suite_options.sequence);
  check_positive("--accumulate", options.suite_options.accumulate);
  if (const auto items = options.suite_options.epoch_items)
    check_positive("--epoch-items", static_cast<double>(*items));
  if (words.quick) options.budget_seconds /= 4;
  if (options.out && options.out->empty()) throw UsageError("--out needs a file name, or -");
  check_precisions(options.precisions);
}

Options parse_run(const std::vector<std::string>& arguments) {
  Options options{.word = Options::Word::run};
  RunWords words;
  CLI::App app("Measures the cases of some suites; each ends as a line of the table and a row of the run file.",
               "gpubench run");
  app.footer(
      "Example: two modes of training, five fresh processes each\n"
      "  gpubench run --suite amp --precision fp32,amp-bf16 --launches 5 --out today.json");
  add_choice(app, options, words);
  add_effort(app, options, words);
  add_output(app, options);
  parse_words(app, options, arguments);
  if (options.word == Options::Word::run) settle(options, words);
  return options;
}

Options parse_list(const std::vector<std::string>& arguments) {
  Options options{.word = Options::Word::list, .device = "all"};
  CLI::App app("Shows suites, their cases, and whether this machine can run each, with the reason.", "gpubench list");
  app.footer("Example: what of suite amp runs here\n  gpubench list amp");
  app.add_option("suite", options.suites, "only these suites");
  app.add_flag("--json", options.json, "for programs");
  parse_words(app, options, arguments);
  return options;
}

Options parse_doctor(const std::vector<std::string>& arguments) {
  Options options{.word = Options::Word::doctor};
  CLI::App app("Looks at this machine: what was found, what is needed, what to do. 1 when an error was found, else 0.",
               "gpubench doctor");
  app.footer("Example: before a night of measuring\n  gpubench doctor");
  app.add_flag("--json", options.json, "for programs");
  parse_words(app, options, arguments);
  return options;
}

Options parse_validate(const std::vector<std::string>& arguments) {
  Options options{.word = Options::Word::validate};
  CLI::App app("Checks run files, or journals, against the schema: 0 all are valid, 2 one is not.",
               "gpubench validate");
  app.footer("Example:\n  gpubench validate today.json");
  app.add_option("file", options.files, "run files")->required();
  parse_words(app, options, arguments);
  return options;
}

Options parse_compare(const std::vector<std::string>& arguments) {
  Options options{.word = Options::Word::compare};
  std::string a, b;
  std::optional<std::string> html;
  CLI::App app(
      "Compares A with B. Each is a run file, a folder of run files, a reference (gpubench reference list) or a file "
      "of "
      "published figures.\nIt judges nothing: 0 compared, 2 called wrongly or a broken file, 3 nothing comparable.",
      "gpubench compare");
  app.footer(
      "Examples: two GPUs by what is published of them, two runs, a run against what others measured\n"
      "  gpubench compare a100_sxm4_80gb h100_sxm5_80gb\n"
      "  gpubench compare a100.json h100.json --json ratios.json --markdown ratios.md\n"
      "  gpubench compare today.json h100_sxm5_80gb");
  app.add_option("A", a, "what to compare with")->required();
  app.add_option("B", b, "what is compared")->required();
  app.add_option(
         "--json", options.json_file, "for programs; - is standard output (the tables then go to standard error)")
      ->type_name("FILE|-");
  app.add_option("--markdown", options.markdown_file, "every row, for a page or an issue")->type_name("FILE|-");
  app.add_flag("--force", options.force, "replace files that exist");
  app.add_option("--html", html)->group("");
  parse_words(app, options, arguments);
  if (html) not_part("--html");
  options.files = {a, b};
  return options;
}

Options parse_reference(const std::vector<std::string>& arguments) {
  Options options{.word = Options::Word::reference};
  std::string what = "list", name;
  CLI::App app("Shows the published figures that ship with the program, each with its source.", "gpubench reference");
  app.footer("Example: what is known of an A100\n  gpubench reference show a100_sxm4_80gb");
  app.add_option("what", what, "list, or show")->check(CLI::IsMember({"list", "show"}));
  app.add_option("name", name, "show: a name that list shows, or a file");
  app.add_flag("--json", options.json, "for programs");
  parse_words(app, options, arguments);
  if (options.word != Options::Word::reference) return options;
  if (what == "show" && name.empty())
    throw UsageError("gpubench reference show needs a name; gpubench reference list shows them");
  if (what == "list" && !name.empty()) throw UsageError("gpubench reference list takes no name; show does");
  if (!name.empty()) options.files = {name};
  return options;
}

}  // namespace

Options parse(const std::vector<std::string>& given, const std::string& version) {
  const std::vector<std::string> arguments = without_benchmark_flags(given);
  if (arguments.empty() && given.empty()) throw UsageError("nothing to do; gpubench --help shows what there is");
  const std::string first = arguments.empty() ? "" : arguments.front();
  if (first == "--help" || first == "-h") return {.word = Options::Word::say, .text = std::string(overview)};
  if (first == "--version") return {.word = Options::Word::say, .text = version + "\n"};
  if (first.empty() || first.starts_with('-')) return parse_run(arguments);
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (first == "run") return parse_run(rest);
  if (first == "list") return parse_list(rest);
  if (first == "doctor") return parse_doctor(rest);
  if (first == "validate") return parse_validate(rest);
  if (first == "compare") return parse_compare(rest);
  if (first == "reference") return parse_reference(rest);
  if (first == "history") return parse_history(rest);
  if (first == "check") return parse_check(rest);
  if (first == "fleet") return parse_fleet(rest);
  if (std::ranges::find(later, first) != later.end()) not_part("gpubench " + first);
  throw UsageError(fmt::format(
      "unknown command {}; there are: run, list, doctor, compare, reference, check, history, fleet, validate", first));
}

}  // namespace gpubench
