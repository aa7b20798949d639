import Foundation
import History
import Hub
public import Planning
import Schedules
import Spaces
import Spelling
import Timelines

extension HubClient {
  /// What a Space's own variables ask of spaceplan: one call.
  ///
  /// - Parameter zone: of the policy that they name, for an instant without one.
  func orders(of space: SpaceID, zone: (_ policy: String?) -> TimeZone) async -> SpaceOrders {
    do throws(HubError) {
      let variables = try await variables(of: space)
      return SpaceOrders(
        Dictionary(
          variables.map { ($0.key, ($0.value, $0.updatedAt.flatMap { try? Instant($0) })) },
          uniquingKeysWith: { $1 }), zone: zone)
    } catch {
      var orders = SpaceOrders()
      orders.unreadable = error.description
      return orders
    }
  }
}

extension Runner {
  /// Asks what Spaces' own variables want, where policies read them.
  ///
  /// - Parameter isMeant: of the others nothing is asked.
  public func readOrders(
    for situations: inout [Situation], of fleet: Fleet, where isMeant: (Situation) -> Bool = { _ in true }
  ) async throws {
    let steered = situations.indices.filter { situations[$0].takesOrders && isMeant(situations[$0]) }
    guard !steered.isEmpty else { return }
    let orders = await inOrder(steered.map { situations[$0] }) { situation in
      await hub.orders(of: situation.space) { name in
        (schedules.policy(named: name) ?? situation.assignment.policy)?.zone ?? .gmt
      }
    }
    // Budgets are for policies, and a variable may have named another.
    let steps = try StepsInForce(history, schedules, at: clock())
    let recorded = Set(try history.spaces().map(\.name))
    for (index, orders) in zip(steered, orders) {
      situations[index].take(orders, schedules)
      let space = situations[index].space
      steps.tell(
        &situations[index], recordedAs: recorded.contains(space) ? space : fleet.renamed[space] ?? space)
    }
  }
}

extension Situation {
  /// Whether its own variables may steer it.
  var takesOrders: Bool {
    guard case .policy(let policy, _) = assignment else { return false }
    return policy.readsVariables && !policy.isProtected && live.stage != .gone
  }

  /// Follows `SPACEPLAN_POLICY`, if there is such a policy.
  mutating func take(_ orders: SpaceOrders, _ schedules: Schedules) {
    self.orders = orders
    guard let name = orders.policy, case .policy(let policy, let match) = assignment, name != policy.name
    else { return }
    if let named = schedules.policy(named: name) {
      assignment = .policy(named, match: match)
    } else {
      let nearest = Spelling.nearest(to: name, among: schedules.policies.map(\.name))
      self.orders?.problems.append(
        "its variable SPACEPLAN_POLICY is ignored: there is no policy '\(name)'"
          + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }
}

extension Schedules {
  fileprivate func policy(named name: String?) -> Policy? { policies.first { $0.name == name } }
}
