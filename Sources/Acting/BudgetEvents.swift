import History
import JSON
import Money
import Schedules
import Simulation
import Timelines
import Webhooks

extension BudgetVerdict {
  /// Percents of a budget at which it is told how much is spent.
  private static let thresholds = [50, 80, 100]

  /// Everything that is to be told once of what has come about, in order.
  func news(at now: Instant) -> [BudgetNews] {
    let passed = Self.thresholds.filter {
      forecast.spent.estimate.scaled(by: 100, over: 1) >= budget.monthly.scaled(by: Int128($0), over: 1)
    }
    var news = passed.map(BudgetNews.spent)
    if forecast.total.estimate > budget.monthly { news.append(.expected) }
    if !steps.isEmpty { news.append(.givenUp(now)) }
    if refusesUpgradesFromNow { news.append(.upgradesRefused) }
    return news
  }

  /// By which the database knows that it was told.
  func event(_ news: BudgetNews) -> BudgetEvent {
    BudgetEvent(
      budget: budget.scope.key, month: monthStart, nanoDollars: budget.monthly.nanoDollars, name: news.name)
  }

  /// Those of them that are worth a message: of several thresholds that were passed at once the last, and what is
  /// expected only as long as it has not come about.
  func tellable(_ news: [BudgetNews]) -> [BudgetNews] {
    let lastThreshold = news.compactMap(\.percent).last
    return news.filter { news in
      switch news {
      case .spent(let percent): percent == lastThreshold
      case .expected: forecast.spent.estimate < budget.monthly
      case .givenUp, .upgradesRefused: true
      }
    }
  }

  /// What an event says, for people.
  func sentence(_ news: BudgetNews, _ currency: String) -> String {
    let month = month.yearAndMonth
    let sums = "\(spentText) of \(text(budget.monthly)) \(currency) in \(month)"
    let expected =
      isOver ? "the month is over" : "\(text(forecast.total.estimate)) expected by the end of the month"
    switch news {
    case .spent(100): return "\(budget.scope.title) is spent: \(sums); \(expected)"
    case .spent(let percent): return "\(percent) % of \(budget.scope.title) is spent: \(sums); \(expected)"
    case .expected: return "\(budget.scope.title) is expected to break: \(sums) spent; \(expected)"
    case .givenUp:
      let forGood = staying.filter { $0.until == nil }.map(\.space)
      let stay =
        (forGood.isEmpty ? "" : "; no rule brings back \(list(forGood))")
        + staying.compactMap { space, until in day(until).map { "; \(space) stays until \($0)" } }.joined()
      return
        "\(reason(sums)), so these are to move to cpu-basic until the month turns: \(list(steps.map(\.space))); then \(text((steps.last?.total ?? totalAfter).estimate)) expected\(stay)"
    case .upgradesRefused: return "\(reason(sums)), so upgrades are refused until the month turns"
    }
  }

  /// Why something is done.
  private func reason(_ sums: String) -> String {
    forecast.isSpent
      ? "\(budget.scope.title) is spent (\(sums))"
      : "\(budget.scope.title) is sure to break (\(sums) spent, at least \(text(certain.total.low)) by the end of the month, counting only time that somebody watched)"
  }

  /// What an event says, for programs: as Standard Webhooks have it, with a `type`, a `timestamp` and `data`.
  func json(_ news: BudgetNews, id: String, _ currency: String, at now: Instant) -> JSONValue {
    var data: [String: JSONValue] = [
      "budget": .string(budget.scope.name), "owner": .text(budget.scope.owner), "policy": .text(policyName),
      "month": .string(month.yearAndMonth), "currency": .string(currency),
      "monthly": .text(budget.monthly), "spent": .text(forecast.spent.estimate),
      "spent_low": .text(forecast.spent.low), "spent_high": .text(forecast.spent.high),
      "expected": .bounds(forecast.total), "over": .string(budget.over.rawValue),
    ]
    if let percent = news.percent { data["percent"] = .integer(Int64(percent)) }
    if case .givenUp = news {
      data["given_up"] = .array(
        steps.map { step in
          [
            "space": .text(step.space), "saving": .text(step.saving),
            "expected": .bounds(step.total),
          ]
        })
    }
    return [
      "id": .string(id), "type": .string(news.type), "timestamp": .string(now.description),
      "text": .string(sentence(news, currency)), "data": .object(data),
    ]
  }

  private var policyName: String? {
    if case .policy(let name) = budget.scope { name } else { nil }
  }

  /// A message for each receiver.
  func messages(
    _ news: BudgetNews, to receivers: [Receiver], _ currency: String, at now: Instant
  ) -> [Message] {
    let event = event(news)
    let id = messageID(of: "\(event.budget)|\(event.month)|\(event.nanoDollars)|\(event.name)")
    return receivers.map { receiver in
      let sentence = JSONValue.string(sentence(news, currency))
      let body: JSONValue =
        switch receiver.format {
        case .json: json(news, id: id, currency, at: now)
        case .slack: ["text": sentence]
        case .discord: ["content": sentence, "allowed_mentions": ["parse": []]]
        }
      return Message(name: id, receiver: receiver.name, body: body.text)
    }
  }
}

/// Something about a budget that is told once.
enum BudgetNews: Hashable {
  /// So many percent are spent.
  case spent(Int)
  /// More is expected to be spent.
  case expected
  /// Spaces were given up, at an instant.
  case givenUp(Instant)
  case upgradesRefused

  /// By which the database knows it.
  var name: String {
    switch self {
    case .spent(let percent): "spent-\(percent)"
    case .expected: "expected-100"
    case .givenUp(let instant): "given-up-\(instant)"
    case .upgradesRefused: "upgrades-refused"
    }
  }

  /// By which programs know it.
  var type: String {
    switch self {
    case .spent: "budget.spent"
    case .expected: "budget.expected"
    case .givenUp: "budget.given_up"
    case .upgradesRefused: "budget.upgrades_refused"
    }
  }

  /// Of what is spent; nil for all else.
  var percent: Int? {
    if case .spent(let percent) = self { percent } else { nil }
  }
}
