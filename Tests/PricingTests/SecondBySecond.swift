import Foundation
import Money
import Pricing
import Spaces
import TestSupport
import Timelines

/// Charges worked out second by second, from the words of the design alone: slow, and plain enough to be read
/// beside them. Shares with the module neither code nor structure.
struct SecondBySecond {
  let world: RandomWorld

  typealias Hold = (hardware: String, replicas: Int)?

  private enum Scenario: Int, CaseIterable {
    case low
    case estimate
    case high
  }

  private struct Row: Hashable {
    let day: CivilDate
    let hardware: String
    let price: Int?
  }

  /// One text a line item, in order.
  func lines() -> [String] {
    var counts: [Row: [Int]] = [:]
    var storage: [Row: [(seconds: Int, nanos: Int, monthSeconds: Int)]] = [:]
    let clock = WallClock(world.zone)
    for scenario in Scenario.allCases {
      var runStart = Int64.min
      var previous: Hold = nil
      for second in world.window {
        let hold = held(second, scenario)
        if hold?.hardware != previous?.hardware || hold?.replicas != previous?.replicas { runStart = second }
        previous = hold
        guard world.range.contains(second), let hold else { continue }
        let counted = world.isExact ? 1 : ((second - runStart) % 60 == 0 ? 60 : 0)
        let day = clock.date(at: Instant(secondsSince1970: second))
        let row = Row(day: day, hardware: hold.hardware, price: world.price(hold.hardware, second))
        counts[row, default: [0, 0, 0]][scenario.rawValue] += counted * hold.replicas
      }
    }
    for second in world.range {
      guard let name = estimatedState(second)?.storage?.rawValue, let nanos = world.price(name, second) else {
        continue
      }
      let row = Row(
        day: clock.date(at: Instant(secondsSince1970: second)), hardware: "storage-\(name)", price: nil)
      let month = WallTime(secondsSinceEpoch: second).date
      let length = 86_400 * CivilDate.days(inMonth: month.month, ofYear: month.year)
      storage[row, default: []].append((1, nanos, length))
    }
    var lines: [(Row, String)] = []
    for (row, seconds) in counts where seconds != [0, 0, 0] {
      let minutes = seconds.map { decimals(round(Int128($0) * 1_000_000_000, 60)) }.joined(separator: "/")
      let costs = row.price.map { price in
        seconds.map { "\(round(Int128($0) * Int128(price), 3600))" }.joined(separator: "/")
      }
      lines.append((row, "\(row.day) \(row.hardware) \(minutes) \(costs ?? "-")"))
    }
    for (row, parts) in storage {
      let whole = Int128(28 * 29 * 30 * 31) * 86_400
      let sum = parts.reduce(Int128(0)) { $0 + Int128($1.nanos) * (whole / Int128($1.monthSeconds)) }
      let cost = round(sum, whole)
      lines.append((row, "\(row.day) \(row.hardware) - \(cost)/\(cost)/\(cost)"))
    }
    return lines.sorted {
      ($0.0.day, $0.0.hardware, $0.0.price ?? -1) < ($1.0.day, $1.0.hardware, $1.0.price ?? -1)
    }.map(\.1)
  }

  // MARK: Who is billed at a second

  private var looks: [(at: Int64, state: SpaceState)] { world.looks }

  /// The index of the look that the second follows.
  private func lookBefore(_ second: Int64) -> Int? { looks.lastIndex { $0.at <= second } }

  private func action(_ a: Int64, _ b: Int64) -> Int64? {
    world.actions.filter { a <= $0 && $0 < b }.max()
  }

  private func rate(_ hold: Hold, _ second: Int64) -> Int {
    hold.map { (world.price($0.hardware, second) ?? 0) * $0.replicas } ?? 0
  }

  private func potential(_ state: SpaceState) -> Hold {
    guard state.stage != .gone, let hardware = state.hardware ?? state.requestedHardware else { return nil }
    return (hardware.rawValue, state.replicas)
  }

  private func billed(_ state: SpaceState, _ second: Int64) -> Hold {
    let rule = world.rules.last { $0.from <= second }
    return rule?.stages.contains(state.stage.rawValue) == true ? potential(state) : nil
  }

  private func dearer(_ a: Hold, _ b: Hold, _ second: Int64) -> Hold {
    rate(b, second) > rate(a, second) ? b : a
  }

  private func cheaper(_ a: Hold, _ b: Hold, _ second: Int64) -> Hold {
    rate(b, second) < rate(a, second) ? b : a
  }

