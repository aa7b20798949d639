import History
public import Planning
public import Spaces

extension Runner {
  /// What would put the Spaces that a run has changed back to how it found them, by name.
  public func undo(ofRun run: Int64, on fleet: Fleet) async throws -> [(space: SpaceID, undo: Undo)] {
    let planner = Planner(prices: prices, now: clock())
    let made = Dictionary(grouping: try history.actions(ofRun: run).map(\.action), by: \.space)
    var all = try situations(of: fleet)
    try await readOrders(for: &all, of: fleet) { made[$0.space] != nil }
    let situations = Dictionary(uniqueKeysWithValues: all.map { ($0.space, $0) })
    return try made.sorted { $0.key < $1.key }.map { space, actions in
      guard var situation = situations[space] else { return (space, .left(reason: "it can't be seen now")) }
      try recallPast(of: &situation, fleet)
      return (space, planner.undo(actions, of: situation))
    }
  }
}
