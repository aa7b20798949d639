public import Money
public import Pricing
public import Spaces
public import Timelines

/// What a report has to say of one Space: its charges, what is not known, and what spaceplan did to it.
public struct SpaceCosts: Sendable {
  public let space: SpaceID
  /// What the rule files say of it.
  public let tags: SpaceTags
  /// What a grant paid for in the period, at the prices of the table; nothing for a Space without one.
  public let granted: Money
  /// The charges of the period, in order of day, hardware and price.
  public let lines: [LineItem]
  /// The same at the prices of the table, also what a grant pays for. A month that was closed keeps its charges alone.
  public let listLines: [LineItem]
  /// The charges of the time that the period is compared with, in the same order.
  public let comparisonLines: [LineItem]
  public let total: Bounds<Money>
  /// What it cost in the time that the period is compared with, as far as it is known.
  public let comparisonTotal: Bounds<Money>
  /// When somebody first looked; nil if nobody has. Nothing is charged before.
  public let firstLook: Instant?
  /// The last look until now, at whatever it saw.
  public let lastLook: Instant?
  /// The part of the period from the first look until now, or until it was found to be gone for good.
  public let known: Range<Instant>
  /// The parts of that in which nobody looked, in order.
  public let gaps: [Range<Instant>]
  /// Those of them in which it was gone and came back.
  let absences: Set<Range<Instant>>
  /// What the time since the last look adds to a running period if nothing has changed since then; it is not in
  /// the estimate. Nothing once the period is over.
  public let addedIfUnchanged: Money
  /// Storage held in the period that has no price in the table, in order of name.
  public let unpricedStorage: [SpaceStorage]
  /// What it was billed for in the period, by the estimate; nil where nobody asked for pictures.
  let course: Timeline<Billed?>?
  /// What spaceplan did in the period, in order of time.
  public let actions: [SpaceAction]

  init(
    space: SpaceID, tags: SpaceTags, granted: Money, lines: [LineItem], listLines: [LineItem],
    comparisonLines: [LineItem], firstLook: Instant?, lastLook: Instant?, known: Range<Instant>,
    gaps: [Range<Instant>], absences: Set<Range<Instant>>,
    addedIfUnchanged: Money, unpricedStorage: [SpaceStorage], course: Timeline<Billed?>?,
    actions: [SpaceAction]
  ) {
    (self.space, self.tags, self.granted) = (space, tags, granted)
    (self.lines, self.listLines, self.comparisonLines) = (lines, listLines, comparisonLines)
    (total, comparisonTotal) = (lines.totalCost, comparisonLines.totalCost)
    (self.firstLook, self.lastLook, self.known) = (firstLook, lastLook, known)
    (self.gaps, self.absences) = (gaps, absences)
    (self.addedIfUnchanged, self.unpricedStorage) = (addedIfUnchanged, unpricedStorage)
    (self.course, self.actions) = (course, actions)
  }

  func replacing(lines: [LineItem]? = nil, comparisonLines: [LineItem]? = nil) -> SpaceCosts {
    SpaceCosts(
      space: space, tags: tags, granted: granted, lines: lines ?? self.lines, listLines: listLines,
      comparisonLines: comparisonLines ?? self.comparisonLines, firstLook: firstLook, lastLook: lastLook,
      known: known, gaps: gaps, absences: absences, addedIfUnchanged: addedIfUnchanged,
      unpricedStorage: unpricedStorage,
      course: course, actions: actions)
  }

  /// Works out all of it from what was recorded of the Space.
  /// - Parameters:
  ///   - intervals: all observations of the Space, in order, from the first look on.
  ///   - actions: all of our actions on it, in any order.
  ///   - tags: what the rule files say of it; a granted Space's hardware is charged at nothing.
  ///   - watchedGap: the longest time between two looks that counts as watched, in seconds.
  ///   - keepsCourse: for pictures.
  public init(
    _ space: SpaceID, intervals: [Interval], actions: [SpaceAction], period: ReportPeriod, prices: PriceTable,
    tags: SpaceTags = SpaceTags(), watchedGap: Int64 = SpaceUsage.usualWatchedGap, keepsCourse: Bool = false
  ) {
    let (now, zone) = (period.now, period.zone)
    let sent = actions.filter(\.countsAsSent).map(\.at)
    let usage = SpaceUsage(
      intervals: intervals, actions: sent, watchedGap: watchedGap, now: now, prices: prices)
    let worth = usage.lineItems(in: period.range, zone: zone, prices: prices)
    let lines = worth.charged(isGranted: tags.isGranted)

    let lastLook = intervals.reversed().lazy.compactMap { $0.looks.last { $0 <= now } }.first
    let end = usage.goneSince ?? now
    let known = (min(usage.firstLook ?? end, end)..<end).clamped(to: period.elapsed)
    var addedIfUnchanged = Money.zero
    if period.isRunning, let lastLook, now - lastLook > watchedGap {
      let ifUnchanged = usage.lineItemsIfUnchanged(in: period.range, zone: zone, prices: prices)
        .charged(isGranted: tags.isGranted)
      addedIfUnchanged = ifUnchanged.totalCost.estimate - lines.totalCost.estimate
    }
    func inKnown(_ stretches: [Range<Instant>]) -> [Range<Instant>] {
      stretches.map { $0.clamped(to: known) }.filter { !$0.isEmpty }
    }
    self.init(
      space: space, tags: tags, granted: worth.totalCost.estimate - lines.totalCost.estimate, lines: lines,
      listLines: worth,
      comparisonLines: usage.lineItems(in: period.comparison, zone: zone, prices: prices)
        .charged(isGranted: tags.isGranted),
      firstLook: usage.firstLook, lastLook: lastLook, known: known,
      gaps: inKnown(usage.gaps), absences: Set(inKnown(usage.absences)),
      addedIfUnchanged: addedIfUnchanged,
      unpricedStorage: usage.unpricedStorage(in: period.range, prices: prices),
      course: keepsCourse ? usage.billed.estimate.clipped(to: period.elapsed) : nil,
      actions: actions.filter { period.elapsed.contains($0.at) }.sorted { $0.at < $1.at })
  }

  /// The time on hardware that costs money, estimated.
  public var paidTime: BilledTime { lines.paidTime }
  /// It has a line without a price.
  public var hasUnpriced: Bool { lines.contains(where: \.isUnpriced) || !unpricedStorage.isEmpty }
  /// Whether the estimate takes anything of a gap: nothing of what no look has followed yet, and nothing of
  /// an absence.
  func isEstimated(_ gap: Range<Instant>) -> Bool {
    !absences.contains(gap) && lastLook.map { gap.upperBound <= $0 } ?? false
  }

  public var gapSeconds: Int64 { gaps.reduce(0) { $0 + $1.seconds } }

  /// It costs nothing, did not before, and neither is in doubt.
  var isFree: Bool { total == .zero && comparisonTotal == .zero && !hasUnpriced }
}

extension Sequence<LineItem> {
  /// The time on hardware that costs money, estimated.
  var paidTime: BilledTime {
    reduce(.zero) { time, line in
      guard let perHour = line.perHour, perHour > .zero else { return time }
      return time + (line.minutes?.estimate ?? .zero)
    }
  }
}