  /// The state of which the estimate charges a second.
  private func estimatedState(_ second: Int64) -> SpaceState? {
    guard second < world.now, let index = lookBefore(second) else { return nil }
    let (a, stateA) = looks[index]
    if stateA.stage == .gone { return nil }
    guard index + 1 < looks.count else { return second < a + world.gap ? stateA : nil }
    let (b, stateB) = looks[index + 1]
    if stateA == stateB { return stateA }
    let change = action(a, b) ?? (a + b) / 2
    return second < change ? stateA : (stateB.stage == .gone ? nil : stateB)
  }

  private func held(_ second: Int64, _ scenario: Scenario) -> Hold {
    guard second < world.now, let index = lookBefore(second) else { return nil }
    let estimate = estimatedState(second).flatMap { billed($0, second) }
    if scenario == .estimate { return estimate }
    let (a, stateA) = looks[index]
    if stateA.stage == .gone {
      guard scenario == .high, let found = looks[index...].first(where: { $0.state.stage != .gone }) else {
        return nil
      }
      let before = looks[..<index].last { $0.state.stage != .gone }
      return dearer(before.flatMap { potential($0.state) }, potential(found.state), second)
    }
    guard index + 1 < looks.count else { return scenario == .low ? estimate : potential(stateA) }
    let (b, stateB) = looks[index + 1]
    let watched = b - a <= world.gap
    if scenario == .low {
      if !watched { return nil }
      if stateA == stateB || action(a, b) != nil { return estimate }
      return cheaper(billed(stateA, second), billed(stateB, second), second)
    }
    if stateA == stateB { return watched ? estimate : potential(stateA) }
    if let action = action(a, b) {
      return watched ? estimate : potential(second < action ? stateA : stateB)
    }
    return watched
      ? dearer(billed(stateA, second), billed(stateB, second), second)
      : dearer(potential(stateA), potential(stateB), second)
  }

  // MARK: Arithmetic

  /// Half to even, for what is not negative.
  private func round(_ numerator: Int128, _ denominator: Int128) -> Int128 {
    let down = numerator / denominator
    let twice = 2 * (numerator - down * denominator)
    return down + (twice > denominator || (twice == denominator && down % 2 == 1) ? 1 : 0)
  }

  private func decimals(_ billionths: Int128) -> String {
    var digits = "\(billionths % 1_000_000_000 + 1_000_000_000)".dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(billionths / 1_000_000_000)" + (digits.isEmpty ? "" : ".\(digits)")
  }
}

/// A random history of one Space, prices and rules that change within it, and a range to charge.
struct RandomWorld {
  let zone: TimeZone
  let isExact: Bool
  let prices: [String: [(from: Int64, nanos: Int)]]
  let rules: [(from: Int64, stages: [String])]
  let intervals: [Interval]
  /// Those until now.
  let looks: [(at: Int64, state: SpaceState)]
  let actions: [Int64]
  let gap: Int64
  let now: Int64
  /// From before the first look until after now.
  let window: Range<Int64>
  let range: Range<Int64>

  /// Instants at which a day, a month or a clock changes, in the zones that are drawn.
  private static let turns: [(String, String)] = [
    ("UTC", "2026-03-01T00:00:00Z"), ("Asia/Kathmandu", "2026-02-28T18:15:00Z"),
    ("America/New_York", "2026-03-01T00:00:00Z"), ("Africa/Cairo", "2026-04-23T22:00:00Z"),
    ("America/Santiago", "2026-04-05T03:00:00Z"), ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("Europe/Paris", "2026-03-29T01:00:00Z"),
  ]

