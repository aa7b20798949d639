import Foundation
import Hub
import Planning
import Schedules
import Spaces
import Spelling
import Timelines

extension HubClient {
  /// What a Space's own variables ask of spaceplan: one call.
  ///
  /// - Parameter zone: its policy's, for an instant without one.
  func orders(of space: SpaceID, zone: TimeZone) async -> SpaceOrders {
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
    if let named = schedules.policies.first(where: { $0.name == name }) {
      assignment = .policy(named, match: match)
    } else {
      let nearest = Spelling.nearest(to: name, among: schedules.policies.map(\.name))
      self.orders.problems.append(
        "its variable SPACEPLAN_POLICY is ignored: there is no policy '\(name)'"
          + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }
  }
}
