public import Hub
public import Planning
public import Spaces
public import Timelines

/// What a run saw, meant to do, and did.
public struct RunResult: Sendable {
  public let at: Instant
  public let isDryRun: Bool
  /// Of all Spaces, by name.
  public internal(set) var plans: [SpacePlan] = []
  /// What became of the calls that were sent.
  public internal(set) var outcomes: [Outcome] = []
  /// Calls left for the next run by `--max-changes`.
  public internal(set) var waiting: [(space: SpaceID, change: Change)] = []
  public internal(set) var notes: [String] = []
  /// Owners and Spaces that could not be looked at.
  public let failures: [HubError]

  init(at: Instant, isDryRun: Bool, failures: [HubError]) {
    self.at = at
    self.isDryRun = isDryRun
    self.failures = failures
  }

  /// Calls that came to nothing or nobody knows to what.
  public var failed: [Outcome] { outcomes.filter { $0.outcome != .done } }

  /// Whether the token may not do anything that was asked.
  public var isNotAllowed: Bool {
    let kinds = outcomes.compactMap(\.error)
    return !outcomes.isEmpty && outcomes.allSatisfy { $0.outcome != .done }
      && kinds.contains { $0 == .forbidden || $0 == .invalidToken || $0 == .noSpaceOrNoAccess }
      && kinds.allSatisfy { $0 == .forbidden || $0 == .invalidToken || $0 == .noSpaceOrNoAccess }
  }
}