  init(using random: inout SplitMix64) throws {
    let (zoneName, turn) = Self.turns[Int.random(in: 0..<Self.turns.count, using: &random)]
    zone = try TimeZone(ianaName: zoneName)
    let middle = try Instant(turn).secondsSince1970
    let start = middle - Int64.random(in: 0...1200, using: &random)
    isExact = Bool.random(using: &random)
    gap = Int64.random(in: 20...300, using: &random)

    // Prices: some free, some the same, some in tiny amounts, where rounding shows.
    func changes(_ amounts: [Int]) -> [(from: Int64, nanos: Int)] {
      let count = Int.random(in: 0...2, using: &random)
      let later = (0..<count).map { _ in start + Int64.random(in: 0...1800, using: &random) }
      return Set([start - (Bool.random(using: &random) ? 100_000 : -300)] + later).sorted().map {
        ($0, amounts[Int.random(in: 0..<amounts.count, using: &random)])
      }
    }
    let amounts = [0, 0, 30, 90, 600_000_000, 600_000_000, 1_050_000_000, 23_500_000_000]
    prices = [
      "free": [(0, 0)], "t4": changes(amounts), "a10g": changes(amounts), "h100": changes(amounts),
      "small": changes([0, 1, 5_000_000_000]), "large": changes([7, 100_000_000_000]),
    ]
    let billable = [["RUNNING"], ["RUNNING", "APP_STARTING"], ["APP_STARTING", "PAUSED"]]
    rules = Set([start - 100_000, start + Int64.random(in: 0...1800, using: &random)]).sorted().map {
      ($0, billable[Int.random(in: 0..<billable.count, using: &random)])
    }

    // Looks: near each other, or not; the same state, one that differs in a part, or another.
    var state = Self.state(using: &random)
    var at = start
    var intervals: [Interval] = []
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      var looks: [Instant] = []
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        looks.append(Instant(secondsSince1970: at))
        at += Int64.random(in: 1...(Bool.random(using: &random) ? gap : 2 * gap), using: &random)
      }
      intervals.append(Interval(state: state, looks: looks))
      state = Self.change(state, using: &random)
    }
    self.intervals = intervals
    let last = intervals.last?.looks.last?.secondsSince1970 ?? start
    let now = max(start, last + Int64.random(in: -gap...(3 * gap), using: &random))
    self.now = now
    looks = intervals.flatMap { interval in interval.looks.map { ($0.secondsSince1970, interval.state) } }
      .filter { $0.0 <= now }
    actions = (0..<Int.random(in: 0...8, using: &random)).map { _ in
      Int64.random(in: (start - 10)...(last + 10), using: &random)
    }
    window = (start - 5)..<(max(now, last) + 5)
    let from = Int64.random(in: window, using: &random)
    range =
      Bool.random(using: &random) ? window : from..<Int64.random(in: from...window.upperBound, using: &random)
  }

  private static func state(using random: inout SplitMix64) -> SpaceState {
    func hardware(_ random: inout SplitMix64) -> SpaceHardware? {
      let names: [String?] = ["free", "t4", "t4", "a10g", "h100", "mystery", nil]
      return names[Int.random(in: 0..<names.count, using: &random)].map(SpaceHardware.init(rawValue:))
    }
    let stages = ["RUNNING", "RUNNING", "APP_STARTING", "SLEEPING", "PAUSED", "GONE", "FROM_TOMORROW"]
    let stage = stages[Int.random(in: 0..<stages.count, using: &random)]
    guard stage != "GONE" else { return .gone }
    let storage: [String?] = [nil, nil, "small", "large", "huge"]
    return SpaceState(
      stage: SpaceStage(rawValue: stage), hardware: hardware(&random), requestedHardware: hardware(&random),
      sleepTime: [nil, -1, 300][Int.random(in: 0..<3, using: &random)],
      replicas: [1, 1, 1, 0, 2, 3][Int.random(in: 0..<6, using: &random)],
      storage: storage[Int.random(in: 0..<storage.count, using: &random)].map(SpaceStorage.init(rawValue:)))
  }

  private static func change(_ state: SpaceState, using random: inout SplitMix64) -> SpaceState {
    let other = Self.state(using: &random)
    guard state.stage != .gone, other.stage != .gone else { return other }
    var changed = state
    switch Int.random(in: 0..<6, using: &random) {
    case 0: break
    case 1: changed.stage = other.stage
    case 2: changed.hardware = other.hardware
    case 3: changed.sleepTime = other.sleepTime
    case 4: changed.storage = other.storage
    default: changed = other
    }
    return changed
  }

  func price(_ name: String, _ second: Int64) -> Int? {
    prices[name]?.last { $0.from <= second }?.nanos
  }

  func table() throws -> PriceTable {
    func list(_ name: String, _ unit: String) -> String {
      let entries = (prices[name] ?? []).map { price in
        "{ from: \(Instant(secondsSince1970: price.from)), \(unit): \(Money(nanoDollars: Int128(price.nanos))) }"
      }
      return "  \(name): { prices: [\(entries.joined(separator: ", "))] }\n"
    }
    let stages = rules.map { rule in
      "{ from: \(Instant(secondsSince1970: rule.from)), billable: [\(rule.stages.joined(separator: ", "))] }"
    }
    let text =
      "version: 1\nbilling: { rounding: \(isExact ? "exact" : "up"), stages: [\(stages.joined(separator: ", "))] }\n"
      + "hardware:\n" + ["free", "t4", "a10g", "h100"].map { list($0, "per_hour") }.joined()
      + "storage:\n" + ["small", "large"].map { list($0, "per_month") }.joined()
    return try PricingTests.table(text)
  }

  func usage(prices: PriceTable) -> SpaceUsage {
    SpaceUsage(
      intervals: intervals, actions: actions.map { Instant(secondsSince1970: $0) }, watchedGap: gap,
      now: Instant(secondsSince1970: now), prices: prices)
  }
}
