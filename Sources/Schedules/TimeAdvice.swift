import Cron
public import LocatedYAML
public import Timelines

/// What shows only when rules are followed through time.
extension Schedules {
  /// Rules that never fire (again), rules of one policy that meet on an instant or hide one another, rules that a change
  /// of the clock touches, and exceptions for Spaces that stay paused.
  public func warnings(from now: Instant) -> [Diagnostic] {
    policies.flatMap { policy in
      policy.rulesThatNeverFire(from: now) + policy.rulesThatMeet(from: now)
        + policy.rulesAtClockChanges(from: now) + policy.exceptionsWhilePaused(from: now)
    }.sorted()
  }
}

extension Policy {
  fileprivate func rulesThatNeverFire(from now: Instant) -> [Diagnostic] {
    rules.indices.filter { nextFiring(ofRule: $0, after: now) == nil }.map { index in
      let rule = rules[index]
      let hasFired = latestFiring(ofRule: index, atOrBefore: now) != nil
      let hint: String?
      if rule.validity.upperBound <= now {
        hint = "its 'until' has passed: remove the rule, or move the date"
      } else if rule.cron.next(after: now, in: zone) == nil {
        hint =
          hasFired ? nil : "no date that it asks for exists, or the clock skips its minute on all of them"
      } else {
        hint =
          "it has no date between its 'from' and 'until'"
          + (rule.cycle == nil ? "" : ", in a week of 'every'")
      }
      return Diagnostic(
        .warning, at: rule.place,
        message: "'\(rule.cron)' never fires\(hasFired ? " again" : "") in \(zone.ianaName)", hint: hint)
    }
  }

  /// Other hardware starts no Space that is paused.
  fileprivate func exceptionsWhilePaused(from now: Instant) -> [Diagnostic] {
    let year: Int64 = 366 * 86_400
    guard !isProtected else { return [] }
    let clock = WallClock(zone)
    return exceptions.compactMap { exception in
      guard exception.set.names(.hardware), !exception.set.names(.state) else { return nil }
      let times = exception.overrides(in: now..<now + year, on: clock).map(\.range)
      let paused = times.first { range in
        // At once for nearly all, as a long time may have many boundaries.
        desired(at: range.lowerBound).settings.state == .paused
          && desired(over: range).segments.allSatisfy { $0.value.settings.state == .paused }
      }
      guard let paused else { return nil }
      return Diagnostic(
        .warning, at: exception.place,
        message:
          "'\(exception.name)' gives hardware to Spaces that are paused all the time, first from \(clock.reading(at: paused.lowerBound)) in \(zone.ianaName) on: other hardware starts none",
        hint: "state: running in its set would start them")
    }
  }

  // MARK: Two rules on one instant

  /// At most 10,000 instants of a year are looked at, which a rule that fires every hour needs; fewer where there are
  /// more than ten rules, as each costs a look at every rule.
  fileprivate func rulesThatMeet(from now: Instant) -> [Diagnostic] {
    let year: Int64 = 366 * 86_400
    let hidden = hiddenRules(from: now)
    var seen: Set<[Int]> = []
    var warnings = hidden.map { index, winners, isByOrder in
      let names = winners.map { "'\($0)'" }.joined(separator: " or ")
      return Diagnostic(
        .warning, at: rules[index].place,
        message: "'\(rules[index].label)' is hidden: whenever it fires, \(names) fires too and wins",
        hint: isByOrder
          ? "remove it, give it another time, or place it below \(winners.count == 1 ? names : "them")"
          : "remove it, or give it another time")
    }
    for firing in firings(in: now..<now + year).prefix(100_000 / max(10, rules.count)) {
      let winner = firing.winner
      for other in firing.others where seen.insert([other.rule ?? -1, winner.rule ?? -1]).inserted {
        // Which of two wins that ask for the same does not matter.
        guard let rule = other.rule, other.set != winner.set, !hidden.contains(where: { $0.index == rule }),
          meetsForCertain(other, winner)
        else { continue }
        warnings.append(meeting(of: other, ofRule: rule, with: winner))
      }
    }
    return warnings
  }

  private func meeting(of loser: Boundary, ofRule rule: Int, with winner: Boundary) -> Diagnostic {
    let clock = WallClock(zone)
    let reason =
      if loser.due < winner.due {
        "it acts early for \(winner.wallTime.hourAndMinute)"
      } else if loser.wallTime == winner.wallTime {
        "it stands later in the file"
      } else {
        "the clock skips \(loser.wallTime.hourAndMinute) that day and its time is the later one"
      }
    return Diagnostic(
      .warning, at: rules[rule].place,
      message: "'\(loser.name)' and '\(winner.name)' fire together, first at "
        + "\(clock.reading(at: winner.instant)) in \(zone.ianaName): '\(winner.name)' wins, as \(reason)")
  }

  /// Rules that lose to another at each of their next firings: 50 of them, in 40 years, in which every date has
  /// been on every weekday.
  ///
  /// - Returns: nothing where there are too many rules to compare each with all others.
  private func hiddenRules(from now: Instant) -> [(index: Int, winners: [String], isByOrder: Bool)] {
    guard rules.count <= 200 else { return [] }
    let span = now..<min(now + 40 * 366 * 86_400, .distantFuture)
    return rules.indices.compactMap { index in
      var winners: [String] = []
      var isByOrder = true
      for boundary in firings(ofRule: index, in: span, StartupTimes()).prefix(50) {
        let strongest = rules.indices.lazy
          .compactMap { latestFiring(ofRule: $0, atOrBefore: boundary.instant) }
          .filter { $0.instant == boundary.instant && meetsForCertain($0, boundary) }
          .max { $0.loses(to: $1) }
        guard let strongest, boundary.loses(to: strongest) else { return nil }
        isByOrder =
          isByOrder && (strongest.due, strongest.wallTime) == (boundary.due, boundary.wallTime)
        if !winners.contains(strongest.name) { winners.append(strongest.name) }
      }
      return winners.isEmpty ? nil : (index, winners, isByOrder)
    }
  }

  /// False where it depends on how long a Space takes to come up, which is measured and differs.
  private func meetsForCertain(_ one: Boundary, _ other: Boundary) -> Bool {
    one.due == other.due || !isMeasured(one) && !isMeasured(other)
  }

  private func isMeasured(_ boundary: Boundary) -> Bool {
    boundary.rule.map { rules[$0].lead == .measured } ?? false
  }
}
