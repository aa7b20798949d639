import History
import Hub
import Planning
import Spaces
import Timelines

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
  private let stops = Stops()

  /// A change is only repeated after reading back showed no effect; it sets an absolute value.
  private static let attempts = 3

  /// Downgrades first. Those of one owner to `cpu-basic` are sent one after the other, in the agenda's order,
  /// as they compete for a quota; all else at once.
  ///
  /// - Returns: what became of each call, and what broke the database on the way.
  func execute(
    _ agenda: Agenda, live: [SpaceID: SpaceRuntime]
  ) async -> (outcomes: [Outcome], broken: HistoryError?) {
    let competing = agenda.downgrades.filter { $0.changes.first?.isDowngradeToBasic == true }
    let queues = Dictionary(grouping: competing, by: \.space.owner).sorted { $0.key < $1.key }.map(\.value)
    let free = agenda.downgrades.filter { $0.changes.first?.isDowngradeToBasic != true }
    var outcomes = await inOrder(queues + free.map { [$0] }) { await execute($0, live: live) }
    // The first of each owner tells whether the owner has to pay first; then nothing else need be asked for.
    var owners: Set<String> = []
    let (first, rest) = agenda.others.reduce(into: ([Agenda.Item](), [Agenda.Item]())) { parts, item in
      if owners.insert(item.space.owner).inserted { parts.0.append(item) } else { parts.1.append(item) }
    }
    for items in [first, rest] { outcomes += await inOrder(items) { await execute([$0], live: live) } }
    return (outcomes.flatMap(\.self), await stops.broken)
  }

  private func execute(_ items: [Agenda.Item], live: [SpaceID: SpaceRuntime]) async -> [Outcome] {
    var outcomes: [Outcome] = []
    for item in items {
      guard let runtime = live[item.space] else { continue }
      outcomes += await execute(item, live: runtime)
    }
    return outcomes
  }

  /// One Space's calls, in order; what follows one that came to nothing is not sent.
  private func execute(_ item: Agenda.Item, live: SpaceRuntime) async -> [Outcome] {
    var outcomes: [Outcome] = []
    for change in item.changes {
      guard outcomes.allSatisfy({ $0.outcome == .done || $0.isSuperseded }) else {
        let note = "the call before it came to nothing"
        outcomes.append(Outcome(space: item.space, change: change, outcome: .notSent, note: note))
        continue
      }
      let outcome = await executeFirstPossible(of: change, on: item.space, live: live, &outcomes)
      let isPaused = live.stage == .paused || outcomes.contains { $0.change.isPause && $0.outcome == .done }
      let canPause = !isPaused && !live.stage.needsMending
      if change.pausesWhereRefused, outcome.isRefusedDowngrade, canPause {
        outcomes.append(await execute(change.pauseInstead(of: live.stage), on: item.space, live: live))
      }
    }
    return outcomes
  }

  /// Of several hardware in order of preference, asks for the next where the Hub refuses one.
  ///
  /// - Returns: what became of the last that was asked for.
  private func executeFirstPossible(
    of change: Change, on space: SpaceID, live: SpaceRuntime, _ outcomes: inout [Outcome]
  ) async -> Outcome {
    var outcome = await execute(change, on: space, live: live)
    for next in change.alternatives where outcome.isRefusalOfThis {
      outcome.isSuperseded = true
      outcomes.append(outcome)
      outcome = await execute(next, on: space, live: live)
    }
    if outcome.isRefusalOfThis, change.keepsWhereRefused { outcome.isSuperseded = true }
    outcomes.append(outcome)
    return outcome
  }

  private func execute(_ change: Change, on space: SpaceID, live: SpaceRuntime) async -> Outcome {
    if let reason = await stops.reason(for: space.owner, change.direction) {
      return Outcome(space: space, change: change, outcome: .notSent, note: reason)
    }
    let actions = change.actions(on: space, at: clock(), from: SpaceState(live))
    let ids: [Int64]
    do {
      ids = try history.intend(actions, run: run)
    } catch {
      await stops.note(error, path: history)
      return Outcome(space: space, change: change, outcome: .notSent, note: "\(error)")
    }
    let effect = await ask(for: change, actions, on: space)
    if let error = effect.error { await stops.note(error, owner: space.owner) }
    do {
      for (id, action) in zip(ids, actions) {
        // The Hub may have taken one setting of a call and not the other.
        let isDone = effect.outcome == .done || effect.shown.flatMap(action.isDone) == true
        try history.settle(
          [id], as: isDone ? .done : effect.outcome, sentAt: effect.sentAt, note: isDone ? nil : effect.note,
          refusedAnyway: !isDone && effect.outcome == .refused && effect.error?.kind.ofChange != .refusesThis,
          remembering: isDone ? [action.applied] : [])
      }
    } catch {
      await stops.note(error, path: history)
      return Outcome(
        space: space, change: change, outcome: effect.outcome,
        note: "the journal could not be written: \(error)")
    }
    return Outcome(
      space: space, change: change, outcome: effect.outcome, note: effect.note, error: effect.error?.kind)
  }

  // MARK: Sending

  /// What is known of a call after it was sent.
  private struct Effect {
    let outcome: SpaceAction.Outcome
    /// When the attempt that counts was sent.
    let sentAt: Instant
    var note: String?
    var error: HubError?
    /// What the Hub showed last.
    var shown: SpaceRuntime?
  }

  /// Sends until it is known what became of it.
  private func ask(for change: Change, _ actions: [SpaceAction], on space: SpaceID) async -> Effect {
    var attempt = 1
    while true {
      let sentAt = clock()
      let answer = await Result { () async throws(HubError) in try await change.call.send(to: hub, space) }
      switch answer {
      case .success(let runtime):
        var result = await readBack(actions, on: space, patience: ReadBack.patience)
        // A Hub that says so in its answer has done it, also where it can't be read back just now.
        if case .unknown = result { result = ReadBack(actions, shown: runtime) }
        switch result {
        case .done, .unknown: return Effect(outcome: .done, sentAt: sentAt)
        case .notDone(let shown):
          return Effect(
            outcome: .unknown, sentAt: sentAt, note: "the Hub answered, but does not show it", shown: shown)
        }
      case .failure(let error):
        let note = "\(error). \(change.advice(error))"
        if let outcome = SpaceAction.Outcome(error.kind.ofChange) {
          let effect = Effect(outcome: outcome, sentAt: sentAt, note: note, error: error)
          let isConflict = error.kind.ofChange == .refusesNow
          guard attempt > 1 || isConflict else { return effect }
          // What is under way may be just this, and the attempt before may have been under way all the time.
          let result = await readBack(actions, on: space, patience: attempt > 1 ? ReadBack.patience : [])
          if case .done = result { return Effect(outcome: .done, sentAt: sentAt) }
          return effect
        }
        // A Hub that answered has done it or not, but for a few seconds; after a broken connection it may
        // still be at it.
        let patience = error.status == nil ? ReadBack.patience : Array(ReadBack.patience.prefix(3))
        switch await readBack(actions, on: space, patience: patience) {
        case .done: return Effect(outcome: .done, sentAt: sentAt)
        case .unknown: return Effect(outcome: .unknown, sentAt: sentAt, note: note, error: error)
        case .notDone(let shown):
          guard change.call.isRepeatable, attempt < Self.attempts else {
            return Effect(outcome: .failed, sentAt: sentAt, note: note, error: error, shown: shown)
          }
          attempt += 1
        }
      }
    }
  }

  private func readBack(_ actions: [SpaceAction], on space: SpaceID, patience: [Duration]) async -> ReadBack {
    await hub.readBack(
      actions, on: space, patience: patience, sleep: sleep,
      look: { runtime, at in
        do {
          var look = Look(space: space, at: at, state: SpaceState(runtime), raw: runtime.raw)
          // The looks before may have been in these seconds, and this one is after them.
          if try !history.record([look]).isEmpty, let last = try history.stretches(of: space).last?.last,
            (at..<at + 5).contains(last)
          {
            look.at = last + 1
            try history.record([look])
          }
        } catch {
          await stops.note(error, path: history)
        }
      }, clock: clock)
  }
}

/// What need not be sent any more in this run.
private actor Stops {
  private var withoutCredit: Set<String> = []
  private var tokenIsBad = false
  private(set) var broken: HistoryError?

  func note(_ error: HubError, owner: String) {
    switch error.kind.ofChange {
    case .refusesOwner: withoutCredit.insert(owner)
    case .refusesToken: tokenIsBad = true
    case .notSent, .refusesThis, .refusesNow, .refusesSpace, .unclear: break
    }
  }

  /// What can't be written down is not done.
  func note(_ error: any Error, path history: History) {
    broken = broken ?? error as? HistoryError ?? .unusable(path: history.path, reason: "\(error)")
  }

  func reason(for owner: String, _ direction: Change.Direction) -> String? {
    if let broken { return broken.description }
    if tokenIsBad { return "the Hub does not know the token" }
    if direction == .up, withoutCredit.contains(owner) { return "\(owner) has to pay first" }
    return nil
  }
}
