public import Hub
public import Spaces
public import Timelines

/// What one look at all owners showed.
public struct Fleet: Sendable {
  /// What each Space that answered is now, under its present name, and when it was seen.
  public internal(set) var seen: [SpaceID: Seen] = [:]
  /// What people should know: renamed, vanished and unseen Spaces, owners that could not be listed.
  public internal(set) var notes: [String] = []
  /// Owners that could not be listed, and Spaces that could not be asked for.
  public internal(set) var failures: [HubError] = []
  /// Owners of whom a complete list came.
  public internal(set) var listed: Set<String> = []

  public struct Seen: Sendable {
    public let runtime: SpaceRuntime
    public let at: Instant
  }
}
