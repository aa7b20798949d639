public import Spaces
public import Timelines

/// What one Space cost on one hardware.
public struct BillLine: Hashable, Sendable {
  public var space: SpaceID
  public var hardware: SpaceHardware
  /// Billed seconds, times replicas.
  public var seconds: Int64
  /// Started minutes of each run, times replicas.
  public var minutes: Int64
  /// Nil where some of the time has no price.
  public var nanoDollars: Int64?
}

extension SimulatedHub {
  private struct Running: Hashable {
    var hardware: SpaceHardware
    var replicas: Int
  }

  /// What all Spaces truly cost in a range, also those that were deleted; a range that goes on after the clock ends
  /// there. In the order of Spaces, then hardware. Each day is priced by itself, in UTC, and rounded to a
  /// nano-dollar, half to even.
  public func bill(from: Instant, until: Instant) -> [BillLine] {
    let range = from..<max(from, min(until, now))
    return Set(formerChanges.keys).union(spaces.keys).sorted().flatMap { bill(of: $0, range) }
  }

  private func bill(of id: SpaceID, _ range: Range<Instant>) -> [BillLine] {
    let changes = changes(of: id)
    guard let first = changes.first, first.at < range.upperBound else { return [] }
    let life = Timeline<SpaceState>(
      first.state, over: first.at..<range.upperBound, changes: changes.map { ($0.at, $0.state) })
    // Billing rules change at midnight, UTC.
    let days = Timeline<Int64>(0, over: life.range, changes: Self.midnights(in: life.range))
    let runs = life.zip(days) { [prices] state, day -> Running? in
      let isBillable = prices.isBillable(state.stage, Instant(secondsSince1970: day * 86_400))
      return isBillable ? state.hardware.map { Running(hardware: $0, replicas: state.replicas) } : nil
    }
    var lines: [SpaceHardware: BillLine] = [:]
    for run in runs.segments {
      guard let running = run.value else { continue }
      let replicas = Int64(running.replicas)
      var start = max(run.range.lowerBound, range.lowerBound)
      while start < run.range.upperBound {
        let nextDay = Instant(secondsSince1970: (start.secondsSince1970 / 86_400 + 1) * 86_400)
        let end = min(nextDay, run.range.upperBound)
        let minutes =
          (Self.minutes(end - run.range.lowerBound) - Self.minutes(start - run.range.lowerBound)) * replicas
        var line =
          lines[running.hardware]
          ?? BillLine(space: id, hardware: running.hardware, seconds: 0, minutes: 0, nanoDollars: 0)
        line.seconds += (end - start) * replicas
        line.minutes += minutes
        let price = prices.perHour(running.hardware, start)
        line.nanoDollars = line.nanoDollars.flatMap { sum in
          price.map { sum + Self.halfToEven(minutes * $0, over: 60) }
        }
        lines[running.hardware] = line
        start = end
      }
    }
    return lines.values.sorted { $0.hardware.rawValue < $1.hardware.rawValue }
  }

  private static func minutes(_ seconds: Int64) -> Int64 { (seconds + 59) / 60 }

  private static func midnights(in range: Range<Instant>) -> [(Instant, Int64)] {
    let first = range.lowerBound.secondsSince1970 / 86_400
    let last = range.upperBound.secondsSince1970 / 86_400
    return (first...last).map { (Instant(secondsSince1970: $0 * 86_400), $0) }
  }

  private static func halfToEven(_ number: Int64, over divisor: Int64) -> Int64 {
    let (quotient, rest) = number.quotientAndRemainder(dividingBy: divisor)
    if rest * 2 == divisor { return quotient + quotient % 2 }
    return rest * 2 > divisor ? quotient + 1 : quotient
  }
}

extension BillLine {
  /// Dollars, as short as they can be written: `12.4`. Nil without a price.
  public var cost: String? {
    nanoDollars.map { nano in
      let (dollars, rest) = nano.quotientAndRemainder(dividingBy: 1_000_000_000)
      guard rest > 0 else { return "\(dollars)" }
      let digits = String(1_000_000_000 + rest).dropFirst()
      return "\(dollars)." + digits.prefix(digits.count - digits.reversed().prefix { $0 == "0" }.count)
    }
  }
}
