import Cron
import Foundation
import TestSupport
import Testing
import Timelines

/// What an expression means around an instant, from the definition: every wall minute is looked at.
struct Oracle {
  /// All occurrences within four days of the centre, each with the latest wall minute that fires there.
  let occurrences: [(instant: Int64, wall: Int64)]
  let trusted: ClosedRange<Int64>

  init(_ cron: RandomCron, zone: TimeZone, around centre: Int64) {
    let day: Int64 = 86_400
    let stretches = Self.stretches(of: zone, centre - 7 * day, centre + 7 * day)
    var found: [Int64: Int64] = [:]
    let centreDay = WallTime(secondsSinceEpoch: centre).date
    for date in (-6...6).map({ centreDay + $0 }) where cron.matches(date) {
      for minute in 0..<1440 where cron.matches(minuteOfDay: minute) {
        let wall = date.dayNumber * day + Int64(minute) * 60
        let shown = stretches.filter { $0.start + $0.offset <= wall && wall < $0.end + $0.offset }
          .map { wall - $0.offset }
        if cron.isInterval {
          for instant in shown { found[instant] = wall }
        } else if let first = shown.first {
          found[first] = max(found[first] ?? .min, wall)
        } else if let gap = zip(stretches, stretches.dropFirst()).first(where: { before, after in
          before.end + before.offset <= wall && wall < after.start + after.offset
        }) {
          var end = gap.1.start
          while (end + gap.1.offset) % 60 != 0 { end += 1 }
          found[end] = max(found[end] ?? .min, wall)
        }
      }
    }
    trusted = centre - 4 * day...centre + 4 * day
    occurrences = found.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
      .filter { [trusted] in trusted.contains($0.0) }
  }

  /// By bisection between hourly looks, from Foundation alone.
  private static func stretches(
    of zone: TimeZone, _ from: Int64, _ to: Int64
  ) -> [(start: Int64, end: Int64, offset: Int64)] {
    func offset(_ second: Int64) -> Int64 {
      Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
    }
    var result: [(start: Int64, end: Int64, offset: Int64)] = []
    var start = from
    var look = from
    while look < to {
      let next = look + 3600
      if offset(next) != offset(look) {
        var (low, high) = (look, next)
        while high - low > 1 {
          let middle = (low + high) / 2
          if offset(middle) == offset(look) { low = middle } else { high = middle }
        }
        result.append((start, high, offset(look)))
        start = high
      }
      look = next
    }
    result.append((start, to, offset(look)))
    return result
  }
}

private let zones = [
  "America/New_York", "Australia/Lord_Howe", "Antarctica/Troll", "America/Caracas", "Asia/Pyongyang",
  "Pacific/Apia", "America/Sao_Paulo", "Asia/Beirut", "America/St_Johns", "Africa/Monrovia",
  "Europe/Dublin", "Africa/Casablanca", "Pacific/Kwajalein", "Asia/Gaza", "America/Juneau",
  "Africa/Cairo", "Antarctica/Casey", "Asia/Kathmandu", "UTC",
]

/// More often than not near a change of the zone's offset.
private func randomInstant(in zone: TimeZone, using random: inout SplitMix64) -> Instant {
  let second = Int64.random(in: -4_000_000_000...3_000_000_000, using: &random)
  let clock = WallClock(zone)
  guard Int.random(in: 0..<4, using: &random) > 0,
    let change = clock.nextTransition(after: Instant(secondsSince1970: second))
  else { return Instant(secondsSince1970: second) }
  return change + Int64.random(in: -100_000...100_000, using: &random)
}

