import Cron
import LocatedYAML
import Timelines

/// Wall time that a change of the clock skips or shows twice.
private struct ClockChange {
  let instant: Instant
  let isGap: Bool
  /// As seconds on the wall.
  let wall: Range<Int64>

  /// Those of a range, in order of time.
  static func all(in range: Range<Instant>, on clock: WallClock) -> [ClockChange] {
    sequence(first: clock.nextTransition(after: range.lowerBound)) { latest in
      latest.flatMap { clock.nextTransition(after: $0) }
    }
    .prefix { $0.map(range.contains) ?? false }.compactMap(\.self)
    .map { instant in
      let before = instant.secondsSince1970 + clock.offset(at: instant - 1)
      let after = instant.secondsSince1970 + clock.offset(at: instant)
      return ClockChange(
        instant: instant, isGap: after > before, wall: min(before, after)..<max(before, after))
    }
  }
}

extension Policy {
  /// Rules for a minute that the clock skips, or shows twice, on some day of the next two years. Of rules that
  /// fire in every hour nobody expects anything else.
  func rulesAtClockChanges(from now: Instant) -> [Diagnostic] {
    let clock = WallClock(zone)
    let changes = ClockChange.all(in: now..<now + 2 * 366 * 86_400, on: clock)
    return rules.filter { !($0.cron.isInterval && $0.cron.namesEveryHour) }.flatMap { rule in
      [true, false].compactMap { isGap in
        let touched = changes.filter { $0.isGap == isGap }.compactMap { change in
          rule.minute(in: change).map { (change, $0) }
        }
        return touched.isEmpty ? nil : rule.advice(on: touched, clock)
      }
    }
  }
}

extension Rule {
  /// The first wall minute of a change for which the rule would fire.
  fileprivate func minute(in change: ClockChange) -> WallTime? {
    guard validity.contains(change.instant) else { return nil }
    // On a clock that never changes, every wall minute is there once.
    let wall =
      Instant(
        secondsSince1970: change.wall.lowerBound)..<Instant(secondsSince1970: change.wall.upperBound)
    return cron.occurrences(in: wall, zone: .gmt).lazy
      .map { WallTime(secondsSinceEpoch: $0.secondsSince1970) }
      .first { cycle?.contains($0.date) ?? true }
  }

  /// - Parameter touched: changes of one kind, with the minute that each touches; not empty.
  fileprivate func advice(
    on touched: [(change: ClockChange, minute: WallTime)], _ clock: WallClock
  ) -> Diagnostic {
    let (change, minute) = touched[0]
    let days = touched.map { "\($0.minute.date)" }.joined(separator: ", ")
    let effect: String
    switch (change.isGap, cron.isInterval) {
    case (true, false):
      let end = cron.next(after: change.instant - 1, on: clock) ?? change.instant
      effect = "fires at \(clock.reading(at: end).hourAndMinute) then"
    case (true, true): effect = "does not fire then"
    case (false, false): effect = "fires the first time only"
    case (false, true): effect = "fires both times"
    }
    return Diagnostic(
      cron.isInterval ? .warning : .note, at: place,
      message: "the clock of \(clock.zone.ianaName) \(change.isGap ? "skips" : "shows") "
        + "\(minute.hourAndMinute)\(change.isGap ? "" : " twice") on \(days): '\(label)' \(effect)",
      hint: cron.isInterval
        ? "a rule for fixed times, whose minute and hour do not begin with '*', fires once on every day"
        : nil)
  }
}
