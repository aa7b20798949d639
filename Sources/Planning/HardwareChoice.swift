import Schedules
import Spaces
import Timelines

/// Of several hardware in order of preference, the one to ask for now.
///
/// The next is asked for where the Hub refused one, or where the Space did not come up on it in time, which the Hub may
/// also not have been able to begin. It stays on what it got until its next boundary: asking takes a running Space down,
/// and nothing tells beforehand whether the first can be had.
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
    let asks = Self.asks(for: choices, of: situation, since: boundary)
    var index = 0
    var reasons: [(place: Int, text: String)] = []
    for (number, ask) in asks.enumerated() {
      let isLast = number == asks.count - 1
      reasons.removeAll { $0.place >= ask.place }
      func pass(_ why: String) {
        reasons.append((ask.place, "\(choices[ask.place]) \(why) \(clock.text(at: ask.at))"))
        index = ask.place + 1
      }
      let within = DurationText.text(preference.within)
      switch ask.outcome {
      case .refused: pass("was refused at")
      case .failed where !isLast || ask.latest >= ask.at + preference.within:
        pass("could not be had within \(within) of")
      case .failed: index = ask.place
      case _ where !isLast || Self.isStuck(situation, since: ask.at, preference.within, now: now):
        pass("did not come up within \(within) of")
        // After the last there is none to turn to: asking again would only take it down again.
        if isLast { index = min(index, choices.count - 1) }
      default: index = ask.place
      }
    }
    // Somebody has got by hand what is wanted more.
    let isStarted = situation.live.stage.isRunning || situation.live.stage.isAsleep
    if isStarted, let place = situation.hardware.flatMap(choices.firstIndex), place < index {
      (index, reasons) = (place, [])
    }
    // None could be had: the next run asks for each again, as it does for a single one; where the Space is stuck on the
    // first, for the last.
    if index >= choices.count {
      let isStuckOnFirst = situation.hardware == choices[0] && !isStarted
      (index, reasons) = isStuckOnFirst ? (choices.count - 1, reasons.dropLast()) : (0, [])
    }
    (self.choices, self.index, self.reasons) = (choices, index, reasons.map(\.text))
  }

  /// What became of asking for one of them.
  private struct Ask {
    let place: Int
    let outcome: SpaceAction.Outcome?
    let at: Instant
    /// Of asks that came to nothing, one after the other, the last.
    var latest: Instant
  }

  private static func asks(
    for choices: [SpaceHardware], of situation: Situation, since boundary: Instant?
  ) -> [Ask] {
    var asks: [Ask] = []
    for action in situation.actions where action.kind == .hardware && action.cause != nil {
      guard action.cause != .idle, action.decidedAt >= boundary ?? .distantPast,
        action.tellsWhatIsGranted || action.outcome == .failed,
        let place = choices.firstIndex(of: SpaceHardware(rawValue: action.to))
      else { continue }
      if action.outcome == .failed, let last = asks.last, last.outcome == .failed, last.place == place {
        asks[asks.count - 1].latest = action.at
      } else {
        asks.append(Ask(place: place, outcome: action.outcome, at: action.at, latest: action.at))
      }
    }
    return asks
  }

  /// It neither runs nor has run or slept since: it starts, or its start has failed.
  private static func isStuck(
    _ situation: Situation, since asked: Instant, _ within: Int64, now: Instant
  ) -> Bool {
    [.appStarting, .runtimeError].contains(situation.live.stage) && now >= asked + within
      && !situation.intervals.contains { interval in
        let isUp =
          interval.state.isUp(on: situation.hardware)
          || interval.state.stage.isAsleep
            && interval.state.requestedElseCurrentHardware == situation.hardware
        return isUp && (interval.looks.last.map { $0 > asked } ?? false)
      }
  }
}
