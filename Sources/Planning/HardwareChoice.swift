import Schedules
import Spaces
import Timelines

/// Of several hardware in order of preference, the one to ask for now.
///
/// The next is asked for where the Hub refused one, or where the Space did not come up on it in time. It
/// stays on what it got until its next boundary: asking takes a running Space down, and nothing tells
/// beforehand whether the first can be had.
struct HardwareChoice: Hashable {
  /// All of them, the most wanted first.
  private let choices: [SpaceHardware]
  /// The place of the one to ask for.
  private let index: Int
  /// Why it is not the first.
  private let reasons: [String]

  var hardware: SpaceHardware { choices[index] }

  /// How many are asked for after it in the same run, one after the other, where the Hub refuses it.
  var alternatives: Int { choices.count - 1 - index }

  /// The hardware so many places further down the list.
  func hardware(after refused: Int) -> SpaceHardware { choices[index + refused] }

  /// Why that one is asked for; nil if it is the first of the list.
  func reason(after refused: Int = 0) -> String? {
    let reasons = reasons + choices[index..<index + refused].map { "\($0) was refused" }
    guard index + refused > 0, !reasons.isEmpty else { return nil }
    return SpaceAction.choice(index + refused + 1, of: choices.count, because: reasons)
  }

  /// - Parameter boundary: the latest boundary of the hardware; what was asked for before it does not count.
  init(
    _ preference: HardwarePreference, _ situation: Situation, since boundary: Instant?, now: Instant,
    clock: WallClock
  ) {
    let choices = preference.choices
    let asked = situation.actions.filter {
      $0.kind == .hardware && $0.cause != nil && $0.cause != .idle && $0.decidedAt >= boundary ?? .distantPast
        && $0.tellsWhatIsGranted && choices.contains(SpaceHardware(rawValue: $0.to))
    }
    var (index, reasons): (Int, [String]) = (0, [])
    for action in asked {
      guard let place = choices.firstIndex(of: SpaceHardware(rawValue: action.to)) else { continue }
      let isLast = action == asked.last
      if place == 0 { reasons = [] }
      if action.outcome == .refused {
        reasons.append("\(action.to) was refused at \(clock.text(at: action.at))")
        index = place + 1
      } else if !isLast || Self.isStuck(situation, since: action.at, preference.within, now: now) {
        reasons.append(
          "\(action.to) did not come up within \(DurationText.text(preference.within)) of "
            + clock.text(at: action.at))
        // After the last there is none to turn to: asking again would only take it down again.
        index = isLast ? min(place + 1, choices.count - 1) : place + 1
      } else {
        index = place
      }
    }
    // Somebody has got by hand what is wanted more.
    let isStarted = situation.live.stage.isRunning || situation.live.stage.isAsleep
    if isStarted, let place = situation.hardware.flatMap(choices.firstIndex), place < index {
      (index, reasons) = (place, [])
    }
    // All were refused: the next run asks for each again, as it does for a single one.
    if index >= choices.count { (index, reasons) = (0, []) }
    (self.choices, self.index, self.reasons) = (choices, index, reasons)
  }

  private static func isStuck(
    _ situation: Situation, since asked: Instant, _ within: Int64, now: Instant
  ) -> Bool {
    situation.live.stage == .appStarting && now >= asked + within
      && !situation.intervals.contains { interval in
        interval.state.isUp(on: situation.hardware) && (interval.looks.last.map { $0 > asked } ?? false)
      }
  }
}
