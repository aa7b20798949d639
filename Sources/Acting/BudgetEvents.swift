import History
import Money
import Schedules
import Simulation
import Spaces
import Timelines
import Webhooks

extension BudgetVerdict {
  /// Percents of a budget at which it is told how much is spent.
  private static let thresholds = [50, 80, 100]

  /// Everything that is to be told once of what has come about, in order.
  func events(at now: Instant) -> [BudgetEvent] {
    var names = Self.thresholds.filter {
      forecast.spent.estimate.scaled(by: 100, over: 1) >= budget.monthly.scaled(by: Int128($0), over: 1)
    }
    .map { "spent-\($0)" }
    if forecast.total.estimate > budget.monthly { names.append("expected-100") }
    if !steps.isEmpty { names.append("given-up-\(now)") }
    if refusesUpgradesFromNow { names.append("upgrades-refused") }
    return names.map { event($0) }
  }

  private func event(_ name: String) -> BudgetEvent {
    BudgetEvent(
      budget: budget.scope.key, month: monthStart, nanoDollars: budget.monthly.nanoDollars, name: name)
  }

  /// Those of them that are worth a message: of several thresholds that were passed at once the last, and what is
  /// expected only as long as it has not come about.
  func tellable(_ events: [BudgetEvent]) -> [BudgetEvent] {
    let lastThreshold = events.last { $0.name.hasPrefix("spent-") }
    return events.filter { event in
      if event.name.hasPrefix("spent-") { return event == lastThreshold }
      return event.name != "expected-100" || forecast.spent.estimate < budget.monthly
    }
  }

  /// What an event says, for people.
  func sentence(_ event: BudgetEvent, _ currency: String) -> String {
    let month = month.yearAndMonth
    let sums = "\(spentText) of \(text(budget.monthly)) \(currency) in \(month)"
    let expected =
      isOver ? "the month is over" : "\(text(forecast.total.estimate)) expected by the end of the month"
    if let percent = event.percent {
      return percent == 100
        ? "\(budget.scope.title) is spent: \(sums); \(expected)"
        : "\(percent) % of \(budget.scope.title) are spent: \(sums); \(expected)"
    }
    if event.name == "expected-100" {
      return "\(budget.scope.title) is expected to break: \(sums) spent; \(expected)"
    }
    let reason =
      forecast.isSpent
      ? "\(budget.scope.title) is spent (\(sums))"
      : "\(budget.scope.title) is sure to break (\(sums) spent, at least \(text(forecast.total.low)) by its end)"
    if event.name == "upgrades-refused" { return "\(reason), so upgrades are refused until the month turns" }
    let stay = staying.isEmpty ? "" : "; no rule brings back \(list(staying))"
    return
      "\(reason), so these are to move to cpu-basic until the month turns: \(list(steps.map(\.space))); then \(text(totalAfter.estimate)) expected\(stay)"
  }

  /// What an event says, for programs: as Standard Webhooks have it, with a `type`, a `timestamp` and `data`.
  func json(_ event: BudgetEvent, id: String, _ currency: String, at now: Instant) -> JSONValue {
    func interval(_ total: ForecastInterval) -> JSONValue {
      [
        "low": .string(total.low.description), "estimate": .string(total.estimate.description),
        "high": .string(total.high.description),
      ]
    }
    let owner = budget.scope.owner.map(JSONValue.string) ?? .null
    var data: [String: JSONValue] = [
      "budget": .string(budget.scope.key), "owner": owner,
      "policy": policyName.map(JSONValue.string) ?? .null,
      "month": .string(month.yearAndMonth), "currency": .string(currency),
      "monthly": .string(budget.monthly.description), "spent": .string(forecast.spent.estimate.description),
      "spent_low": .string(forecast.spent.low.description),
      "spent_high": .string(forecast.spent.high.description),
      "expected": interval(forecast.total), "over": .string(budget.over.rawValue),
    ]
    if let percent = event.percent { data["percent"] = .integer(Int64(percent)) }
    if event.type == "budget.given_up" {
      data["given_up"] = .array(
        steps.map { step in
          [
            "space": .string(step.space.description), "saving": .string(step.saving.description),
            "expected": interval(step.total),
          ]
        })
    }
    return [
      "id": .string(id), "type": .string(event.type), "timestamp": .string(now.description),
      "text": .string(sentence(event, currency)), "data": .object(data),
    ]
  }

