public import Foundation
public import Money
public import Pricing
public import Spaces
public import Timelines

/// The report of a month as it was when the month was closed: every later report of it is the same.
public struct ClosedReport: Sendable {
  public let month: CivilDate
  /// Whose days and months are meant.
  public let zone: TimeZone
  public let closedAt: Instant
  let spaces: [SpaceCosts]
  /// What the month took over of earlier ones that were closed.
  let adjustments: [Adjustment]

  /// A month that is over, as it is known now; nil for any other range.
  public init?(_ report: CostReport) {
    guard let month = report.period.month, report.period.range.upperBound <= report.period.now else {
      return nil
    }
    (self.month, zone, closedAt) = (month, report.period.zone, report.period.now)
    (spaces, adjustments) = (report.spaces, report.adjustments)
  }

  /// The month and the time that it was compared with, then.
  public var period: ReportPeriod { ReportPeriod(month: month, zone: zone, now: closedAt) }

  /// What was reported then.
  public func report(prices: PriceTable) -> CostReport {
    CostReport(
      period: period, spaces: spaces, prices: prices, closedAt: closedAt, adjustments: adjustments)
  }

  /// What grants and labels were then, by the names of then.
  public var tags: [SpaceID: SpaceTags] {
    Dictionary(spaces.map { ($0.space, $0.tags) }) { first, _ in first }
  }
}

// MARK: What became known later

/// The difference that a closed month would have if it were closed with what is known now.
public struct Adjustment: Hashable, Sendable {
  /// The closed month.
  public let month: CivilDate
  public let space: SpaceID
  /// What is to be added to what was reported.
  public let cost: Bounds<Money>
  /// What is known otherwise now, for people.
  public let reason: String

  /// A line of the month that takes it over.
  fileprivate func line(on day: CivilDate) -> LineItem {
    LineItem(
      day: day, hardware: "adjustment-\(month.description.dropLast(3))", perHour: nil, minutes: nil,
      cost: cost)
  }
}

extension Sequence<ClosedReport> {
  /// What closed months, and those that took over adjustments of them, did not yet say.
  ///
  /// - Parameters:
  ///   - now: all of their days in their zone, by what is known now.
  ///   - names: present names of Spaces that were renamed, by former ones.
  public func adjustments(by now: CostReport, names: [SpaceID: SpaceID]) -> [Adjustment] {
    var differences: [CivilDate: [SpaceID: LineDifference]] = [:]
    let months = Set(map(\.month))
    for space in now.spaces {
      for line in space.lines where months.contains(line.day.startOfMonth) {
        differences[line.day.startOfMonth, default: [:]][space.space, default: LineDifference()].add(line)
      }
    }
    for closed in self {
      for space in closed.spaces {
        let name = names[space.space] ?? space.space
        for line in space.lines where !line.isAdjustment {
          differences[closed.month, default: [:]][name, default: LineDifference()].subtract(line)
        }
      }
      for adjustment in closed.adjustments where months.contains(adjustment.month) {
        let name = names[adjustment.space] ?? adjustment.space
        differences[adjustment.month, default: [:]][name, default: LineDifference()].cost -= adjustment.cost
      }
    }
    return differences.flatMap { month, spaces in
      spaces.filter { $0.value.cost != .zero }.map { space, difference in
        Adjustment(month: month, space: space, cost: difference.cost, reason: difference.reason)
      }
    }.sorted { ($0.month, $0.space) < ($1.month, $1.space) }
  }
}

/// What is known now, less what was known when the month was closed.
private struct LineDifference {
  var cost: Bounds<Money> = .zero
  private var minutes: [String: (now: BilledTime, then: BilledTime)] = [:]
  private var prices: [String: (now: Set<Money>, then: Set<Money>)] = [:]

  mutating func add(_ line: LineItem) {
    cost += line.cost ?? .zero
    minutes[line.hardware, default: (.zero, .zero)].now += line.minutes?.estimate ?? .zero
    if let price = line.perHour { prices[line.hardware, default: ([], [])].now.insert(price) }
  }

  mutating func subtract(_ line: LineItem) {
    cost -= line.cost ?? .zero
    minutes[line.hardware, default: (.zero, .zero)].then += line.minutes?.estimate ?? .zero
    if let price = line.perHour { prices[line.hardware, default: ([], [])].then.insert(price) }
  }

  var reason: String {
    let changes = minutes.sorted { $0.key < $1.key }.compactMap { hardware, time -> String? in
      let price = prices[hardware] ?? ([], [])
      func text(_ prices: Set<Money>) -> String {
        prices.isEmpty ? "no price" : prices.sorted().map { NumberText.price($0) }.joined(separator: " and ")
      }
      guard time.now == time.then else {
        return "\(time.now.minutesText) minutes on \(hardware) instead of \(time.then.minutesText)"
      }
      return price.now == price.then
        ? nil : "\(hardware) at \(text(price.now)) an hour instead of \(text(price.then))"
    }
    return changes.isEmpty ? "other bounds, or taken over before" : changes.joined(separator: "; ")
  }
}

