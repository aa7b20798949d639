public import Money
public import Pricing
public import Spaces
public import Timelines

/// The difference that a closed month would have if it were closed with what is known now.
public struct Adjustment: Hashable, Sendable {
  /// The closed month.
  public let month: CivilDate
  public let space: SpaceID
  /// What is to be added to what was reported, which was the estimate. So there is none where another part of it is
  /// certain now, but the estimate is the same. Its bounds are as wide as those of the month are now.
  public let cost: Bounds<Money>
  /// What is known otherwise now, for people: goes on after “as”.
  public let reason: String

  /// A line of the month that takes it over.
  fileprivate func line(on day: CivilDate) -> LineItem {
    LineItem(
      day: day, subject: .adjustment(ofMonth: month), perHour: nil, minutes: nil, cost: cost)
  }
}

extension CivilDate {
  /// What is kept of the months right before this one, the latest first: those whose differences it takes over, as
  /// none between them and it is open.
  public func closedBefore<Kept>(_ kept: (CivilDate) -> Kept?) -> [Kept] {
    var (found, month) = ([Kept](), startOfPreviousMonth)
    while let closed = kept(month) {
      found.append(closed)
      month = month.startOfPreviousMonth
    }
    return found
  }
}

extension Sequence<ClosedReport> {
  /// What closed months, and those that took over adjustments of them, did not yet say.
  ///
  /// - Parameters:
  ///   - now: all of their days in their zone, by what is known now.
  ///   - names: present names of Spaces that were renamed, by former ones.
  ///   - isGranted: whether a grant pays for a Space that a month did not know.
  public func adjustments(
    by now: CostReport, names: [SpaceID: SpaceID], isGranted: (SpaceID) -> Bool
  ) -> [Adjustment] {
    let linesNow = Dictionary(
      uniqueKeysWithValues: now.spaces.map { space in
        (space.space, Dictionary(grouping: space.listLines, by: \.day.startOfMonth))
      })
    var differences: [CivilDate: [SpaceID: MonthDifference]] = [:]
    for closed in self {
      func name(_ space: SpaceID) -> SpaceID { names[space] ?? space }
      let then = Dictionary(closed.spaces.map { (name($0.space), $0) }) { first, _ in first }
      for (space, months) in linesNow {
        let lines = months[closed.month] ?? []
        let charged = lines.charged(isGranted: then[space]?.tags.isGranted ?? isGranted(space))
        differences[closed.month, default: [:]][space, default: MonthDifference()].add(charged)
      }
      for space in closed.spaces {
        let lines = space.lines.filter { if case .adjustment = $0.subject { false } else { true } }
        differences[closed.month, default: [:]][name(space.space), default: MonthDifference()].subtract(lines)
      }
      for booked in closed.adjustments {
        differences[booked.month, default: [:]][name(booked.space), default: MonthDifference()]
          .booked += booked.cost.estimate
      }
    }
    let months = Set(map(\.month))
    return differences.filter { months.contains($0.key) }.flatMap { month, spaces in
      spaces.filter { $0.value.cost.estimate != .zero }.map { space, difference in
        Adjustment(
          month: month, space: space, cost: difference.cost,
          reason: difference.reason(currency: now.prices.currency))
      }
    }.sorted { ($0.month, $0.space) < ($1.month, $1.space) }
  }
}

/// What is known now, less what was known when the month was closed, and less what was taken over since.
private struct MonthDifference {
  /// All of one hardware or storage.
  private struct Sum {
    var cost: Bounds<Money> = .zero
    var minutes = BilledTime.zero
    var prices: Set<Money> = []

    mutating func add(_ line: LineItem) {
      cost += line.cost ?? .zero
      minutes += line.minutes?.estimate ?? .zero
      if let price = line.perHour { prices.insert(price) }
    }
  }

  var booked = Money.zero
  private var sums: [LineItem.Subject: (now: Sum, then: Sum)] = [:]

  mutating func add(_ lines: [LineItem]) {
    for line in lines { sums[line.subject, default: (Sum(), Sum())].now.add(line) }
  }

  mutating func subtract(_ lines: [LineItem]) {
    for line in lines { sums[line.subject, default: (Sum(), Sum())].then.add(line) }
  }

  var cost: Bounds<Money> {
    let now = sums.values.reduce(Bounds<Money>.zero) { $0 + $1.now.cost }
    return now - Bounds(certain: sums.values.reduce(booked) { $0 + $1.then.cost.estimate })
  }

  func reason(currency: String) -> String {
    let changes = sums.sorted { $0.key < $1.key }.compactMap { subject, sums -> String? in
      let (now, then) = sums
      if now.minutes != then.minutes {
        return "\(now.minutes.minutesText) minutes on \(subject) instead of \(then.minutes.minutesText)"
      }
      if now.prices != then.prices {
        return "\(subject) at \(text(now.prices)) an hour instead of \(text(then.prices))"
      }
      guard now.cost.estimate != then.cost.estimate else { return nil }
      return "\(NumberText.money(now.cost.estimate)) \(currency) for \(subject) instead of "
        + NumberText.money(then.cost.estimate)
    }
    guard booked == .zero else {
      return changes.isEmpty
        ? "it was taken over before and is in that month itself now"
        : changes.joined(separator: "; ") + ", less what was taken over before,"
    }
    return changes.joined(separator: "; ")
  }

  private func text(_ prices: Set<Money>) -> String {
    prices.isEmpty ? "no price" : prices.sorted().map(NumberText.price).joined(separator: " and ")
  }
}

extension CostReport {
  /// With what became known of closed months, as lines on its first day.
  public func taking(over adjustments: [Adjustment]) -> CostReport {
    let day = WallClock(period.zone).date(at: period.range.lowerBound)
    let more = Dictionary(grouping: adjustments, by: \.space).mapValues { $0.map { $0.line(on: day) } }
    var report = replacing(
      spaces: spaces.map { space in
        more[space.space].map { space.replacing(lines: (space.lines + $0).sorted(by: LineItem.inOrder)) }
          ?? space
      })
    report.adjustments = adjustments
    return report
  }

  /// Compared also with what the time before took over of closed months.
  public func compared(withOthers adjustments: [Adjustment]) -> CostReport {
    let day = WallClock(period.zone).date(at: period.comparison.lowerBound)
    let more = Dictionary(grouping: adjustments, by: \.space).mapValues { $0.map { $0.line(on: day) } }
    return replacing(
      spaces: spaces.map { space in
        more[space.space].map {
          space.replacing(comparisonLines: (space.comparisonLines + $0).sorted(by: LineItem.inOrder))
        } ?? space
      })
  }
}
