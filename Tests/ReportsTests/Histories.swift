import Foundation
import Pricing
import Reports
import Spaces
import TestSupport
import Timelines

/// A Space as it really was, and who looked when: what tests make recorded histories from.
struct Life {
  let space: SpaceID
  var tags = SpaceTags()
  /// What it was from each instant on, in order.
  let changes: [(at: Instant, state: SpaceState)]
  var actions: [SpaceAction] = []

  /// The looks at it in a range, one every so many seconds, but for those in a blind time.
  func intervals(
    in range: Range<Instant>, every seconds: Int = 900, blind: [Range<Instant>] = []
  ) -> [Interval] {
    var intervals: [Interval] = []
    for instant in stride(
      from: range.lowerBound.secondsSince1970, to: range.upperBound.secondsSince1970, by: seconds
    ).map(Instant.init) where !blind.contains(where: { $0.contains(instant) }) {
      guard let state = changes.last(where: { $0.at <= instant })?.state else { continue }
      if intervals.last?.state == state {
        intervals[intervals.count - 1].looks.append(instant)
      } else {
        intervals.append(Interval(state: state, looks: [instant]))
      }
    }
    return intervals
  }
}

extension SpaceState {
  static func running(_ hardware: String, replicas: Int = 1, storage: SpaceStorage? = nil) -> SpaceState {
    let hardware = SpaceHardware(rawValue: hardware)
    return SpaceState(
      stage: .running, hardware: hardware, requestedHardware: hardware, replicas: replicas, storage: storage)
  }

  static func asleep(_ hardware: String, storage: SpaceStorage? = nil) -> SpaceState {
    SpaceState(stage: .sleeping, requestedHardware: SpaceHardware(rawValue: hardware), storage: storage)
  }

  static let paused = SpaceState(stage: .paused, requestedHardware: .cpuBasic)
}

extension TimeZone {
  static func named(_ name: String) throws -> TimeZone { try TimeZone(ianaName: name) }
}

extension CostReport {
  /// The report on some lives, looked at every fifteen minutes in a range.
  init(
    on lives: [Life], looks: Range<Instant>, blind: [Range<Instant>] = [], period: ReportPeriod,
    prices: PriceTable = .builtIn
  ) {
    self.init(
      period: period,
      spaces: lives.map { life in
        SpaceCosts(
          life.space, intervals: life.intervals(in: looks, blind: blind), actions: life.actions,
          period: period, prices: prices, tags: life.tags)
      }, prices: prices)
  }
}

/// Reports on random histories: all stages, unknown hardware, storage, gaps, renamed and vanished Spaces.
func randomReport(
  seed: UInt64,
  zones: [String] = ["UTC", "Europe/Paris", "America/New_York", "Pacific/Apia", "Asia/Kolkata"],
  prices: PriceTable = .builtIn
) throws -> CostReport {
  var random = SplitMix64(seed: seed)
  let zone = try TimeZone.named(zones[Int.random(in: 0..<zones.count, using: &random)])
  let start = try Instant("2025-10-01", zone: zone)
  let now = start + Int64.random(in: 0...(100 * 86_400), using: &random)
  let stages = [
    "RUNNING", "APP_STARTING", "SLEEPING", "PAUSED", "RUNNING_BUILDING", "TOMORROWS_STAGE", "GONE",
  ]
  let hardware: [SpaceHardware?] = [
    .cpuBasic, .t4Small, .a10gSmall, .l40sx1, SpaceHardware(rawValue: "tomorrow-x1"), nil,
  ]
  let tags = [
    SpaceTags(policy: "chat", labels: ["team": "research"]),
    SpaceTags(labels: ["team": "product", "site": "1"]),
    SpaceTags(
      policy: "=shared", split: [("research", 3), ("product", 4), ("-x", 6)].map(SpaceTags.Share.init)),
    SpaceTags(policy: "grant", isGranted: true),
  ]
  let lives = try (0..<Int.random(in: 0...6, using: &random)).map { number in
    var at = start + Int64.random(in: 0...(30 * 86_400), using: &random)
    var changes: [(at: Instant, state: SpaceState)] = []
    for _ in 0..<Int.random(in: 0...40, using: &random) {
      changes.append(
        (
          at,
          SpaceState(
            stage: SpaceStage(rawValue: stages[Int.random(in: 0..<stages.count, using: &random)]),
            hardware: hardware[Int.random(in: 0..<hardware.count, using: &random)],
            requestedHardware: .t4Small, replicas: Int.random(in: 0...3, using: &random),
            storage: [nil, .small, SpaceStorage(rawValue: "huge")][Int.random(in: 0...2, using: &random)])
        ))
      at = at + Int64.random(in: 1...(4 * 86_400), using: &random)
    }
    return Life(
      space: try SpaceID("owner\(number % 2)/space-\(number)"), tags: tags[number % 4], changes: changes)
  }
  let blind = (0..<3).map { _ in
    let from = start + Int64.random(in: 0...(90 * 86_400), using: &random)
    return from..<(from + Int64.random(in: 0...(5 * 86_400), using: &random))
  }
  let month = try CivilDate(month: ["2025-10", "2025-11", "2025-12"][Int.random(in: 0...2, using: &random)])
  return CostReport(
    on: lives, looks: start..<(now + 1), blind: blind,
    period: ReportPeriod(month: month, zone: zone, now: now), prices: prices)
}
