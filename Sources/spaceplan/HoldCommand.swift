import Acting
import ArgumentParser
import History
import JSON
import Money
import Planning
import Pricing
import Reports
import Schedules
import Spaces
import Timelines

struct HoldCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Give a Space other settings for a time, at once.",
    usage: "spaceplan hold <owner/name> [<settings>] (--for <duration> | --until <instant>) [<options>]",
    discussion: """
      For example:
      spaceplan hold acme/chat --hardware a100-large --for 3h --reason "demo"

      It wins over rules, exceptions and idle for what it names, and ends by
      itself: the next run then puts things back. A hold that names nothing
      keeps what the Space has now. Of two holds the later wins. A Space that a
      rule or somebody has paused stays so, unless --resume says otherwise; what
      nothing else pauses goes on after that.
      """)

  @Argument(help: ArgumentHelp("The Space.", valueName: "owner/name"))
  var space: String

  @Option(help: ArgumentHelp("Run on this hardware.", valueName: "name"))
  var hardware: String?

  @Option(
    help: ArgumentHelp("Sleep after so long without a visit, such as 30m, or never.", valueName: "time"))
  var sleep: String?

  @Flag(help: "Pause it.")
  var pause = false

  @Flag(help: "Start it, though a rule or somebody has paused it.")
  var resume = false

  @Option(help: ArgumentHelp("Run so many copies.", valueName: "count"))
  var replicas: Int?

  @Option(name: .customLong("for"), help: ArgumentHelp("How long, such as 3h.", valueName: "duration"))
  var duration: String?

  @Option(help: ArgumentHelp("Until when, in the policy's zone if it names none.", valueName: "instant"))
  var until: String?

  @Option(help: ArgumentHelp("Why, for other people.", valueName: "text"))
  var reason = ""

  @OptionGroup var options: InterventionOptions

  /// Whoever wants it for longer wants a rule.
  private static let longest: Int64 = 366 * 86_400

  func validate() throws {
    if (duration == nil) == (until == nil) { throw ValidationError("Give either --for or --until.") }
    if pause, resume { throw ValidationError("Give either --pause or --resume.") }
    if let replicas, replicas < 1 { throw ValidationError("--replicas is a number from 1 up.") }
    if hardware?.isEmpty == true { throw ValidationError("--hardware is empty.") }
  }

  private struct Telling {
    let hold: Hold
    let lines: [String]
    let nextRun: Instant?
    let costOver: Money?
  }

  func run() async throws {
    let id = try parsed(space, option: "the Space") { try SpaceID($0) }
    let named = Settings(
      hardware: hardware.map(SpaceHardware.init),
      sleep: try sleep.map { try parsed($0, option: "--sleep") { try SleepTime(ruleText: $0) } },
      state: pause ? .paused : resume ? .running : nil, replicas: replicas)
    let seconds = try duration.map { try parsed($0, option: "--for") { try DurationText.seconds($0) } }
    if let until { _ = try parsed(until, option: "--until") { try Instant($0, zone: .gmt) } }
    let (result, scene, told) = try await options.intervene { scene in
      let situation = try await scene.situation(of: id)
      if let refusal = scene.planner.refusal(of: situation) {
        throw Ending(Ending.Status.usage, "\(situation.space) can't be held: \(refusal)")
      }
      if let hardware = named.hardware, scene.prices.hourlyPrice(of: hardware, at: scene.now) == nil,
        await !scene.runner.isOffered(hardware)
      {
        let nearest = scene.prices.hardware(meantBy: hardware.rawValue, at: scene.now)
        throw Ending(
          Ending.Status.usage,
          "--hardware: the Hub has no hardware \(hardware)" + (nearest.map { "; did you mean \($0)?" } ?? ""))
      }
      let hold = Hold(
        situation.space, named.isEmpty ? situation.settings : named,
        during: scene.now..<(try end(seconds, situation, now: scene.now)),
        reason: reason.split(whereSeparator: \.isNewline).joined(separator: " "), madeBy: options.name)
      let standing = situation.holds.filter { $0.range.upperBound > scene.now }
      try scene.history.add(hold)
      return ([hold.space], try await telling(hold, over: standing, situation, scene))
    }
    let members: [String: JSONValue] = [
      "hold": told.hold.json, "next_run": .text(told.nextRun), "cost_over": .text(told.costOver),
    ]
    let pauseNotes = Self.pauseNotes(told.hold, result, scene)
    options.show(result, scene, lines: told.lines + pauseNotes, members: members)
    try result.end()
  }

  /// Other hardware starts no Space that is paused, and nothing pauses one again that was not paused by a rule.
  private static func pauseNotes(_ hold: Hold, _ result: RunResult, _ scene: Scene) -> [String] {
    guard let plan = result.plans.first(where: { $0.space == hold.space }), plan.live.stage == .paused else {
      return []
    }
    let isStarted = plan.changes.contains(where: \.isRestart)
    if hold.isPaused == nil, !isStarted {
      return ["It stays paused: a hold with --resume would start it."]
    }
    let policy = scene.rules.policies.first { $0.name == plan.policy }
    guard hold.isPaused == false, isStarted, let policy, !policy.pausesWhereRefused,
      policy.desired(at: hold.until).settings.state != .paused
    else { return [] }
    return ["It goes on running after that, as no rule pauses it again."]
  }

  private func end(_ seconds: Int64?, _ situation: Situation, now: Instant) throws -> Instant {
    let end =
      try until.map { text in
        try parsed(text, option: "--until") { try Instant($0, zone: situation.clock.zone) }
      } ?? now + (seconds ?? 0)
    guard end > now else {
      throw Ending(Ending.Status.usage, "the hold would end at \(end), which is not after now, \(now)")
    }
    guard end - now <= Self.longest else {
      throw Ending(
        Ending.Status.usage, "the hold would end at \(end), more than a year from now: write a rule instead")
    }
    return end
  }

  private func telling(
    _ hold: Hold, over standing: [Override], _ situation: Situation, _ scene: Scene
  ) async throws -> Telling {
    var situation = situation
    situation.holds.append(hold.override)
    let rate = scene.planner.rateOver(hold.override, of: situation)
    let rhythm = try scene.history.rhythm()
    var lines = [
      "\(scene.isDryRun ? "Would be held" : "Held") until \(situation.clock.longText(at: hold.until)) by \(hold.madeBy): \(hold.settings)."
    ]
    for other in standing {
      lines.append(
        "It wins over the hold until \(situation.clock.longText(at: other.range.upperBound)), which names \(other.set)."
      )
    }
    lines += warnings(hold, situation, scene)
    lines += try await budgetWarnings(hold, situation, scene)
    guard let rhythm, !rhythm.hasStopped(at: scene.now) else {
      let since = rhythm.map { ", and the last came at \($0.last)" } ?? ", and too few came to tell when"
      lines.append("It takes a run to put things back after that\(since).")
      return Telling(hold: hold, lines: lines, nextRun: nil, costOver: nil)
    }
    let run = rhythm.run(atOrAfter: hold.until)
    let costOver = rate?.scaled(by: Int128(run - hold.until), over: 3600)
    lines.append(
      "The run of about \(situation.clock.longText(at: run)) puts things back, as runs come every \(DurationText.text(rhythm.gap))."
    )
    if run > hold.until, costOver != .zero {
      let cost = costOver.map { "costs up to \(NumberText.money($0)) \(scene.prices.currency)" }
      lines.append(
        "The \(DurationText.text(run - hold.until)) over \(cost ?? "costs what is not known").")
    }
    return Telling(hold: hold, lines: lines, nextRun: run, costOver: costOver)
  }

  /// What the hold does to budgets, but for those that it keeps within.
  private func budgetWarnings(_ hold: Hold, _ situation: Situation, _ scene: Scene) async throws -> [String] {
    func isFor(_ budget: Budget, _ situation: Situation) -> Bool {
      budget.covers(situation.space, policy: situation.assignment.policy?.name)
    }
    guard scene.rules.budgets.contains(where: { isFor($0, situation) }) else { return [] }
    let month = ReportPeriod(
      month: WallClock(.gmt).date(at: scene.now), zone: .gmt, now: scene.now)
    let costs = try await scene.history.costs(in: month, prices: scene.prices, rules: scene.rules)
    return zip(scene.rules.budgets, costs.budgets).compactMap { budget, spending in
      guard isFor(budget, situation) else { return nil }
      let spent = spending.spent.estimate
      let others = scene.situations.filter { $0.space != situation.space && isFor(budget, $0) }
      return scene.planner.outlook(on: hold.override, of: situation, budget, others: others, spent: spent)
        .map { text(of: $0, scene) }
    }
  }

  private func text(of outlook: BudgetOutlook, _ scene: Scene) -> String {
    let currency = scene.prices.currency
    let budget =
      "\(outlook.budget.scope.title), \(NumberText.money(outlook.budget.monthly)) \(currency) a month"
    let sums =
      "\(NumberText.money(outlook.spent)) spent, up to \(NumberText.money(outlook.hold)) for the hold"
      + (outlook.rules > .zero
        ? ", at least \(NumberText.money(outlook.rules)) by the rules until the month ends" : "")
    return outlook.isBroken
      ? "It adds to a broken budget: \(budget) (in \(outlook.month.yearAndMonth): \(sums))."
      : "It would break \(budget): \(NumberText.money(outlook.total)) in \(outlook.month.yearAndMonth) (\(sums))."
  }

  private func warnings(_ hold: Hold, _ situation: Situation, _ scene: Scene) -> [String] {
    guard case .policy(let policy, _) = situation.assignment else { return [] }
    let desired = scene.planner.schedule(of: situation, policy).desired(at: scene.now).settings
    let now = situation.settings.hardware
    let hardware = desired.hardware ?? now
    var warnings: [String] = []
    if let named = hold.hardware, scene.prices.hourlyPrice(of: named, at: scene.now) == nil {
      warnings.append("There is no price for \(named), so what it costs is not known.")
    }
    if hardware == .cpuBasic, hold.hardware == nil, sleep != nil || replicas != nil {
      warnings.append("On cpu-basic neither the sleep time nor copies can be set.")
    } else if hardware != .cpuBasic, now == .cpuBasic, desired.sleep == nil {
      warnings.append(
        "Coming from cpu-basic, it never sleeps, as nothing names a sleep time: --sleep 30m would.")
    }
    return warnings
  }
}
