import Foundation
import Pricing
import Schedules
public import Spaces
public import Timelines

extension Recommendation {
  /// Why free hardware is not tried though it is allowed.
  public enum UntriedFree: Hashable, Sendable {
    /// Logs don't tell of all who came: whom it would let down has to be known.
    case logs
    /// Exceptions may rest on the default's sleep time, which would go.
    case exceptions
  }

  /// Why nothing can be recommended.
  public enum Obstacle: Error, Hashable, Sendable {
    /// It has run on nothing that costs money.
    case free
    /// Its last look found no such Space.
    case gone
    /// No look has found it.
    case neverSeen
    /// Too short a history; enough is known from an instant on.
    case tooShort(until: Instant)
    /// Nothing tells when it is visited.
    case nothingKnown
    /// Nobody is known to have come in one of these parts, and not all of who came is known.
    case noVisitsKnown(Range<Instant>)
    case noPrice(SpaceHardware)
  }
}

extension SpacePast {
  /// The part that logs tell of, where that is nearly all: they seldom begin and end with looks.
  fileprivate func mostlyLogged(in range: Range<Instant>) -> Range<Instant> {
    let logged = log.spans.map { $0.clamped(to: range) }.max { $0.seconds < $1.seconds }
    guard let logged, logged.seconds * 10 >= range.seconds * 9, logged.seconds >= Recommendation.leastKnown
    else { return range }
    return logged
  }
}

extension Policy {
  /// How many copies it asks for on hardware that costs money. From `cpu-basic` a Space comes back with one.
  fileprivate var paidCopies: Set<Int> {
    let all = [`default`] + rules.map { $0.set.completed(by: `default`) }
    let isReset = all.contains { $0.hardware == .cpuBasic }
    let paid = all.filter { $0.hardware != .cpuBasic && $0.state != .paused }
    guard paid.contains(where: { $0.replicas != nil }) else { return [] }
    return Set(paid.compactMap { $0.replicas ?? (isReset ? 1 : nil) })
  }
}

/// What a recommendation for a Space rests on: a part of its history to fit on and one that judges, and what may be
/// tried there.
struct RecommendationBasis {
  /// All before the part that judges.
  let beforehand: Range<Instant>
  /// What plans are fitted on: all of that, and its last third, two weeks at least, as weeks long gone mislead where
  /// visits grow or fall.
  let parts: [Range<Instant>]
  let judging: Range<Instant>
  /// The last twelve weeks, or what is known: how weeks differ.
  let latest: Range<Instant>
  let demand: Demand
  let trial: PlanTrial
  /// The default and the rules of today's policy.
  let todaysSettings: [Settings]
  /// How many copies they ask for on hardware that costs money.
  let todaysCopies: Set<Int>
  let failsOn: [SpaceHardware]
  let untriedFree: Recommendation.UntriedFree?

  private static let week: Int64 = 7 * 86_400

  /// - Parameters: as of ``Recommendation``.
  init(
    of past: SpacePast, in range: Range<Instant>, current: SpaceSchedule?, others: [SpaceHardware]?,
    prices: PriceTable, zone: TimeZone, now: Instant
  ) throws(Recommendation.Obstacle) {
    let policy = current?.policy
    todaysSettings = policy.map { [$0.default] + $0.rules.map(\.set) } ?? []
    let known = past.mostlyLogged(in: past.known(in: range))
    guard let firstLook = past.usage.firstLook else { throw .neverSeen }
    if past.goneSince != nil { throw .gone }
    guard known.seconds >= Recommendation.leastKnown else {
      // Nothing is known of a Space yet that was only looked at now.
      throw .tooShort(until: (known.isEmpty ? firstLook : known.lowerBound) + Recommendation.leastKnown)
    }
    guard let hardware = past.longestPaidHardware(in: known, prices: prices) else { throw .free }
    // The nearest whole weeks: a Friday more or less is not what a month costs.
    let border = known.upperBound - max(1, (known.seconds / 4 + Self.week / 2) / Self.week) * Self.week
    (beforehand, judging) = (known.lowerBound..<border, border..<known.upperBound)
    latest = known.clamped(to: known.upperBound - 12 * Self.week..<known.upperBound)
    // Visits don't tell what copies are for.
    todaysCopies = policy?.paidCopies ?? []
    let replicas = todaysCopies.max()
    let copies = max(1, replicas ?? past.state(at: border)?.replicas ?? 1)
    func choice(_ hardware: SpaceHardware) throws(Recommendation.Obstacle) -> PlanTrial.Choice {
      guard let perHour = prices.rate(of: Billed(hardware: hardware, replicas: copies), at: now) else {
        throw .noPrice(hardware)
      }
      return PlanTrial.Choice(
        hardware: hardware, replicas: replicas, copies: copies, perHour: perHour,
        startup: past.program.startup(on: hardware))
    }
    let present = try choice(hardware)
    let demand = past.demand(in: known)
    self.demand = demand
    guard !demand.basis.sources.isEmpty else { throw .nothingKnown }
    // Where all is known that nobody came tells enough.
    func tells(_ part: Range<Instant>) -> Bool {
      !demand.least.clipped(to: part).isEmpty || past.demand(in: part).basis.unknownSeconds == 0
    }
    for part in [beforehand, judging] where !tells(part) { throw .noVisitsKnown(part) }
    let recent = border - max(2 * Self.week, beforehand.seconds / 3)..<border
    // Where nobody came any plan keeps any promise.
    let isRecentVisited = !demand.least.clipped(to: recent).isEmpty
    parts = [beforehand] + (recent.lowerBound > beforehand.lowerBound && isRecentVisited ? [recent] : [])

    let isSeenFree =
      past.ran.contains(.cpuBasic) || todaysSettings.contains { $0.hardware == .cpuBasic }
    let asked = others ?? (isSeenFree ? [.cpuBasic] : [])
    failsOn = asked.filter(past.program.failsOn.contains)
    let allowed = asked.filter { !past.program.failsOn.contains($0) && $0 != hardware }
    var choices: [PlanTrial.Choice] = []
    for other in allowed where other != .cpuBasic { choices.append(try choice(other)) }
    let exceptions = policy?.exceptions ?? []
    let isFreeAllowed = allowed.contains(.cpuBasic)
    untriedFree = !isFreeAllowed ? nil : !demand.isLogged ? .logs : exceptions.isEmpty ? nil : .exceptions
    trial = PlanTrial(
      past: past, visits: demand.least, shortest: max(60, demand.resolution), present: present,
      others: choices, owed: Self.owed(demand.least, of: past, under: current, in: known, prices: prices),
      mayBeFree: isFreeAllowed && untriedFree == nil, prices: prices, zone: zone,
      hours: policy.flatMap { HardwareHours(of: $0) }, exceptions: exceptions)
  }

  /// Those who come when today's rules have it neither on free hardware nor paused.
  private static func owed(
    _ visits: Visits, of past: SpacePast, under current: SpaceSchedule?, in range: Range<Instant>,
    prices: PriceTable
  ) -> Visits {
    guard let current else { return visits }
    var isOwed = current.desired(over: range).map {
      $0.settings.hardware != .cpuBasic && $0.settings.state != .paused
    }
    if current.policy.idle != nil, let beginning = past.beginning(at: range.lowerBound) {
      let today = SpaceReplay(
        from: beginning, under: RuleSteps(current, in: range), visits: visits, in: range, prices: prices)
      isOwed = isOwed.zip(today.states) { $0 && $1.requestedHardware != .cpuBasic }
    }
    return Visits(inOrder: isOwed.segments.filter(\.value).map { visits.clipped(to: $0.range) })
  }
}