extension LineItem {
  fileprivate var isAdjustment: Bool { hardware.hasPrefix("adjustment-") }
}

extension CostReport {
  /// With what became known of closed months, as lines on its first day.
  public func taking(over adjustments: [Adjustment]) -> CostReport {
    guard !adjustments.isEmpty else { return self }
    let day = WallClock(period.zone).date(at: period.range.lowerBound)
    let lines = Dictionary(grouping: adjustments, by: \.space).mapValues { $0.map { $0.line(on: day) } }
    return CostReport(
      spaces: spaces.map { space in
        guard let more = lines[space.space] else { return space }
        return space.replacing(lines: (space.lines + more).sorted(by: LineItem.inOrder))
      }, adjustments: adjustments, like: self)
  }

  /// Compared with a month as it was closed.
  public func compared(with closed: ClosedReport, names: [SpaceID: SpaceID]) -> CostReport {
    guard closed.period.range == period.comparison else { return self }
    let lines = Dictionary(closed.spaces.map { (names[$0.space] ?? $0.space, $0.lines) }) { $0 + $1 }
    return CostReport(
      spaces: spaces.map { $0.replacing(comparisonLines: lines[$0.space] ?? []) }, adjustments: adjustments,
      like: self)
  }
}

// MARK: As text

/// A kept month could not be read.
public struct UnreadableClosedReport: Error, Hashable, Sendable, CustomStringConvertible {
  public let reason: String
  public var description: String { "a closed month in the database can't be read: \(reason)" }
}

extension ClosedReport {
  /// JSON, in one order.
  public func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let kept = Kept(
      month: month.dayNumber, zone: zone.ianaName, closedAt: closedAt.secondsSince1970,
      spaces: spaces.map(KeptSpace.init),
      adjustments: adjustments.map {
        KeptAdjustment(
          month: $0.month.dayNumber, space: $0.space.description, cost: KeptBounds($0.cost, \.nanoDollars),
          reason: $0.reason)
      })
    return String(decoding: try encoder.encode(kept), as: UTF8.self)
  }

  /// Reads what ``text()`` has written.
  ///
  /// - Throws: ``UnreadableClosedReport``
  public init(text: String) throws {
    do {
      let kept = try JSONDecoder().decode(Kept.self, from: Data(text.utf8))
      month = CivilDate(dayNumber: kept.month)
      zone = try TimeZone(ianaName: kept.zone)
      closedAt = Instant(secondsSince1970: kept.closedAt)
      spaces = try kept.spaces.map { try $0.costs() }
      adjustments = try kept.adjustments.map {
        Adjustment(
          month: CivilDate(dayNumber: $0.month), space: try SpaceID($0.space),
          cost: try $0.cost.bounds(Money.init(nanoDollars:)), reason: $0.reason)
      }
    } catch {
      throw UnreadableClosedReport(reason: "\(error)")
    }
  }
}

/// What is kept, in types that don't change when ours do. Amounts are nano-dollars and seconds.
private struct Kept: Codable {
  var month: Int64
  var zone: String
  var closedAt: Int64
  var spaces: [KeptSpace]
  var adjustments: [KeptAdjustment]
}

private struct KeptAdjustment: Codable {
  var month: Int64
  var space: String
  var cost: KeptBounds
  var reason: String
}

/// Whole numbers as text: JSON's lose digits on the way.
private struct KeptBounds: Codable {
  var low: String
  var estimate: String
  var high: String

  init<Value>(_ bounds: Bounds<Value>, _ number: (Value) -> Int128) {
    let texts = bounds.map { String(number($0)) }
    (low, estimate, high) = (texts.low, texts.estimate, texts.high)
  }

  func bounds<Value>(_ value: (Int128) -> Value) throws -> Bounds<Value> {
    try Bounds(low: low, estimate: estimate, high: high).map { value(try wholeNumber($0)) }
  }
}

private func wholeNumber(_ text: String) throws -> Int128 {
  guard let number = Int128(text) else { throw UnreadableClosedReport(reason: "'\(text)' is no number") }
  return number
}

private struct KeptLine: Codable {
  var day: Int64
  var hardware: String
  var perHour: String?
  var minutes: KeptBounds?
  var cost: KeptBounds?

  init(_ line: LineItem) {
    (day, hardware) = (line.day.dayNumber, line.hardware)
    perHour = line.perHour.map { String($0.nanoDollars) }
    minutes = line.minutes.map { KeptBounds($0, \.seconds) }
    cost = line.cost.map { KeptBounds($0, \.nanoDollars) }
  }

