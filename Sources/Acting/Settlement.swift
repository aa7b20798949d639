import History
import Hub
import Planning
import Spaces

extension History {
  /// Settles what a run that was cut off left open, by what the Hub shows now.
  ///
  /// - Returns: what was found, for people.
  func settleOpenActions(by fleet: Fleet) throws -> [String] {
    try openActions().map { entry in
      let action = entry.action
      guard let seen = fleet.seen[action.space] else {
        try settle([entry.id], as: .unknown, note: "the run was cut off, and the Space can't be seen now")
        return
          "\(action.space): whether \(action.kind.rawValue) \(action.to) was done before an earlier run was cut off is not known"
      }
      let isDone = action.isDone(in: seen.runtime)
      try settle(
        [entry.id], as: isDone ? .done : .notSent,
        note: "the run was cut off; reading back showed \(isDone ? "that it was done" : "no effect")",
        remembering: isDone ? [action.applied] : [])
      return
        "\(action.space): an earlier run was cut off; \(action.kind.rawValue) \(action.to) \(isDone ? "was done" : "had no effect")"
    }
  }
}