@Test(arguments: UInt64(1)...600) func everyQuestionIsAnsweredAsDefined(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let definition = RandomCron(using: &random)
  let zone = try TimeZone(ianaName: zones[Int.random(in: 0..<zones.count, using: &random)])
  let centre = randomInstant(in: zone, using: &random)
  let oracle = Oracle(definition, zone: zone, around: centre.secondsSince1970)
  let cron = try CronExpression(definition.text)
  let trusted =
    Instant(
      secondsSince1970: oracle.trusted.lowerBound)..<Instant(secondsSince1970: oracle.trusted.upperBound)
  let expected = oracle.occurrences.map { Instant(secondsSince1970: $0.instant) }
    .filter(trusted.contains)
  let context: Comment = "\(cron) in \(zone.ianaName) around \(centre)"

  let occurrences = cron.occurrences(in: trusted, zone: zone)
  #expect(Array(occurrences) == expected, context)
  #expect(Array(occurrences.reversed()) == expected.reversed(), context)

  var probes = (0..<8).map { _ in centre + Int64.random(in: -300_000...300_000, using: &random) }
  if let some = expected.randomElement(using: &random) { probes += [some - 1, some, some + 1] }
  for probe in probes where trusted.contains(probe) {
    let next = cron.next(after: probe, in: zone)
    if let answer = expected.first(where: { $0 > probe }) {
      #expect(next == answer, context)
    } else {
      #expect(next.map { $0 >= trusted.upperBound } ?? true, context)
    }
    let latest = cron.latestOccurrence(atOrBefore: probe, in: zone)
    if let answer = oracle.occurrences.last(where: { $0.instant <= probe.secondsSince1970 }) {
      #expect(latest?.instant.secondsSince1970 == answer.instant, context)
      #expect(latest?.wallTime.secondsSinceEpoch == answer.wall, context)
    } else {
      #expect(latest.map { $0.instant < trusted.lowerBound } ?? true, context)
    }
    #expect(cron.previous(atOrBefore: probe, in: zone) == latest?.instant, context)
    #expect(cron.previous(before: probe + 1, in: zone) == latest?.instant, context)
    // There and back.
    if let next {
      #expect(cron.previous(before: next, in: zone) == latest?.instant, context)
      #expect(cron.previous(atOrBefore: next, in: zone) == next, context)
    }
    if let latest { #expect(cron.next(after: latest.instant, in: zone) == next, context) }
  }
}

/// Rare dates, in UTC, where an occurrence is a date and the first minute of a day.
@Test(arguments: UInt64(1)...150) func rareDatesAreFoundAsByLookingAtEachDay(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let definition = RandomCron(using: &random, rare: true)
  let cron = try CronExpression(definition.text)
  let clock = WallClock(.gmt)
  let start = CivilDate(dayNumber: Int64.random(in: -100_000...100_000, using: &random))
  let minutes = (0..<1440).filter { definition.matches(minuteOfDay: $0) }
  let firstMinute = try #require(minutes.first)
  let lastMinute = try #require(minutes.last)
  let next = (0..<146_097).lazy.map { start + $0 }.first(where: definition.matches)
  #expect(
    cron.next(after: clock.start(of: start) - 1, on: clock)
      == next.map { clock.start(of: $0) + Int64(firstMinute) * 60 }, "\(cron) from \(start)")
  #expect(cron.neverFires == (next == nil), "\(cron)")
  let previous = (1...146_097).lazy.map { start + -$0 }.first(where: definition.matches)
  #expect(
    cron.previous(before: clock.start(of: start), on: clock)
      == previous.map { clock.start(of: $0) + Int64(lastMinute) * 60 }, "\(cron) before \(start)")
}

/// Zones that still change go on as they do now, so all repeats with the calendar.
@Test(arguments: UInt64(1)...100) func occurrencesRepeatAfterFourHundredYears(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let cron = try CronExpression(RandomCron(using: &random).text)
  let zone = try TimeZone(ianaName: zones[Int.random(in: 0..<zones.count, using: &random)])
  let cycle: Int64 = 146_097 * 86_400
  let start = Instant(secondsSince1970: Int64.random(in: 4_200_000_000...20_000_000_000, using: &random))
  for instant in [start, WallClock(zone).nextTransition(after: start) ?? start] {
    for cycles in Int64(1)...4 {
      #expect(
        cron.next(after: instant + cycles * cycle, in: zone)
          == cron.next(after: instant, in: zone).map { $0 + cycles * cycle }, "\(cron) in \(zone.ianaName)")
      #expect(
        cron.previous(before: instant + cycles * cycle, in: zone)
          == cron.previous(before: instant, in: zone).map { $0 + cycles * cycle },
        "\(cron) in \(zone.ianaName)")
    }
  }
}

@Test(arguments: UInt64(1)...300) func theNormalFormMeansTheSame(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let text = RandomCron(using: &random).text
  let cron = try CronExpression("  \(text.lowercased().replacing(" ", with: "\t "))\t")
  let normal = try CronExpression(cron.description)
  #expect(normal == cron)
  #expect(normal.description == cron.description)
  #expect(normal.explanation == cron.explanation)
  let start = Instant(secondsSince1970: Int64.random(in: 0...4_000_000_000, using: &random))
  #expect(normal.next(after: start, in: .gmt) == cron.next(after: start, in: .gmt))
}
