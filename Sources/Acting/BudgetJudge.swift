public import History
import Money
public import Planning
public import Pricing
public import Schedules
import Simulation
public import Spaces
public import Timelines

/// Judges budgets: what their Spaces have cost in a month of UTC, what they will have cost when it is over, and what is
/// given up for it.
public struct BudgetJudge: Sendable {
  let history: History
  let schedules: Schedules
  let prices: PriceTable
  let now: Instant
  private let planner: Planner
  private let month: CivilDate
  private let range: Range<Instant>
  private let days: [Range<Instant>]

  /// - Parameter month: its first day; nil for the present one. For one that is over nothing is given up any more, for
  ///   one to come nothing yet.
  public init(
    history: History, schedules: Schedules, prices: PriceTable, month: CivilDate? = nil, now: Instant
  ) {
    (self.history, self.schedules, self.prices, self.now) = (history, schedules, prices, now)
    planner = Planner(prices: prices, now: now)
    let clock = WallClock(.gmt)
    self.month = month ?? clock.date(at: now).startOfMonth
    range = clock.month(of: self.month)
    days = SpaceForecast.restOfMonth(range, zone: .gmt, now: now)
  }

  /// Steps of the present month don't reach into it.
  private var isToCome: Bool { now < range.lowerBound }

  /// A Space that some budget is for.
  private struct Member {
    let space: SpaceID
    let policy: Policy?
    let past: SpacePast
    /// With its past: as it was seen now, else as it was recorded.
    var situation: Situation
    /// Its place among the situations of this look; nil where it was not seen.
    let place: Int?
    let spent: Bounds<Money>
    var rest = ForecastPaths(days: [])
    var basis = SpaceForecast.Basis.over
    /// It was given up, and nothing has undone that.
    var isGivenUp = false

    var isGone: Bool { situation.live.stage == .gone }
  }

  /// Judges every budget, those of policies first, then of owners, then of all: what is given up for one is given up
  /// for those after it.
  ///
  /// - Parameters:
  ///   - situations: of all Spaces that were seen. What is given up now is added to them, and nothing is written down.
  ///   - formerNames: names that the history has, by new names that it does not have yet.
  public func judge(
    _ situations: inout [Situation], formerNames: [SpaceID: SpaceID] = [:]
  ) throws -> [BudgetVerdict] {
    let budgets = schedules.budgets
    guard !budgets.isEmpty else { return [] }
    let inForce = try StepsInForce(history, schedules, at: now)
    var members = try members(situations, formerNames, of: budgets, inForce)
    let concerned = budgets.map { budget in
      members.indices.filter { budget.covers(members[$0].space, policy: members[$0].policy?.name) }
    }
    var verdicts: [BudgetVerdict] = []
    let known = concerned.contains(where: \.isEmpty) ? try known(situations) : []
    for (budget, concerned) in zip(budgets, concerned) {
      var verdict = verdict(on: budget, of: concerned.map { members[$0] }, inForce)
      verdict.emptiness = concerned.isEmpty ? budget.emptiness(among: known)?.sentence : nil
      if !verdict.isOver, !isToCome, verdict.forecast.demandsAction {
        act(on: &verdict, of: concerned, &members, &situations)
      }
      verdicts.append(verdict)
    }
    // What is given up for one budget helps those before it, too.
    for (index, concerned) in concerned.enumerated() {
      let total = rest(of: concerned.map { members[$0] }).total(after: verdicts[index].forecast.spent)
      verdicts[index].isHelpedByOthers = total != verdicts[index].totalAfter
      verdicts[index].totalAfter = total
    }
    return verdicts
  }

  /// How a budget fares before anything more is given up for it.
  private func verdict(on budget: Budget, of members: [Member], _ inForce: StepsInForce) -> BudgetVerdict {
    let spent = members.reduce(Bounds<Money>.zero) { $0 + $1.spent }
    let forecast = BudgetForecast(monthly: budget.monthly, spent: spent, rest: rest(of: members))
    var verdict = BudgetVerdict(budget: budget, month: month, forecast: forecast)
    verdict.isOver = range.upperBound <= now
    verdict.unknown = members.filter { $0.basis == .unknown }.map(\.space)
    verdict.firstLook = members.compactMap { $0.past.usage.firstLook }.min()
    guard !isToCome else { return verdict }
    verdict.refusesUpgrades = inForce.refusesUpgrades(budget)
    verdict.givenUpBefore = members.filter {
      $0.isGivenUp && inForce.hasGivenUp($0.past.space, for: budget)
    }.map(\.space)
    return verdict
  }

