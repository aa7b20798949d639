public import Money

/// What visitors are promised.
public enum Promise: Hashable, Sendable {
  /// At most so many of a thousand visitors wait.
  case waiting(perThousand: Int)
  /// Each start that visitors wait for is taken to cost so much.
  case coldStartCost(Money)

  /// Of a cold start; nil where nothing says.
  var price: Money? {
    switch self {
    case .waiting: nil
    case .coldStartCost(let cost): cost
    }
  }

  /// What is promised where nobody says: one of twenty may wait.
  public static let usual = waiting(perThousand: 50)
}

extension Money {
  /// By one part in fifty: less than that is worth neither lines of rules nor visitors who wait.
  func isClearlyLess(than other: Money) -> Bool { self < other.scaled(by: 49, over: 50) }

  /// By one part in a hundred: for less nobody changes anything.
  func isWorthAChange(from other: Money) -> Bool { self < other.scaled(by: 99, over: 100) }
}

extension Recommendation.Judged {
  /// Whether no more wait than is promised, or than so many tenths of that. A price promises nothing.
  func keeps(_ promise: Promise, tenths: Int = 10) -> Bool {
    switch promise {
    case .waiting(let perThousand): waiting * 10_000 <= perThousand * tenths * visits
    case .coldStartCost: true
    }
  }

  /// Whether it is cheaper than today's rules by one part in a hundred; by any part where it keeps a promise that these
  /// break. Where more would wait than today it has to be worth it: one part in fifty, and the promise kept.
  func isBetter(than today: Recommendation.Judged, under promise: Promise) -> Bool {
    let (cost, old) = (cost(under: promise), today.cost(under: promise))
    guard waiting > today.waiting else {
      return cost.isWorthAChange(from: old) || cost < old && keeps(promise) && !today.keeps(promise)
    }
    return keeps(promise) && cost.isClearlyLess(than: old)
  }

  /// What is to be as little as possible: money, with cold starts where they have a price.
  func cost(under promise: Promise) -> Money {
    switch promise {
    case .waiting: cost
    case .coldStartCost(let price): total(perColdStart: price)
    }
  }
}
