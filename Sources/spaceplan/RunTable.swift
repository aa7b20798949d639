import Acting
import Planning
import Pricing
import Reports
import Spaces
import Timelines

/// A run as people read it, on a terminal or in cron's mail.
struct RunTable {
  let result: RunResult
  let isVerbose: Bool

  init(_ result: RunResult, isVerbose: Bool) {
    self.result = result
    self.isVerbose = isVerbose
  }

  func text(_ style: Style) -> String {
    let head = "\(result.at)\(result.isDryRun ? ", dry run: nothing was changed" : "")\n\n"
    return head + table(style) + notes() + summary()
  }

  private var shown: [SpacePlan] {
    result.plans.filter { isVerbose || $0.verdict != .unmanaged }
  }

  private func table(_ style: Style) -> String {
    guard !shown.isEmpty else { return "" }
    var table = TextTable([
      .left("SPACE"), .left("NOW"), .left("SHOULD BE"), .left("DONE"), .right("USD/H"), .right("MONTH"),
      .left("WHY"),
    ])
    for plan in shown {
      let outcomes = result.outcomes.filter { $0.space == plan.space }
      let hasFailed = outcomes.contains { $0.outcome != .done }
      table.add([
        "\(plan.space.description)", "\(plan.live.summary)", "\(plan.shouldBe.isEmpty ? "-" : plan.shouldBe)",
        TextTable.Cell(done(plan, outcomes), hasFailed ? .failure : plan.changes.isEmpty ? .dim : .bold),
        "\(rates(plan))", "\(plan.changes.isEmpty ? "" : plan.monthEffect.map(NumberText.change) ?? "?")",
        "\(plan.why)",
      ])
    }
    return table.text(style) + "\n"
  }

  private func done(_ plan: SpacePlan, _ outcomes: [Outcome]) -> String {
    if !outcomes.isEmpty {
      return outcomes.map {
        $0.outcome == .done ? "\($0.change.call)" : "\($0.change.call): \($0.outcome.rawValue)"
      }
      .joined(separator: "; ")
    }
    switch plan.verdict {
    case .change:
      return plan.changes.map { "\($0.call)" }.joined(separator: "; ") + (result.isDryRun ? "" : ": waits")
    case .asDesired: return "as it should be"
    case .leftAlone: return "left alone"
    case .unmanaged: return "no policy"
    }
  }

  private func rates(_ plan: SpacePlan) -> String {
    func text(_ rate: Money?) -> String { rate.map(NumberText.price) ?? "?" }
    return plan.changes.isEmpty ? text(plan.rate) : "\(text(plan.rate)) → \(text(plan.rateAfter))"
  }

  private func notes() -> String {
    var lines = result.news + result.notes
    for plan in result.plans { lines += plan.notes.map { "\(plan.space): \($0)" } }
    lines += result.outcomes.compactMap { outcome in
      outcome.note.map { "\(outcome.space): \(outcome.change.call): \(outcome.outcome.rawValue): \($0)" }
    }
    lines += result.waiting.map { "\($0.space): \($0.change.call) waits for the next run (--max-changes)" }
    return lines.isEmpty ? "" : lines.map { "- \($0)\n" }.joined() + "\n"
  }

  private func summary() -> String {
    let managed = result.plans.filter { $0.verdict != .unmanaged }
    let now = result.plans.compactMap(\.rate).reduce(.zero, +)
    let after = result.isDryRun ? result.plans.compactMap(\.rateAfter).reduce(.zero, +) : rateAfterRun
    let pending = result.plans.flatMap(\.changes).count
    let done = result.outcomes.filter { $0.outcome == .done }.count
    var text =
      result.isDryRun
      ? "\(NumberText.count(pending, "change")) pending"
      : "\(NumberText.count(done, "change")) done"
        + (result.failed.isEmpty ? "" : ", \(result.failed.count) not")
    text += " for \(NumberText.count(managed.count, "Space"))"
    let others = result.plans.count - managed.count
    if others > 0 { text += " (\(others) more without a policy)" }
    text +=
      "; \(NumberText.price(now)) USD an hour" + (after == now ? "" : ", then \(NumberText.price(after))")
    return text + ".\n"
  }

  /// What all Spaces cost an hour after what was really done.
  private var rateAfterRun: Money {
    result.plans.reduce(.zero) { total, plan in
      let last = result.outcomes.last { $0.space == plan.space && $0.outcome == .done }
      return total + ((last.map(\.change.rateAfter) ?? plan.rate) ?? .zero)
    }
  }
}

extension SpaceState {
  /// As tables show it: `RUNNING a10g-small, sleep 30m`.
  var summary: String {
    var text = stage.rawValue
    if let hardware = currentElseRequestedHardware { text += " \(hardware)" }
    if let requestedHardware, let hardware, requestedHardware != hardware {
      text += " (asked: \(requestedHardware))"
    }
    if currentElseRequestedHardware != .cpuBasic, currentElseRequestedHardware != nil, stage != .gone {
      text += ", sleep \(sleep.ruleText)"
    }
    if replicas != 1 { text += ", \(replicas) replicas" }
    return text
  }
}
