import Acting
import Money
import Planning
import Pricing
import Reports
import Schedules
import Spaces
import Timelines

/// A run as people read it, on a terminal or in cron's mail.
struct RunTable {
  enum Detail { case quiet, usual, verbose }

  let result: RunResult
  let rules: Schedules
  let currency: String
  let detail: Detail
  var advice: MonthlyAdvice?

  /// Of more Spaces than these, those about which there is nothing to tell are only counted.
  private static let mostRows = 20

  func text(_ style: Style, width: Int?) -> String {
    let head = "\(result.at)\(result.isDryRun ? ", dry run: nothing was changed" : "")\n\n"
    return head + table(style, width: width) + notes() + summary()
  }

  // MARK: Rows

  private var shown: [SpacePlan] {
    switch detail {
    case .verbose: result.plans
    case .quiet:
      result.plans.filter { !$0.changes.isEmpty || !outcomes(of: $0).isEmpty || $0.isInNewTrouble }
    case .usual where managed.count > Self.mostRows: managed.filter { !isUneventful($0) }
    case .usual: managed
    }
  }

  private var managed: [SpacePlan] { result.plans.filter { $0.verdict != .unmanaged } }

  private func outcomes(of plan: SpacePlan) -> [Outcome] { result.outcomes.filter { $0.space == plan.space } }

  private func isUneventful(_ plan: SpacePlan) -> Bool {
    outcomes(of: plan).isEmpty && (plan.verdict == .asDesired || isProtected(plan))
  }

  private func isProtected(_ plan: SpacePlan) -> Bool {
    rules.policies.contains { $0.isProtected && $0.name == plan.policy }
  }

  private func table(_ style: Style, width: Int?) -> String {
    let rows = shown
    let hidden = detail == .usual ? folded(managed.count - rows.count) : ""
    guard !rows.isEmpty else { return hidden }
    var table = TextTable([
      .left("SPACE"), .left("NOW"), .left("SHOULD BE"), .left(result.isDryRun ? "WOULD DO" : "DONE"),
      .right("\(currency)/H"), .right("EFFECT"), .left("WHY"),
    ])
    let failed = Set(result.failed.map(\.space))
    for plan in rows {
      table.add([
        TextTable.Cell(plan.space.description, plan.changes.isEmpty ? nil : .bold), "\(plan.live.summary)",
        "\(plan.shouldBe.isEmpty ? "-" : plan.shouldBe)",
        TextTable.Cell(
          done(plan), failed.contains(plan.space) ? .failure : plan.changes.isEmpty ? .dim : .bold),
        "\(rates(plan))",
        "\(plan.changes.isEmpty ? "" : result.monthEffect(of: plan).map(NumberText.change) ?? "?")",
        "\(plan.why)",
      ])
    }
    let legend =
      rows.contains { !$0.changes.isEmpty }
      ? "EFFECT: \(currency) that the change adds (+) or saves (-) until the Space's next boundary, at most this month (UTC).\n"
      : ""
    return table.text(style, width: width) + hidden + "\n" + legend
  }

  private func folded(_ count: Int) -> String {
    count == 0
      ? ""
      : "\(NumberText.count(count, "more Space")) as they should be or protected (--verbose shows them)\n"
  }

  private func done(_ plan: SpacePlan) -> String {
    let outcomes = outcomes(of: plan)
    if !outcomes.isEmpty {
      return outcomes.map {
        $0.outcome == .done ? "\($0.change.call)" : "\($0.change.call): \($0.outcome.words)"
      }
      .joined(separator: "; ")
    }
    switch plan.verdict {
    case .change:
      let admitted = result.admitted(plan).count
      return plan.changes.enumerated().map { "\($1.call)" + ($0 < admitted ? "" : ": waits") }
        .joined(separator: "; ")
    case .asDesired: return "as it should be"
    case .leftAlone: return "left alone"
    case .unmanaged: return "no policy"
    }
  }

  private func rates(_ plan: SpacePlan) -> String {
    func text(_ rate: Money?) -> String { rate.map(NumberText.price) ?? "?" }
    return plan.changes.isEmpty
      ? text(plan.rate) : "\(text(plan.rate)) → \(text(result.rateAfter(of: plan)))"
  }

  // MARK: What else there is to say

  private func notes() -> String {
    var lines = result.news + result.notes
    if detail != .quiet { lines += result.budgets.flatMap { $0.lines(currency) } }
    for plan in detail == .quiet ? shown : result.plans {
      lines += plan.notes.map { "\(plan.space): \($0)" }
    }
    lines += result.outcomes.compactMap { outcome in
      outcome.note.map { "\(outcome.space): \(outcome.change.call): \(outcome.outcome.words): \($0)" }
    }
    lines += result.waiting.map { "\($0.space): \($0.change.call) waits for the next run (--max-changes)" }
    if let advice { lines.append(advice.line(currency)) }
    return lines.isEmpty ? "" : lines.map { "- \($0)\n" }.joined() + "\n"
  }

  private func summary() -> String {
    let totals = result.totals
    guard !result.plans.isEmpty else {
      return result.seen == 0
        ? "No Space was seen, so there is nothing to do.\n" : "There is nothing to do.\n"
    }
    guard !managed.isEmpty else {
      return
        "No policy is for any of \(NumberText.count(result.plans.count, "Space")), so nothing is changed; "
        + "\(NumberText.price(totals.rate)) \(currency) an hour\(SpacePlan.unknown(totals.unknown)).\n"
    }
    var text = changes(totals) + " for \(NumberText.count(managed.count, "Space"))"
    let others = result.plans.count - managed.count
    if others > 0 { text += " (\(others) more without a policy)" }
    text += "; \(NumberText.price(totals.rate)) \(currency) an hour\(SpacePlan.unknown(totals.unknown))"
    if totals.rateAfter != totals.rate || totals.unknownAfter != totals.unknown {
      text += ", then \(NumberText.price(totals.rateAfter))\(SpacePlan.unknown(totals.unknownAfter))"
    }
    return text + ".\n"
  }

  /// `3 changes done`, or `1 of 3 changes done, 1 refused, 1 not sent`.
  private func changes(_ totals: RunTotals) -> String {
    let waiting = result.waiting.isEmpty ? "" : ", \(result.waiting.count) waiting"
    guard !result.isDryRun else { return NumberText.count(totals.pending, "change") + " pending" + waiting }
    guard totals.failed > 0 else { return NumberText.count(totals.done, "change") + " done" + waiting }
    let others = Dictionary(grouping: result.failed, by: \.outcome.words).mapValues(\.count)
      .sorted { $0.key < $1.key }.map { ", \($0.value) \($0.key)" }.joined()
    let all = NumberText.count(totals.done + totals.failed, "change")
    return "\(totals.done) of \(all) done\(others)" + waiting
  }
}

extension SpaceAction.Outcome {
  fileprivate var words: String { self == .notSent ? "not sent" : rawValue }
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

extension SpacePlan {
  /// What a sum of rates leaves out: ` and what is not known for 2 Spaces`; empty where that is nothing.
  static func unknown(_ count: Int) -> String {
    count == 0 ? "" : " and what is not known for \(NumberText.count(count, "Space"))"
  }
}
