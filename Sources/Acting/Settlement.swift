import History
import Hub
import Planning
import Spaces
import Timelines

extension ReadBack {
  fileprivate var isDone: Bool { if case .done = self { true } else { false } }

  /// How what a run left open ended, for the journal and for people.
  fileprivate var settlement: (outcome: SpaceAction.Outcome, note: String, told: String) {
    func unknown(_ reason: String) -> (SpaceAction.Outcome, String, String) {
      (.unknown, reason, "whether it was done is not known, as \(reason)")
    }
    return switch self {
    case .done: (.done, "reading back showed that it was done", "it was done")
    case .notDone: (.notSent, "reading back showed no effect", "it had no effect")
    case .unknown(.some): unknown("the Hub does not tell")
    case .unknown(nil): unknown("the Hub could not be asked")
    }
  }
}

extension Runner {
  /// Settles what a run that was cut off left open, by what the Hub shows now. What that run sent may still be
  /// on its way, so one that shows no effect is waited for until half a minute after it was sent.
  ///
  /// - Returns: what was found, for people.
  func settleOpenActions(by fleet: inout Fleet) async throws -> [String] {
    var notes: [String] = []
    for entry in try history.openActions() {
      let action = entry.action
      let what = "\(action.space): \(action.kind.rawValue) \(action.to)"
      guard fleet.listed.contains(action.space.owner) else {
        notes.append(
          "\(what), of a run that was cut off, can't be settled before \(action.space.owner) can be listed")
        continue
      }
      guard let seen = fleet.seen[action.space] else {
        try history.settle(
          [entry.id], as: .unknown, note: "the run was cut off, and the Space can't be seen now")
        notes.append("\(what): whether it was done before an earlier run was cut off is not known")
        continue
      }
      var found = ReadBack([action], shown: seen.runtime)
      if !found.isDone, clock() - action.at < 30 {
        var latest: Fleet.Seen?
        found = await hub.readBack(
          [action], on: action.space, patience: ReadBack.patience, sleep: sleep,
          look: { latest = Fleet.Seen(runtime: $0, at: $1) }, clock: clock)
        if let latest { try see(latest, of: action.space, in: &fleet) }
      }
      let (outcome, note, told) = found.settlement
      try history.settle(
        [entry.id], as: outcome, note: "the run was cut off; \(note)",
        remembering: found.isDone ? [action.applied] : [])
      notes.append("\(what): an earlier run was cut off; \(told)")
    }
    return notes
  }

  /// A newer look than the list's: what is planned next must know it.
  private func see(_ seen: Fleet.Seen, of space: SpaceID, in fleet: inout Fleet) throws {
    fleet.seen[space] = seen
    let runtime = seen.runtime
    try history.record([Look(space: space, at: seen.at, state: SpaceState(runtime), raw: runtime.raw)])
  }
}
