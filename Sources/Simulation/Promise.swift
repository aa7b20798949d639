public import Money

/// What visitors are promised.
public enum Promise: Hashable, Sendable {
  /// At most so many of a thousand visitors wait.
  case waiting(perThousand: Int)
  /// Each start that visitors wait for is taken to cost so much.
  case coldStartCost(Money)

  /// What is promised where nobody says: one of twenty may wait.
  public static let usual = waiting(perThousand: 50)

  /// What a cold start counts for; nothing where few are promised.
  var perColdStart: Money {
    switch self {
    case .waiting: .zero
    case .coldStartCost(let cost): cost
    }
  }
}

extension Recommendation.Judged {
  /// Whether no more wait than is promised, or than so many tenths of that. A price promises nothing.
  func keeps(_ promise: Promise, tenths: Int = 10) -> Bool {
    switch promise {
    case .waiting(let perThousand): waiting * 10_000 <= perThousand * tenths * visits
    case .coldStartCost: true
    }
  }

  /// What is to be as little as possible: money, with cold starts where they have a price.
  func cost(under promise: Promise) -> Money {
    switch promise {
    case .waiting: cost
    case .coldStartCost: total
    }
  }
}
