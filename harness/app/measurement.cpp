#include "harness/app/measurement.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace gpubench {
namespace {

bool any_case(const CaseResult&) { return true; }

bool has_its_device(const std::vector<DeviceInfo>& devices, const Candidate& one) {
  return std::ranges::any_of(devices, [&](const DeviceInfo& device) {
    return one.uuid.empty() ? device.id == one.row.device : device.uuid == one.uuid;
  });
}

}  // namespace

Measurement::Measurement(const Plan& plan,
                         const SuiteOptions& options,
                         double silence_seconds,
                         const Interrupt& interrupt,
                         std::function<void(const CaseResult&)> keep)
    : plan_(plan),
      options_(options),
      silence_seconds_(silence_seconds),
      interrupt_(interrupt),
      keep_(std::move(keep)),
      progress_(plan.cases, plan.case_seconds) {}

void Measurement::run() {
  for (std::size_t launch = 0; launch < plan_.launches.size(); ++launch)
    for (const Cases& cases : plan_.launches[launch].workers) run_worker(cases, static_cast<int>(launch));
}

/// A worker that dies takes one case with it; the next one goes on with the rest.
void Measurement::run_worker(Cases cases, int launch) {
  while (!cases.empty()) {
    if (interrupt_.wanted()) return end_without_result(cases, launch, Status::not_run, interrupt_.sentence(), any_case);
    Said said;
    const Listener listener{.on_event = [&](const Event& event) { hear(event, cases, said); },
                            .on_output = [&](std::string_view text) { progress_.pass_on(text); }};
    const Ending ending = converse(order_of(cases, launch), silence_seconds_, interrupt_, listener);
    settle(ending, said, cases, launch);
  }
}

Order Measurement::order_of(const Cases& cases, int launch) const {
  Order order{.task = Order::Task::run,
              .device = cases.front().row.device.substr(0, cases.front().row.device.find(':')),
              .options = options_,
              .launch = launch,
              .launches = static_cast<int>(plan_.launches.size()),
              .case_seconds = plan_.case_seconds};
  for (const Candidate& one : cases) {
    const CaseResult& row = one.row;
    if (!row.device.starts_with(order.device)) order.device = "all";
    if (std::ranges::find(order.suites, row.suite) == order.suites.end()) order.suites.push_back(row.suite);
    order.cases.push_back({row.suite, row.run_name, row.device, row.name, one.uuid});
  }
  return order;
}

void Measurement::hear(const Event& event, Cases& cases, Said& said) {
  if (const auto* hello = std::get_if<Hello>(&event)) said.devices = hello->devices;
  if (const auto* refused = std::get_if<Refused>(&event)) said.refusal = refused->why;
  if (const auto* doing = std::get_if<Doing>(&event)) progress_.doing(doing->what);
  if (const auto* begin = std::get_if<Begin>(&event)) {
    said.current = begin->name;
    progress_.begin(begin->name);
  }
  if (const auto* finished = std::get_if<Finished>(&event)) {
    const CaseResult& row = finished->row;
    if (finished->device_lost) said.lost_device = row.device;
    said.finished_any = true;
    said.current.clear();
    keep_(row);
    progress_.finished();
    std::erase_if(cases, [&](const Candidate& one) { return one.row.name == row.name; });
  }
}

void Measurement::settle(const Ending& ending, const Said& said, Cases& cases, int launch) {
  switch (ending.how) {
    case Ending::How::finished: return settle_finished(said, cases, launch);
    case Ending::How::died:
    case Ending::How::silent: return settle_death(ending, said, cases, launch);
    case Ending::How::interrupted: return end_without_result(cases, launch, Status::not_run, ending.sentence, any_case);
  }
}

/// What a worker leaves although it carried out its order: after a lost device the rest gets one more worker; cases of
/// a device that it did not find do not.
void Measurement::settle_finished(const Said& said, Cases& cases, int launch) {
  if (!said.refusal.empty()) return end_without_result(cases, launch, Status::failed, said.refusal, any_case);
  if (!said.lost_device.empty()) {
    if (++losses_[said.lost_device] >= 2)
      end_without_result(cases,
                         launch,
                         Status::not_run,
                         fmt::format("{} was lost twice", said.lost_device),
                         [&](const CaseResult& row) { return row.device == said.lost_device; });
    return;
  }
  for (Candidate& one : cases)
    if (!has_its_device(said.devices, one))
      one.row.finding = Finding{"gone", fmt::format("{} was there when the run began and is gone", one.row.device)};
  end_without_result(cases, launch, Status::not_run, "the worker did not find it again", any_case);
}

/// Without a case to blame, nothing would be different the next time.
void Measurement::settle_death(const Ending& ending, const Said& said, Cases& cases, int launch) {
  const Status status = ending.how == Ending::How::silent ? Status::timed_out : Status::failed;
  if (!said.current.empty())
    return end_without_result(
        cases, launch, status, ending.sentence, [&](const CaseResult& row) { return row.name == said.current; });
  if (!said.finished_any) end_without_result(cases, launch, status, ending.sentence, any_case);
}

void Measurement::end_without_result(Cases& cases,
                                     int launch,
                                     Status status,
                                     const std::string& reason,
                                     const std::function<bool(const CaseResult&)>& which) {
  for (const Candidate& one : cases) {
    if (!which(one.row)) continue;
    CaseResult row = one.row;
    row.launch = launch;
    row.launches = static_cast<int>(plan_.launches.size());
    row.status = status;
    row.reason = row.finding ? row.finding->reason : reason;
    keep_(row);
    progress_.finished();
  }
  std::erase_if(cases, [&](const Candidate& one) { return which(one.row); });
}

}  // namespace gpubench
