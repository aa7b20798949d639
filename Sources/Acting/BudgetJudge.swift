public import History
import Money
public import Planning
public import Pricing
public import Schedules
import Simulation
public import Spaces
public import Timelines

/// Judges budgets: what their Spaces have cost in the present month of UTC, what they will have cost when it is over,
/// and what is given up for it.
public struct BudgetJudge: Sendable {
  let history: History
  let schedules: Schedules
  let prices: PriceTable
  let now: Instant
  private let month: CivilDate
  private let range: Range<Instant>
  private let days: [Range<Instant>]

  public init(history: History, schedules: Schedules, prices: PriceTable, now: Instant) {
    (self.history, self.schedules, self.prices, self.now) = (history, schedules, prices, now)
    let clock = WallClock(.gmt)
    month = clock.date(at: now).startOfMonth
    range = clock.month(of: month)
    days = SpaceForecast.restOfMonth(range, zone: .gmt, now: now)
  }

  private var planner: Planner { Planner(prices: prices, now: now) }

  /// A Space that some budget is for.
  private struct Member {
    let space: SpaceID
    let policy: Policy?
    let past: SpacePast
    let spent: Money
    /// Its place among the situations; nil where it was not seen.
    let situation: Int?
    /// What may be changed about it; nil where nothing may.
    var schedule: SpaceSchedule?
    var rest: ForecastPaths
    var isGivenUp: Bool
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
    var members = try members(situations, formerNames, of: budgets)
    return budgets.map { budget in
      let concerned = members.indices.filter {
        budget.covers(members[$0].space, policy: members[$0].policy?.name)
      }
      let spent = concerned.reduce(Money.zero) { $0 + members[$1].spent }
      let rest = concerned.reduce(ForecastPaths(days: days)) { $0 + members[$1].rest }
      let forecast = BudgetForecast(monthly: budget.monthly, spent: spent, rest: rest)
      let refusesAlready = inForce.refusesUpgrades(budget)
      var (steps, restAfter) = ([BudgetLadder.Step](), rest)
      var refusesNow = false
      switch budget.over {
      case .report: break
      case .refuseUpgrades where forecast.demandsAction && !refusesAlready:
        refusesNow = true
        refuseUpgrades(budget, of: concerned, &members, &situations)
        restAfter = concerned.reduce(ForecastPaths(days: days)) { $0 + members[$1].rest }
      case .refuseUpgrades: break
      case .downgrade where forecast.demandsAction:
        let ladder = BudgetLadder(
          monthly: budget.monthly, spent: spent, rest: rest,
          candidates: candidates(concerned.map { members[$0] }, situations))
        (steps, restAfter) = (ladder.steps, ladder.rest)
        giveUp(Set(steps.map(\.space)), for: budget, &members, &situations)
      case .downgrade: break
      }
      return BudgetVerdict(
        budget: budget, month: month, forecast: forecast, givenUpBefore: inForce.givenUp(for: budget),
        steps: steps, refusesUpgrades: refusesAlready || refusesNow, refusesUpgradesFromNow: refusesNow,
        totalAfter: restAfter.total(after: spent))
    }
  }

  // MARK: Who is meant

  private func members(
    _ situations: [Situation], _ formerNames: [SpaceID: SpaceID], of budgets: [Budget]
  ) throws -> [Member] {
    let places = Dictionary(
      situations.enumerated().map { (formerNames[$1.space] ?? $1.space, $0) }, uniquingKeysWith: { $1 })
    return try history.spaces().compactMap { known in
      let place = places[known.name]
      let assignment =
        place.map { situations[$0].assignment } ?? schedules.assignment(of: known.names)
      let policy = assignment.policy
      guard budgets.contains(where: { $0.covers(known.name, policy: policy?.name) }) else { return nil }
      let past = try history.past(of: known.name, visits: false, now: now, prices: prices)
      let isGranted = policy?.isGranted ?? false
      let lines = past.usage.lineItems(in: range, zone: .gmt, prices: prices)
      var member = Member(
        space: place.map { situations[$0].space } ?? known.name, policy: policy, past: past,
        spent: (isGranted ? lines.granted : lines).totalCost.estimate, situation: place,
        schedule: place.flatMap { schedule(of: situations[$0]) }, rest: ForecastPaths(days: days),
        isGivenUp: place.map { !situations[$0].givenUp.isEmpty } ?? false)
      if let place, situations[place].upgradeRefusal != nil {
        member.schedule = refusingUpgrades(member.schedule, situations[place])
      }
      member.rest = rest(of: member, under: member.schedule)
      return member
    }
  }

  /// The rules for a Space; nil where nothing may be changed.
  private func schedule(of situation: Situation) -> SpaceSchedule? {
    guard let policy = situation.assignment.policy, planner.mayBeMoved(situation) else { return nil }
    return planner.schedule(of: situation, policy)
  }

