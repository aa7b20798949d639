public import Hub
public import Spaces
public import Timelines

/// What one look at all owners showed.
public struct Fleet: Sendable {
  /// What each Space that answered is now, under its present name, and when it was seen.
  public internal(set) var seen: [SpaceID: Seen] = [:]
  /// What happened since the look before and is told once: renamed and vanished Spaces.
  public internal(set) var news: [String] = []
  /// What people should know as long as it is so: Spaces that can't be seen, owners that can't be listed.
  public internal(set) var notes: [String] = []
  /// Spaces whose look was not recorded, as the last one recorded is no earlier.
  public internal(set) var late: [SpaceID] = []
  /// Spaces that were not seen, and of which ``news`` or ``notes`` say why.
  var told: Set<SpaceID> = []
  /// Former names by new names, as found in this look.
  var renamed: [SpaceID: SpaceID] = [:]
  /// What the history knew before of former names, by present ones.
  var formerNames: [SpaceID: [SpaceID]] = [:]
  /// Owners that could not be listed, and Spaces that could not be asked for.
  public internal(set) var failures: [HubError] = []
  /// Owners of whom a complete list came.
  public internal(set) var listed: Set<String> = []

  /// All names of a Space, the present one first: rules for any of them are for it. A former name that another Space
  /// has now is that one's.
  public func names(of space: SpaceID) -> [SpaceID] {
    let old = renamed[space].map { [$0] } ?? []
    return [space]
      + (old + (formerNames[space] ?? []) + old.flatMap { formerNames[$0] ?? [] })
      .filter { seen[$0] == nil }
  }

  /// Why nothing at all could be seen; nil if something was, or nobody is to be looked at.
  public var blindness: HubError? { listed.isEmpty ? failures.first : nil }

  public struct Seen: Sendable {
    public let runtime: SpaceRuntime
    public let at: Instant
  }
}
