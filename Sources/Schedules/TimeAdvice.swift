import Cron
public import LocatedYAML
public import Timelines

/// What shows only when rules are followed through time.
extension Schedules {
  /// Rules that never fire (again), and pairs of rules of one policy that meet on one instant within a year.
  ///
  /// At most 10,000 instants of each policy are looked at, which a rule that fires every hour needs.
  public func warnings(from now: Instant) -> [Diagnostic] {
    policies.flatMap { $0.rulesThatNeverFire(from: now) + $0.rulesThatMeet(from: now) }.sorted()
  }
}

extension Policy {
  fileprivate func rulesThatNeverFire(from now: Instant) -> [Diagnostic] {
    rules.filter { $0.cron.next(after: now, in: zone) == nil }.map { rule in
      let hasFired = rule.cron.previous(atOrBefore: now, in: zone) != nil
      return Diagnostic(
        .warning, at: rule.place,
        message: "'\(rule.cron)' never fires\(hasFired ? " again" : "") in \(zone.ianaName)",
        hint: hasFired ? nil : "no date that it asks for exists, or the clock skips its minute on all of them"
      )
    }
  }

  fileprivate func rulesThatMeet(from now: Instant) -> [Diagnostic] {
    let clock = WallClock(zone)
    let year: Int64 = 366 * 86_400
    var seen: Set<[Int]> = []
    var warnings: [Diagnostic] = []
    for firing in firings(in: now..<now + year).prefix(10_000) {
      let winner = firing.winner
      for other in firing.others where seen.insert([other.rule ?? -1, winner.rule ?? -1]).inserted {
        guard let rule = other.rule else { continue }
        let reason =
          other.wallTime == winner.wallTime
          ? "it stands later in the file"
          : "the clock skips \(other.wallTime.hourAndMinute) that day and its time is the later one"
        warnings.append(
          Diagnostic(
            .warning, at: rules[rule].place,
            message: "'\(other.name)' and '\(winner.name)' fire together, first at "
              + "\(clock.reading(at: firing.instant)) in \(zone.ianaName): '\(winner.name)' wins, as \(reason)"
          ))
      }
    }
    return warnings
  }
}
