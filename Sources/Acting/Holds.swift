public import History
import Planning
public import Schedules
public import Spaces
public import Timelines

extension Hold {
  /// - Parameter settings: one hardware at most.
  public init(
    _ space: SpaceID, _ settings: Settings, during range: Range<Instant>, reason: String, madeBy: String
  ) {
    self.init(
      space: space, hardware: settings.hardware, sleep: settings.sleep,
      isPaused: settings.state.map { $0 == .paused }, replicas: settings.replicas, from: range.lowerBound,
      until: range.upperBound, reason: reason, madeBy: madeBy)
  }

  /// What it names.
  public var settings: Settings {
    Settings(
      hardware: hardware, sleep: sleep, state: isPaused.map { $0 ? .paused : .running }, replicas: replicas)
  }

  /// As the planner takes it.
  public var override: Override { Override(kind: .hold, name: reason, range: range, set: settings) }

  /// As it would have been had nobody ended it early.
  fileprivate var unreleased: Override {
    Override(kind: .hold, name: reason, range: from..<until, set: settings)
  }
}

extension Runner {
  /// What people and the journal know of holds, by the Spaces' recorded names.
  struct HoldsKnown {
    private let holds: [SpaceID: [Hold]]
    private let changed: Set<SpaceID>

    init(_ history: History) throws {
      holds = Dictionary(grouping: try history.holds(), by: \.space)
      changed = try history.changed(for: [.exception, .hold])
    }

    func tell(_ situation: inout Situation, recordedAs name: SpaceID) {
      let holds = holds[name] ?? []
      situation.holds = holds.map(\.override)
      situation.released = holds.filter { hold in
        hold.released.map { $0.at > situation.lastRun ?? .distantPast } ?? false
      }.map(\.unreleased)
      situation.mayGoBack = changed.contains(name)
    }
  }
}