  /// Gives up what a budget asks for, of the members at some places.
  private func act(
    on verdict: inout BudgetVerdict, of places: [Int], _ members: inout [Member],
    _ situations: inout [Situation]
  ) {
    let (budget, forecast) = (verdict.budget, verdict.forecast)
    let concerned = places.map { members[$0] }
    let least = least(concerned)
    verdict.certain = BudgetForecast(monthly: budget.monthly, spent: forecast.spent, rest: least)
    verdict.unseen = concerned.filter { $0.place == nil && !$0.isGone }.map(\.space)
    verdict.isExhausted = !concerned.contains(where: mayBeGivenUp)
    guard forecast.isSpent || verdict.isSure else { return }
    switch budget.over {
    case .refuseUpgrades where !verdict.refusesUpgrades:
      (verdict.refusesUpgrades, verdict.refusesUpgradesFromNow) = (true, true)
      refuseUpgrades(budget, of: places, &members, &situations)
    case .report, .refuseUpgrades: break
    case .downgrade:
      let ladder = BudgetLadder(
        monthly: budget.monthly, spent: forecast.spent, rest: rest(of: concerned), least: least,
        candidates: candidates(concerned))
      verdict.steps = ladder.steps
      let spaces = Set(ladder.steps.map(\.space))
      giveUp(spaces, for: budget, &members, &situations)
      let given = places.map { members[$0] }.filter { spaces.contains($0.space) }
      verdict.staying = given.compactMap { member in
        let back = comingBack(member)
        return back == range.upperBound ? nil : (member.space, back)
      }
      verdict.held = given.filter { isHeld($0) }.map(\.space)
    }
    verdict.totalAfter = rest(of: places.map { members[$0] }).total(after: forecast.spent)
  }

  /// What the rest of the month may cost.
  private func rest(of members: [Member]) -> ForecastPaths {
    members.reduce(ForecastPaths(days: days)) { $0 + $1.rest }
  }

  // MARK: Who is meant

  /// All Spaces that are recorded or were seen, with their policies.
  private func known(_ situations: [Situation]) throws -> [(space: SpaceID, policy: String?)] {
    try history.spaces().map { ($0.name, schedules.assignment(of: $0.names).policy?.name) }
      + situations.map { ($0.space, $0.assignment.policy?.name) }
  }

  private func members(
    _ situations: [Situation], _ formerNames: [SpaceID: SpaceID], of budgets: [Budget],
    _ inForce: StepsInForce
  ) throws -> [Member] {
    let recorded = try history.spaces()
    let names = Set(recorded.map(\.name))
    let places = Dictionary(
      situations.enumerated().map {
        (names.contains($1.space) ? $1.space : formerNames[$1.space] ?? $1.space, $0)
      },
      uniquingKeysWith: { $1 })
    let applied = try history.applied(at: now)
    // What a look found that is not recorded may cost as much as any other.
    let unrecorded = places.keys.filter { !names.contains($0) }.sorted().map {
      KnownSpace(name: $0, state: nil)
    }
    return try (recorded + unrecorded).compactMap { known -> Member? in
      let place = places[known.name]
      let assignment = place.map { situations[$0].assignment } ?? schedules.assignment(of: known.names)
      let policy = assignment.policy
      guard budgets.contains(where: { $0.covers(known.name, policy: policy?.name) }) else { return nil }
      let (intervals, actions) = (
        try history.intervals(of: known.name), try history.actions(on: known.name).map(\.action)
      )
      guard
        var situation = try place.map({ situations[$0] })
          ?? history.situation(of: known, at: now, schedules, inForce, applied)
      else { return nil }
      if place != nil {
        try history.recall(&situation, recordedAs: known.name, intervals, actions, seenAt: now)
      }
      var past = SpacePast(
        known.name, intervals: intervals.isEmpty ? situation.intervals : intervals, actions: actions,
        startup: SpaceProgram.usualStartup, now: now,
        prices: prices)
      let lines = past.usage.lineItems(in: range, zone: .gmt, prices: prices)
      func member(_ past: SpacePast) -> Member {
        Member(
          space: situation.space, policy: policy, past: past, situation: situation, place: place,
          spent: lines.charged(isGranted: policy?.isGranted ?? false).totalCost)
      }
      let coming = try history.forecast(by: &past) { forecast(of: member($0)) }
      var found = member(past)
      (found.rest, found.basis) = (coming.rest, coming.basis)
      found.isGivenUp = !situation.givenUp.isEmpty && !planner.hasEscaped(situation)
      return found
    }
  }

  /// Works out what the rest of the month may cost.
  private func predict(_ member: inout Member) {
    let forecast = forecast(of: member)
    (member.rest, member.basis) = (forecast.rest, forecast.basis)
  }

