import Planning
import Pricing
import Schedules
import Spaces
import Timelines

/// What rules may do with a Space in days to come that recent weeks do not show: what these cost tells less of those days
/// than their visits do.
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
  /// Seconds in all of them that do not count: rules may begin to hold a little before or after a run.
  private static let spare: Int64 = 3600

  /// - Parameter schedule: from now on.
  init(of schedule: SpaceSchedule, for past: SpacePast, over alike: AlikeDays, prices: PriceTable) {
    self = []
    guard let first = alike.days.first, let last = alike.days.last else { return }
    let desired = schedule.desired(over: first.lowerBound..<last.upperBound).map(\.settings)
    let idled = past.idled
    let earlier = past.states.zip(idled) { $1 ? nil : $0 }
    var wasIdle = false
    var seconds: [UnseenRules: Int64] = [:]
    for pair in alike.weeks.prefix(Self.weeks).joined() {
      wasIdle = wasIdle || idled.clipped(to: pair.earlier).segments.contains(where: \.value)
      for segment in earlier.clipped(to: pair.earlier).segments {
        guard let state = segment.value else { continue }
        let coming = segment.range.lowerBound + pair.shift..<segment.range.upperBound + pair.shift
        for piece in desired.clipped(to: coming).segments {
          let unseen = Self.comparing(piece.value, with: state, at: piece.range.lowerBound, prices)
          seconds[unseen, default: 0] += piece.range.seconds
        }
      }
    }
    for (unseen, seconds) in seconds where seconds > Self.spare { insert(unseen) }
    if schedule.policy.idle != nil, !wasIdle { insert(.idle) }
  }

  /// What is other at one instant than it was at an earlier one.
  private static func comparing(
    _ settings: Settings, with state: SpaceState, at instant: Instant, _ prices: PriceTable
  ) -> UnseenRules {
    guard let hardware = state.requestedElseCurrentHardware,
      let asked = settings.billed(now: Billed(hardware: hardware)),
      !prices.isFree(asked.hardware, at: instant)
    else { return [] }
    let sleep = settings.sleep ?? state.sleep
    if prices.isFree(hardware, at: instant) { return sleep == .never ? [] : .upgrade }
    if sleep == state.sleep { return [] }
    return sleep.length < state.sleep.length ? .shorterSleep : .longerSleep
  }
}
