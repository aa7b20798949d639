import Timelines

/// How long visitors waited who did not find a Space running.
public struct WaitTally: Sendable {
  /// How many waited so many seconds, the shortest first, each once.
  private var counts: [(seconds: Int64, people: Int)] = []

  package init() {}

  /// Those who were turned away did not wait.
  package mutating func add(_ wait: Wait) {
    guard wait.outcome != .turnedAway else { return }
    // Most wait for all of a start, as long as the others who did.
    if let last = counts.indices.last, counts[last].seconds == wait.seconds {
      counts[last].people += wait.visit.count
      return
    }
    let place = counts.partitioningIndex { $0.seconds >= wait.seconds }
    if place < counts.count, counts[place].seconds == wait.seconds {
      counts[place].people += wait.visit.count
    } else {
      counts.insert((wait.seconds, wait.visit.count), at: place)
    }
  }

  /// All of them together.
  public init(_ parts: some Sequence<WaitTally>) {
    var counts: [Int64: Int] = [:]
    for part in parts { for count in part.counts { counts[count.seconds, default: 0] += count.people } }
    self.counts = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// How many waited.
  public var people: Int { counts.reduce(0) { $0 + $1.people } }
  /// The longest wait in seconds; nil where nobody waited.
  public var longest: Int64? { counts.last?.seconds }

  /// The shortest wait that is not exceeded by so many percent of those who waited; nil where nobody did.
  /// - Parameter percent: 1 to 100.
  public func percentile(_ percent: Int) -> Int64? {
    let rank = (people * percent + 99) / 100
    var passed = 0
    for count in counts {
      passed += count.people
      if passed >= rank { return count.seconds }
    }
    return nil
  }
}
