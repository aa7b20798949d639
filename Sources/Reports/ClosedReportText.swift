import Foundation
import Money
import Pricing
import Spaces
import Timelines

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
      prices: priceFiles.map { KeptFile(name: $0.name, text: $0.text) }, spaces: spaces.map(KeptSpace.init),
      watchedGap: watchedGap, budget: budget.map { String($0.nanoDollars) },
      budgets: budgets.map {
        KeptBudget(
          name: $0.name, monthly: String($0.monthly.nanoDollars), spent: KeptBounds($0.spent, \.nanoDollars),
          note: $0.note)
      },
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
      self.init(
        month: CivilDate(dayNumber: kept.month), zone: try TimeZone(ianaName: kept.zone),
        closedAt: Instant(secondsSince1970: kept.closedAt),
        priceFiles: kept.prices.map { PriceFile(name: $0.name, text: $0.text) },
        spaces: try kept.spaces.map { try $0.costs() }, watchedGap: kept.watchedGap,
        budget: try kept.budget.map { Money(nanoDollars: try wholeNumber($0)) },
        budgets: try (kept.budgets ?? []).map {
          BudgetSpending(
            name: $0.name, monthly: Money(nanoDollars: try wholeNumber($0.monthly)),
            spent: try $0.spent.bounds(Money.init(nanoDollars:)), note: $0.note)
        },
        adjustments: try kept.adjustments.map {
          Adjustment(
            month: CivilDate(dayNumber: $0.month), space: try SpaceID($0.space),
            cost: try $0.cost.bounds(Money.init(nanoDollars:)), reason: $0.reason)
        })
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
  var prices: [KeptFile]
  var spaces: [KeptSpace]
  var watchedGap: Int64
  var budget: String?
  /// Missing in what was closed before there were any.
  var budgets: [KeptBudget]?
  var adjustments: [KeptAdjustment]
}

private struct KeptBudget: Codable {
  var name: String
  var monthly: String
  var spent: KeptBounds
  /// Missing where there is none, and in what was closed before there were any.
  var note: String?
}

private struct KeptFile: Codable {
  var name: String
  var text: String
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
    (day, hardware) = (line.day.dayNumber, line.subject.name)
    perHour = line.perHour.map { String($0.nanoDollars) }
    minutes = line.minutes.map { KeptBounds($0, \.seconds) }
    cost = line.cost.map { KeptBounds($0, \.nanoDollars) }
  }

  func line() throws -> LineItem {
    LineItem(
      day: CivilDate(dayNumber: day), subject: LineItem.Subject(name: hardware),
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

private struct KeptShare: Codable {
  var name: String
  var weight: Int
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
  var split: [KeptShare]
  var isGranted: Bool
  var granted: String
  var lines: [KeptLine]
  var comparisonLines: [KeptLine]
  var firstLook: Int64?
  var lastLook: Int64?
  var known: KeptRange
  var gaps: [KeptRange]
  /// Missing where there are none, and in what was closed before they were told apart from other gaps.
  var absences: [KeptRange]?
  var unpricedStorage: [String]
  var actions: [KeptAction]
  /// Nil where the month was closed without pictures.
  var course: [KeptRun]?
  var courseRange: KeptRange?

  init(_ costs: SpaceCosts) {
    space = costs.space.description
    policy = costs.tags.policy
    labels = costs.tags.labels
    split = costs.tags.split.map { KeptShare(name: $0.name, weight: $0.weight) }
    isGranted = costs.tags.isGranted
    granted = String(costs.granted.nanoDollars)
    lines = costs.lines.map(KeptLine.init)
    comparisonLines = costs.comparisonLines.map(KeptLine.init)
    firstLook = costs.firstLook?.secondsSince1970
    lastLook = costs.lastLook?.secondsSince1970
    known = KeptRange(costs.known)
    gaps = costs.gaps.map(KeptRange.init)
    let absences = costs.gaps.filter(costs.absences.contains)
    self.absences = absences.isEmpty ? nil : absences.map(KeptRange.init)
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
      split: split.map { SpaceTags.Share(name: $0.name, weight: $0.weight) },
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
      listLines: lines,
      comparisonLines: comparisonLines, firstLook: firstLook.map(Instant.init(secondsSince1970:)),
      lastLook: lastLook.map(Instant.init(secondsSince1970:)), known: try known.range(),
      gaps: try gaps.map { try $0.range() }, absences: Set(try (absences ?? []).map { try $0.range() }),
      addedIfUnchanged: .zero,
      unpricedStorage: unpricedStorage.map(SpaceStorage.init(rawValue:)), course: course, actions: actions)
  }
}
