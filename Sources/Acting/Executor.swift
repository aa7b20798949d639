import History
import Hub
import Planning
import Spaces
import Timelines

/// What became of one planned call.
public struct Outcome: Sendable {
  public let space: SpaceID
  public let change: Change
  public let outcome: SpaceAction.Outcome
  /// What the Hub said and what to do about it; nil where all went well.
  public let note: String?
  /// Nil where nothing was refused, or the refusal did not come from the Hub.
  public let error: HubError.Kind?
}

/// Sends changes: writes the intent into the journal, sends, reads back, writes what became of it.
///
/// One Space's refusal never stops the others. A crash at any point leaves an open intent, which the next run
/// settles.
struct Executor: Sendable {
  let hub: HubClient
  let history: History
  let run: Int64
  let clock: @Sendable () -> Instant
  let sleep: @Sendable (Duration) async throws -> Void
  /// Whether the looks that confirm changes are recorded.
  let records: Bool

  /// A change that is repeated was read back before: it sets an absolute value.
  private static let attempts = 3
  /// How long after a connection broke the Hub may still be at it.
  private static let patience: [Duration] = [
    .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(15),
  ]

  func execute(_ agenda: Agenda, live: [SpaceID: SpaceRuntime]) async throws -> [Outcome] {
    let stops = Stops()
    var outcomes: [Outcome] = []
    for item in agenda.downgrades { outcomes += try await execute(item, live: live[item.space], stops) }
    outcomes += try await withThrowingTaskGroup(of: [Outcome].self) { group in
      for item in agenda.others {
        group.addTask { try await execute(item, live: live[item.space], stops) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    return outcomes
  }

  /// One Space's calls, in order; what follows one that came to nothing is not sent.
  private func execute(_ item: Agenda.Item, live: SpaceRuntime?, _ stops: Stops) async throws -> [Outcome] {
    guard let live else { return [] }
    var outcomes: [Outcome] = []
    for change in item.changes {
      if outcomes.contains(where: { $0.outcome != .done }) {
        outcomes.append(
          Outcome(
            space: item.space, change: change, outcome: .notSent,
            note: "not sent, as the call before it came to nothing", error: nil))
        continue
      }
      let outcome = try await execute(change, on: item.space, live: live, stops)
      outcomes.append(outcome)
      if item.pausesWhereRefused, outcome.isRefusedDowngrade {
        outcomes.append(try await execute(change.pauseInstead(of: live), on: item.space, live: live, stops))
      }
    }
    return outcomes
  }

  private func execute(_ change: Change, on space: SpaceID, live: SpaceRuntime, _ stops: Stops) async throws
    -> Outcome
  {
    let actions = change.call.actions(
      on: space, at: clock(), reason: change.reason, cause: change.cause, from: SpaceState(live))
    let ids = try history.intend(actions, run: run)
    func settled(_ outcome: SpaceAction.Outcome, _ note: String?, _ error: HubError.Kind? = nil) throws
      -> Outcome
    {
      try history.settle(
        ids, as: outcome, note: note, remembering: outcome == .done ? actions.map(\.applied) : [])
      return Outcome(space: space, change: change, outcome: outcome, note: note, error: error)
    }
    if let reason = await stops.reason(for: space.owner, change.direction) {
      return try settled(.notSent, reason)
    }
    let (outcome, error) = try await ask(for: change.call, actions, on: space)
    guard let error else { return try settled(outcome, nil) }
    await stops.note(error, owner: space.owner)
    let note = outcome == .done ? nil : "\(error). \(change.advice(error))"
    return try settled(outcome, note, error.kind)
  }

  /// Sends until it is known what became of it.
  private func ask(
    for call: Change.Call, _ actions: [SpaceAction], on space: SpaceID
  ) async throws -> (SpaceAction.Outcome, HubError?) {
    var last: HubError?
    for attempt in 1...Self.attempts {
      do throws(HubError) {
        let answer = try await call.send(to: hub, space)
        let isDone = actions.allSatisfy { $0.isDone(in: answer) }
        let readBack = try? await read(back: space)
        if isDone || readBack.map({ runtime in actions.allSatisfy { $0.isDone(in: runtime) } }) == true {
          return (.done, nil)
        }
        return (.unknown, nil)
      } catch {
        last = error
        guard error.isUnclear else { return (error.kind == .unreachable ? .notSent : .refused, error) }
        if try await becomesDone(actions, on: space, after: error) { return (.done, error) }
        guard call.isRepeatable else { return (.unknown, error) }
        if attempt < Self.attempts { try await sleep(.seconds(attempt)) }
      }
    }
    return (.failed, last)
  }

  /// Reads back after an unclear answer. A Hub that answered has done it or not; after a broken connection
  /// it may still be at it.
  private func becomesDone(_ actions: [SpaceAction], on space: SpaceID, after error: HubError) async throws
    -> Bool
  {
    let waits = error.status == nil ? Self.patience : Self.patience.prefix(1)
    for wait in [nil] + waits.map(Optional.some) {
      if let wait { try await sleep(wait) }
      guard let runtime = try? await read(back: space) else { continue }
      if actions.allSatisfy({ $0.isDone(in: runtime) }) { return true }
    }
    return false
  }

  /// A look like any other.
  private func read(back space: SpaceID) async throws -> SpaceRuntime? {
    guard case .runtime(let runtime) = try await hub.runtime(of: space) else { return nil }
    if records {
      try history.record([Look(space: space, at: clock(), state: SpaceState(runtime), raw: runtime.raw.text)])
    }
    return runtime
  }
}

/// What need not be sent any more in this run.
private actor Stops {
  private var withoutCredit: Set<String> = []
  private var tokenIsBad = false

  func note(_ error: HubError, owner: String) {
    switch error.kind {
    case .paymentRequired: withoutCredit.insert(owner)
    case .invalidToken: tokenIsBad = true
    default: break
    }
  }

  func reason(for owner: String, _ direction: Change.Direction) -> String? {
    if tokenIsBad { return "not sent, as the Hub does not know the token" }
    if direction == .up, withoutCredit.contains(owner) { return "not sent, as \(owner) has to pay first" }
    return nil
  }
}

extension Outcome {
  /// The Hub would not have it on `cpu-basic`: an account may run only so many such Spaces at once.
  var isRefusedDowngrade: Bool {
    guard case .hardware(_, .cpuBasic, _) = change.call, outcome == .refused else { return false }
    switch error {
    case .badRequest, .forbidden, .refused, .paymentRequired: return true
    default: return false
    }
  }
}

extension Change {
  fileprivate func pauseInstead(of live: SpaceRuntime) -> Change {
    var pause = self
    pause.call = .pause(from: live.stage)
    pause.reason = "its downgrade to cpu-basic was refused (otherwise: pause)"
    pause.cause = .refusedDowngrade
    pause.rateAfter = .zero
    return pause
  }

  /// What the user can do about a refusal.
  fileprivate func advice(_ error: HubError) -> String {
    switch (call, error.kind) {
    case (.hardware(_, .cpuBasic, _), .badRequest), (.hardware(_, .cpuBasic, _), .forbidden):
      "\(error.advice) Pausing would stop the bill too: `otherwise: pause` in the policy lets spaceplan do it."
    case (_, .conflict): "The next run tries again."
    default: error.advice
    }
  }
}