  private func rest(of member: Member, under schedule: SpaceSchedule?) -> ForecastPaths {
    SpaceForecast(
      of: member.past, rest: days, zone: .gmt, now: now, schedule: schedule,
      isGranted: member.policy?.isGranted ?? false, spent: member.spent, prices: prices
    ).rest
  }

  // MARK: What is given up

  /// Spaces that may be given up and can still cost something.
  private func candidates(_ members: [Member], _ situations: [Situation]) -> [BudgetLadder.Candidate] {
    members.compactMap { member in
      guard !member.isGivenUp, let place = member.situation, let schedule = member.schedule,
        planner.mayBeGivenUp(situations[place]), canCost(situations[place], schedule)
      else { return nil }
      var givenUp = schedule
      givenUp.givenUp.append(downgrade(for: ""))
      return BudgetLadder.Candidate(
        space: member.space, priority: member.policy?.priority ?? 0, rest: member.rest,
        restGivenUp: rest(of: member, under: givenUp))
    }
  }

  /// Whether it is on hardware that costs money, or will be asked to be.
  private func canCost(_ situation: Situation, _ schedule: SpaceSchedule) -> Bool {
    let asked = schedule.desired(over: now..<range.upperBound).segments.compactMap {
      $0.value.hardware?.value
    }
    return (asked + [situation.hardware].compactMap(\.self)).contains { !prices.isFree($0, at: now) }
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
      members[index].schedule?.givenUp.append(downgrade)
      members[index].rest = rest(of: members[index], under: members[index].schedule)
      if let place = members[index].situation { situations[place].givenUp.append(downgrade) }
    }
  }

  private func refuseUpgrades(
    _ budget: Budget, of concerned: [Int], _ members: inout [Member], _ situations: inout [Situation]
  ) {
    for index in concerned {
      guard let place = members[index].situation, members[index].schedule != nil else { continue }
      situations[place].upgradeRefusal = budget.upgradeRefusal
      members[index].schedule = refusingUpgrades(members[index].schedule, situations[place])
      members[index].rest = rest(of: members[index], under: members[index].schedule)
    }
  }

  private func refusingUpgrades(_ schedule: SpaceSchedule?, _ situation: Situation) -> SpaceSchedule? {
    guard var schedule else { return nil }
    schedule.givenUp += schedule.refusingUpgrades(
      from: situation.settings, in: now..<range.upperBound, name: "", prices: prices)
    return schedule
  }
}

extension Budget {
  /// For people.
  var upgradeRefusal: String { "\(scope.title) refuses upgrades until the month turns" }
}

/// What was given up for budgets before and holds at an instant: until the month turns, the budget is raised or the
/// rules treat it another way.
struct StepsInForce {
  private let steps: [BudgetStep]
  private let budgets: [Budget]
  private let month: Range<Instant>

  init(_ history: History, _ schedules: Schedules, at instant: Instant) throws {
    let clock = WallClock(.gmt)
    let month = clock.month(of: clock.date(at: instant))
    let budgets = schedules.budgets
    self.month = month
    self.budgets = budgets
    guard budgets.contains(where: { $0.over != .report }) else {
      steps = []
      return
    }
    let byKey = Dictionary(budgets.map { ($0.scope.key, $0) }) { first, _ in first }
    steps = try history.budgetSteps(inMonth: month.lowerBound).filter { step in
      guard step.at <= instant, let budget = byKey[step.budget],
        budget.monthly.nanoDollars <= step.nanoDollars
      else { return false }
      return budget.over == (step.space == nil ? .refuseUpgrades : .downgrade)
    }
  }

  func givenUp(for budget: Budget) -> [SpaceID] {
    steps.filter { $0.budget == budget.scope.key }.compactMap(\.space)
  }

  func refusesUpgrades(_ budget: Budget) -> Bool {
    steps.contains { $0.budget == budget.scope.key && $0.space == nil }
  }

  /// - Parameter name: by which the history knows the Space.
  func tell(_ situation: inout Situation, recordedAs name: SpaceID) {
    guard !steps.isEmpty else { return }
    situation.givenUp = downgrades(of: name)
    situation.upgradeRefusal =
      budgets.first {
        refusesUpgrades($0) && $0.covers(situation.space, policy: situation.assignment.policy?.name)
      }?.upgradeRefusal
  }

  /// What was given up of a Space.
  func downgrades(of name: SpaceID) -> [Override] {
    steps.filter { $0.space == name }.map { step in
      let title = budgets.first { $0.scope.key == step.budget }?.scope.title ?? step.budget
      return Override(
        kind: .budget, name: title, range: step.at..<month.upperBound, set: Settings(hardware: .cpuBasic))
    }
  }
}