  /// - Parameter byLowBound: goes by what is certain to have been billed.
  private func forecast(of member: Member, byLowBound: Bool = false) -> SpaceForecast {
    SpaceForecast(
      of: member.past, rest: days, zone: .gmt, now: now, schedule: schedule(of: member.situation),
      isGranted: member.policy?.isGranted ?? false, spent: member.spent, prices: prices,
      byLowBound: byLowBound)
  }

  /// The least to expect: of who was not seen now, who may have become cheap, nothing.
  private func least(_ members: [Member]) -> ForecastPaths {
    members.filter { $0.place != nil }.reduce(ForecastPaths(days: days)) {
      $0 + forecast(of: $1, byLowBound: true).rest
    }
  }

  /// What is to be expected of a Space, with what budgets take from it.
  private func schedule(of situation: Situation) -> SpaceSchedule? {
    var schedule = planner.expectedSchedule(of: situation, until: range.upperBound)
    guard !isToCome, situation.upgradeRefusal != nil, let kept = schedule else { return schedule }
    schedule?.givenUp += kept.refusingUpgrades(
      from: situation.settings, in: now..<range.upperBound, name: "", prices: prices)
    return schedule
  }

  // MARK: What is given up

  /// Spaces that may be given up and can still cost something.
  private func candidates(_ members: [Member]) -> [BudgetLadder.Candidate] {
    members.filter(mayBeGivenUp).map { member in
      var givenUp = member
      givenUp.situation.givenUp.append(downgrade(for: ""))
      predict(&givenUp)
      return BudgetLadder.Candidate(
        space: member.space, priority: member.policy?.priority ?? 0, rest: member.rest,
        restGivenUp: givenUp.rest, least: forecast(of: member, byLowBound: true).rest,
        leastGivenUp: forecast(of: givenUp, byLowBound: true).rest)
    }
  }

  private func mayBeGivenUp(_ member: Member) -> Bool {
    let situation = member.situation
    // Asking again for what was refused is no new step.
    return !member.isGivenUp && member.place != nil && planner.mayBeGivenUp(situation) && canCost(situation)
      && (situation.givenUp.isEmpty || !planner.refusesDowngrade(of: situation))
      && !isHeld(member, until: range.upperBound)
  }

  /// Whether a person holds its hardware.
  /// - Parameter end: to that instant at least; nil for now.
  private func isHeld(_ member: Member, until end: Instant? = nil) -> Bool {
    member.situation.holds.contains {
      $0.set.hardware != nil && $0.range.contains(now) && $0.range.upperBound >= end ?? now
    }
  }

  /// Whether it is on hardware that costs money, or will be asked to be.
  private func canCost(_ situation: Situation) -> Bool {
    let asked =
      schedule(of: situation)?.desired(over: now..<range.upperBound).segments.compactMap {
        $0.value.state?.value == .paused ? nil : $0.value.hardware?.value
      } ?? []
    let live = situation.live.stage == .paused ? nil : situation.hardware
    return (asked + [live].compactMap(\.self)).contains { !prices.isFree($0, at: now) }
  }

  /// When its rules name hardware after the month, and so put it back; nil where they don't for a year.
  private func comingBack(_ member: Member) -> Instant? {
    guard let policy = member.policy else { return nil }
    let year = range.upperBound..<range.upperBound + 366 * 86_400
    let desired = planner.schedule(of: member.situation, policy).desired(over: year)
    return desired.segments.first { $0.value.hardware != nil }?.range.lowerBound
  }

  private func downgrade(for title: String) -> Override {
    Override(
      kind: .budget, name: title, range: now..<range.upperBound, set: Settings(hardware: .cpuBasic))
  }

  private func giveUp(
    _ spaces: Set<SpaceID>, for budget: Budget, _ members: inout [Member], _ situations: inout [Situation]
  ) {
    for index in members.indices where spaces.contains(members[index].space) {
      let downgrade = downgrade(for: budget.scope.title)
      members[index].isGivenUp = true
      members[index].situation.givenUp.append(downgrade)
      predict(&members[index])
      if let place = members[index].place { situations[place].givenUp.append(downgrade) }
    }
  }

  private func refuseUpgrades(
    _ budget: Budget, of concerned: [Int], _ members: inout [Member], _ situations: inout [Situation]
  ) {
    for index in concerned where planner.mayBeMoved(members[index].situation) {
      members[index].situation.upgradeRefusal = budget.upgradeRefusal
      predict(&members[index])
      if let place = members[index].place { situations[place].upgradeRefusal = budget.upgradeRefusal }
    }
  }
}

extension Budget {
  /// For people.
  var upgradeRefusal: String { "\(scope.title) refuses upgrades until the month turns" }
}
