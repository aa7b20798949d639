import History
import Hub
import Planning
import Spaces
import Timelines

extension Runner {
  /// Settles what a run that was cut off left open, by what the Hub shows now. What that run sent may still be
  /// on its way, so one that shows no effect is waited for until half a minute after it was sent.
  ///
  /// - Returns: what was found, for people.
  func settleOpenActions(by fleet: Fleet) async throws -> [String] {
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
      var isDone = action.isDone(in: seen.runtime)
      if !isDone, clock() - action.at < 30 {
        let found = await hub.readBack(
          [action], on: action.space, patience: ReadBack.patience, sleep: sleep, look: { _, _ in },
          clock: clock)
        if case .done = found { isDone = true }
      }
      try history.settle(
        [entry.id], as: isDone ? .done : .notSent,
        note: "the run was cut off; reading back showed \(isDone ? "that it was done" : "no effect")",
        remembering: isDone ? [action.applied] : [])
      notes.append("\(what): an earlier run was cut off; it \(isDone ? "was done" : "had no effect")")
    }
    return notes
  }
}