  func line() throws -> LineItem {
    LineItem(
      day: CivilDate(dayNumber: day), hardware: hardware,
      perHour: try perHour.map { Money(nanoDollars: try wholeNumber($0)) },
      minutes: try minutes?.bounds(BilledTime.init(seconds:)),
      cost: try cost?.bounds(Money.init(nanoDollars:)))
  }
}

private struct KeptRange: Codable {
  var from: Int64
  var until: Int64

  init(_ range: Range<Instant>) {
    (from, until) = (range.lowerBound.secondsSince1970, range.upperBound.secondsSince1970)
  }

  func range() throws -> Range<Instant> {
    guard from <= until else { throw UnreadableClosedReport(reason: "a time ends before it begins") }
    return Instant(secondsSince1970: from)..<Instant(secondsSince1970: until)
  }
}

private struct KeptAction: Codable {
  var at: Int64
  var kind: String
  var from: String
  var to: String
  var outcome: String?
  var reason: String
  var cause: String?
}

private struct KeptRun: Codable {
  var time: KeptRange
  var hardware: String
  var replicas: Int
}

private struct KeptSpace: Codable {
  var space: String
  var policy: String?
  var labels: [String: String]
  /// Names and weights.
  var split: [[String: Int]]
  var isGranted: Bool
  var granted: String
  var lines: [KeptLine]
  var comparisonLines: [KeptLine]
  var firstLook: Int64?
  var lastLook: Int64?
  var known: KeptRange
  var gaps: [KeptRange]
  var unpricedStorage: [String]
  var actions: [KeptAction]
  /// Nil where the month was closed without pictures.
  var course: [KeptRun]?
  var courseRange: KeptRange?

  init(_ costs: SpaceCosts) {
    space = costs.space.description
    policy = costs.tags.policy
    labels = costs.tags.labels
    split = costs.tags.split.map { [$0.name: $0.weight] }
    isGranted = costs.tags.isGranted
    granted = String(costs.granted.nanoDollars)
    lines = costs.lines.map(KeptLine.init)
    comparisonLines = costs.comparisonLines.map(KeptLine.init)
    firstLook = costs.firstLook?.secondsSince1970
    lastLook = costs.lastLook?.secondsSince1970
    known = KeptRange(costs.known)
    gaps = costs.gaps.map(KeptRange.init)
    unpricedStorage = costs.unpricedStorage.map(\.rawValue)
    actions = costs.actions.map {
      KeptAction(
        at: $0.at.secondsSince1970, kind: $0.kind.rawValue, from: $0.from, to: $0.to,
        outcome: $0.outcome?.rawValue, reason: $0.reason, cause: $0.cause?.rawValue)
    }
    course = costs.course?.segments.compactMap { run in
      run.value.map {
        KeptRun(time: KeptRange(run.range), hardware: $0.hardware.rawValue, replicas: $0.replicas)
      }
    }
    courseRange = costs.course.map { KeptRange($0.range) }
  }

  func costs() throws -> SpaceCosts {
    let id = try SpaceID(space)
    let tags = SpaceTags(
      policy: policy, labels: labels,
      split: split.flatMap { $0.map { SpaceTags.Share(name: $0.key, weight: $0.value) } },
      isGranted: isGranted)
    let actions = try actions.map { action in
      guard let kind = SpaceAction.Kind(rawValue: action.kind) else {
        throw UnreadableClosedReport(reason: "'\(action.kind)' is no kind of action")
      }
      return SpaceAction(
        space: id, at: Instant(secondsSince1970: action.at), kind: kind, from: action.from, to: action.to,
        outcome: action.outcome.flatMap(SpaceAction.Outcome.init), reason: action.reason,
        cause: action.cause.flatMap(SpaceAction.Cause.init))
    }
    let (lines, comparisonLines) = (
      try lines.map { try $0.line() }, try comparisonLines.map { try $0.line() }
    )
    var course: Timeline<Billed?>?
    if let runs = self.course, let range = try courseRange?.range() {
      let changes = try runs.flatMap { run -> [(Instant, Billed?)] in
        let time = try run.time.range()
        let billed = Billed(hardware: SpaceHardware(rawValue: run.hardware), replicas: run.replicas)
        return [(time.lowerBound, billed), (time.upperBound, nil)]
      }
      course = Timeline(nil, over: range, changes: changes)
    }
    return SpaceCosts(
      space: id, tags: tags, granted: Money(nanoDollars: try wholeNumber(granted)), lines: lines,
      comparisonLines: comparisonLines, firstLook: firstLook.map(Instant.init(secondsSince1970:)),
      lastLook: lastLook.map(Instant.init(secondsSince1970:)), known: try known.range(),
      gaps: try gaps.map { try $0.range() }, addedIfUnchanged: .zero,
      unpricedStorage: unpricedStorage.map(SpaceStorage.init(rawValue:)), course: course, actions: actions)
  }
}