  private var policyName: String? {
    if case .policy(let name) = budget.scope { name } else { nil }
  }

  /// A message for each receiver.
  func messages(_ event: BudgetEvent, to receivers: [Receiver], _ currency: String, at now: Instant)
    -> [Message]
  {
    let id = messageID(of: "\(event.budget)|\(event.month)|\(event.nanoDollars)|\(event.name)")
    return receivers.map { receiver in
      let sentence = JSONValue.string(sentence(event, currency))
      let body: JSONValue =
        switch receiver.format {
        case .json: json(event, id: id, currency, at: now)
        case .slack: ["text": sentence]
        case .discord: ["content": sentence, "allowed_mentions": ["parse": []]]
        }
      return Message(name: id, receiver: receiver.name, body: body.text)
    }
  }
}

extension BudgetEvent {
  /// Of what is spent; nil for other events.
  fileprivate var percent: Int? { name.hasPrefix("spent-") ? Int(name.dropFirst("spent-".count)) : nil }

  /// For programs.
  fileprivate var type: String {
    switch name {
    case "expected-100": "budget.expected"
    case "upgrades-refused": "budget.upgrades_refused"
    default: percent == nil ? "budget.given_up" : "budget.spent"
    }
  }
}

extension Runner {
  /// What was spent of last month's budgets after its last run is told by the first run of the next.
  func lastMonthsBudgets(at now: Instant) throws -> [BudgetVerdict] {
    let month = WallClock(.gmt).date(at: now).startOfMonth
    guard !schedules.budgets.isEmpty, let last = try history.lastRun(),
      last < WallClock(.gmt).month(of: month).lowerBound
    else { return [] }
    var situations = try history.situations(at: now, schedules: schedules)
    return try BudgetJudge(
      history: history, schedules: schedules, prices: prices, month: month.startOfPreviousMonth, now: now
    ).judge(&situations)
  }

  /// Writes down which steps of the month the rules ask for no more: what comes later is a step of its own.
  func endSteps(at now: Instant) throws {
    let clock = WallClock(.gmt)
    let budgets = schedules.budgets
    try history.end(
      history.budgetSteps(inMonth: clock.month(of: clock.date(at: now)).lowerBound)
        .filter { $0.endedAt == nil && !$0.stands(under: budgets) }, at: now)
  }

  /// Writes down what is given up for budgets, and what is to be told of them.
  ///
  /// - Returns: what is new, for people.
  func remember(_ verdicts: [BudgetVerdict], at now: Instant) throws -> [String] {
    var news: [String] = []
    for verdict in verdicts {
      let told = try history.toldOfBudgets(inMonth: verdict.monthStart)
      let events = verdict.events(at: now).filter { !told.contains($0) }
      guard !events.isEmpty else { continue }
      let tellable = verdict.tellable(events)
      news += tellable.map { verdict.sentence($0, prices.currency) }
      var steps = verdict.steps.map { verdict.step(givingUp: $0.space, at: now) }
      if verdict.refusesUpgradesFromNow { steps.append(verdict.step(givingUp: nil, at: now)) }
      try history.remember(steps, events, at: now) { event in
        tellable.contains(event)
          ? verdict.messages(event, to: schedules.receivers, prices.currency, at: now) : []
      }
    }
    return news
  }
}

extension BudgetVerdict {
  fileprivate func step(givingUp space: SpaceID?, at now: Instant) -> BudgetStep {
    BudgetStep(
      budget: budget.scope.key, month: monthStart, nanoDollars: budget.monthly.nanoDollars, space: space,
      at: now)
  }
}
