import Planning
import Pricing
import Schedules
import Spaces
import Timelines

/// Effects of the rules to come that recent weeks do not show. Where there are any, what weeks cost tells less of the
/// days to come than their visits do.
public struct UnseenRules: OptionSet, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// It sleeps sooner than it did.
  public static let shorterSleep = UnseenRules(rawValue: 1)
  /// It stays up for longer than it did.
  public static let longerSleep = UnseenRules(rawValue: 2)
  /// It is on hardware that costs money where it was on some that is free.
  public static let upgrade = UnseenRules(rawValue: 4)
  /// An idle rule may downgrade it, which none did.
  public static let idle = UnseenRules(rawValue: 8)

  /// How many weeks are looked at.
  private static let weeks = 4
  /// One part in so many is not looked at: runs come a little late, and looks do not see when.
  private static let parts: Int64 = 100

  /// What is unseen in all days to come, and in each.
  ///
  /// - Parameter schedule: from now on.
  static func find(
    in schedule: SpaceSchedule, for past: SpacePast, over alike: AnalogDays, at now: Instant,
    prices: PriceTable
  ) -> (all: UnseenRules, byDay: [UnseenRules]) {
    guard let first = alike.days.first, let last = alike.days.last else { return ([], []) }
    let desired = schedule.desired(over: first.lowerBound..<last.upperBound).map(\.settings)
    // What was for a time only is no sign of other rules.
    let passing = past.wasSet(by: [.idle])
      .zip(past.isExceptional(under: schedule, at: now)) { $0 || $1 }
      .zip(past.isMovedByHand) { $0 || $1 }
    let earlier = past.states.zip(passing) { $1 ? nil : $0 }.zip(past.pausedByUs) { state, pause in
      // A pause of ours ends when nothing asks for it any more: what it cost meanwhile tells nothing.
      state.map { Earlier(state: $0, isPausedByUs: pause != nil) }
    }
    let byDay = alike.days.indices.map { day in
      var sums = Comparison()
      for week in alike.weeks.prefix(weeks) {
        let pair = week[day]
        for segment in earlier.clipped(to: pair.earlier).segments {
          guard let earlier = segment.value else { continue }
          let coming = segment.range.lowerBound + pair.shift..<segment.range.upperBound + pair.shift
          for piece in desired.clipped(to: coming).segments {
            let unseen = comparing(piece.value, with: earlier, at: piece.range.lowerBound, prices)
            sums.add(unseen, piece.range.seconds)
          }
        }
      }
      guard sums.isEmpty else { return sums }
      // No week tells: as if it had been on free hardware.
      for piece in desired.clipped(to: alike.days[day]).segments {
        let free = Earlier(
          state: SpaceState(stage: .sleeping, requestedHardware: .cpuBasic), isPausedByUs: false)
        let unseen = comparing(piece.value, with: free, at: piece.range.lowerBound, prices)
        sums.add(unseen, piece.range.seconds)
      }
      return sums
    }
    var all = byDay.reduce(into: Comparison()) { $0.add($1) }.unseen
    if schedule.policy.idle != nil, let end = past.last(before: first.lowerBound)?.until {
      let recent = past.wasSet(by: [.idle]).clipped(to: end - Int64(weeks) * 7 * 86_400..<end)
      if !recent.segments.contains(where: \.value) { all.insert(.idle) }
    }
    return (all, byDay.map(\.unseen))
  }

  /// What it was, but for what was for a time only.
  private struct Earlier: Equatable {
    let state: SpaceState
    let isPausedByUs: Bool
  }

  /// Seconds that were compared, and those of what was otherwise.
  private struct Comparison {
    private var all: Int64 = 0
    private var others: [UnseenRules: Int64] = [:]

    var isEmpty: Bool { all == 0 }

    mutating func add(_ unseen: UnseenRules, _ seconds: Int64) {
      all += seconds
      if !unseen.isEmpty { others[unseen, default: 0] += seconds }
    }

    mutating func add(_ other: Comparison) {
      all += other.all
      others.merge(other.others, uniquingKeysWith: +)
    }

    var unseen: UnseenRules {
      UnseenRules(others.filter { $0.value * UnseenRules.parts > all }.keys)
    }
  }

  /// What is other at one instant than it was at an earlier one.
  private static func comparing(
    _ settings: Settings, with earlier: Earlier, at instant: Instant, _ prices: PriceTable
  ) -> UnseenRules {
    let state = earlier.state
    guard let hardware = state.requestedElseCurrentHardware,
      let asked = settings.billed(now: Billed(hardware: hardware)),
      !prices.isFree(asked.hardware, at: instant)
    else { return [] }
    // The 48 hours of cpu-basic do not go with it.
    let sleep = settings.sleep ?? (hardware == .cpuBasic ? .never : state.sleep)
    if earlier.isPausedByUs || prices.isFree(hardware, at: instant) { return sleep == .never ? [] : .upgrade }
    if sleep == state.sleep { return [] }
    return sleep.length < state.sleep.length ? .shorterSleep : .longerSleep
  }
}
