import Money
import Pricing
public import Spaces

/// What a run does, in order: downgrades first, as they save money and may free what upgrades need.
public struct Agenda: Sendable {
  /// The calls for one Space, in order.
  public struct Item: Sendable {
    public let space: SpaceID
    public let changes: [Change]
  }

  /// Sent one after the other, those that save most an hour right now first: a Space that sleeps saves
  /// nothing, and must not take the last place of an account's quota of `cpu-basic`.
  public private(set) var downgrades: [Item] = []
  /// Sent together.
  public private(set) var others: [Item] = []
  /// Left for the next run, as `--max-changes` is reached.
  public private(set) var waiting: [(space: SpaceID, change: Change)] = []

  /// - Parameter maxChanges: how many calls may be sent; nil for no limit.
  public init(_ plans: [SpacePlan], maxChanges: Int? = nil) {
    let planned = plans.filter { !$0.changes.isEmpty }
    let down = planned.filter { $0.firstMove?.direction == .down }
    let rest = planned.filter { $0.firstMove?.direction != .down }
    var left = maxChanges ?? .max
    func admit(_ plan: SpacePlan) -> Item? {
      let count = min(left, plan.changes.count)
      left -= count
      waiting += plan.changes[count...].map { (plan.space, $0) }
      guard count > 0 else { return nil }
      return Item(space: plan.space, changes: Array(plan.changes[..<count]))
    }
    downgrades = down.sorted { (-$0.saving, $0.space) < (-$1.saving, $1.space) }.compactMap(admit)
    others = rest.sorted { $0.space < $1.space }.compactMap(admit)
  }
}

extension SpacePlan {
  /// The first change of what it costs: a sleep time may be sent before it.
  fileprivate var firstMove: Change? { changes.first { $0.direction != .level } }

  fileprivate var saving: Money { firstMove?.saving ?? .zero }
}
