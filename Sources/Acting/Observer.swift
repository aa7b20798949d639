public import History
public import Hub
public import Spaces
public import Timelines

/// Looks once at all Spaces of some owners, and records what it saw.
public struct Observer: Sendable {
  let hub: HubClient
  let history: History
  let clock: @Sendable () -> Instant

  /// - Parameter clock: tells the instant of each look.
  public init(hub: HubClient, history: History, clock: @escaping @Sendable () -> Instant) {
    self.hub = hub
    self.history = history
    self.clock = clock
  }

  /// One list for each owner, rather than a call for each Space; only a Space that its owner's list lacks is
  /// asked for by itself.
  ///
  /// - Parameters:
  ///   - owners: whom rules and accounts name; those that the history names are added.
  ///   - names: Spaces that rules name exactly: one that nobody has seen is asked for, as it may have a new name.
  ///   - records: whether the looks are recorded, all in one transaction.
  public func observe(owners: [String], names: [SpaceID] = [], records: Bool = true) async throws -> Fleet {
    let known = try history.spaces()
    let allOwners = Set(owners).union(known.map(\.name.owner)).union(names.map(\.owner))
    let everyName = Set(known.flatMap { [$0.name] + $0.formerNames })
    var fleet = Fleet()
    fleet.formerNames = Dictionary(known.map { ($0.name, $0.formerNames) }) { first, _ in first }
    var looks: [Look] = []
    let sortedOwners = allOwners.sorted()
    for (owner, list) in zip(sortedOwners, await list(sortedOwners)) {
      let at = list.at
      switch list.answer {
      case .failure(let error):
        fleet.failures.append(error)
        fleet.notes.append("owner \(owner) could not be listed: \(error). \(error.advice)")
      case .success(let spaces):
        fleet.listed.insert(owner)
        for space in spaces {
          guard let runtime = space.runtime else { continue }
          fleet.see(space.id, runtime, at: at, &looks)
        }
        let listed = Set(spaces.map(\.id))
        let unreadable = spaces.filter { $0.runtime == nil }.map(\.id)
        let missing = known.filter { $0.name.owner == owner && $0.state?.stage != .gone }.map(\.name)
        let unknown = names.filter { $0.owner == owner && !everyName.contains($0) }
        let asked = Set(missing + unknown).subtracting(listed).sorted() + unreadable
        for (space, answer) in zip(asked, await ask(for: asked)) {
          try resolve(
            space, answer, at: at, known: everyName.contains(space), in: &fleet, &looks, records: records)
        }
      }
    }
    if records {
      let listedAt = clock()
      fleet.late = try history.record(
        looks, ownersListed: Dictionary(uniqueKeysWithValues: fleet.listed.map { ($0, listedAt) }))
    }
    return fleet
  }

  private struct OwnersList: Sendable {
    let answer: Result<[ListedSpace], HubError>
    /// When it was asked for.
    let at: Instant
  }

  private func list(_ owners: [String]) async -> [OwnersList] {
    await inOrder(owners) { owner in
      // Before, not after: what a change of ours that overtakes the list has made must not look undone.
      let at = clock()
      let answer = await Result { () async throws(HubError) in try await hub.spaces(of: owner) }
      return OwnersList(answer: answer, at: at)
    }
  }

  private func ask(for spaces: [SpaceID]) async -> [Result<RuntimeAnswer, HubError>] {
    await inOrder(spaces) { space in
      await Result { () async throws(HubError) in try await hub.runtime(of: space) }
    }
  }

  /// What became of a Space that its owner's complete list lacks.
  private func resolve(
    _ space: SpaceID, _ answer: Result<RuntimeAnswer, HubError>, at: Instant, known: Bool,
    in fleet: inout Fleet,
    _ looks: inout [Look], records: Bool
  ) throws {
    switch answer {
    case .success(.runtime(let runtime)): fleet.see(space, runtime, at: at, &looks)
    case .success(.moved(let new, let runtime)) where new.owner == space.owner:
      fleet.news.append("\(space) was renamed to \(new): write the new name in the rules")
      fleet.renamed[new] = space
      if records, known, try !history.rename(space, to: new, at: at) {
        looks.append(Look(space: space, at: at, state: .gone))
      }
      fleet.see(new, runtime, at: at, &looks)
    case .success(.moved(let new, _)):
      fleet.news.append("\(space) now belongs to another owner, as \(new): it is counted as gone")
      fleet.told.insert(space)
      if known { looks.append(Look(space: space, at: at, state: .gone)) }
    case .failure(let error) where error.kind == .notFound:
      if known {
        looks.append(Look(space: space, at: at, state: .gone))
        fleet.news.append("\(space) is gone: the Hub has no such Space, or shows it to this token no more")
      }
    case .failure(let error):
      fleet.failures.append(error)
      fleet.notes.append("\(space) could not be asked for: \(error). \(error.advice)")
      fleet.told.insert(space)
    }
  }
}

extension Fleet {
  fileprivate mutating func see(_ space: SpaceID, _ runtime: SpaceRuntime, at: Instant, _ looks: inout [Look])
  {
    // A Space that was renamed is in the list under its new name, and is asked for under the old one too.
    guard seen[space] == nil else { return }
    seen[space] = Seen(runtime: runtime, at: at)
    looks.append(Look(space: space, at: at, state: SpaceState(runtime), raw: runtime.raw))
  }
}
