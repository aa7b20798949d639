import Foundation
import JSON
import NIOCore
import NIOHTTP1
public import Spaces

/// Changes: each is sent once, and answered with the runtime as it is now. An error whose
/// ``HubError/isUnclear`` is set leaves open whether it was done.
extension HubClient {
  /// Asks for hardware, which restarts the Space; with a sleep time, for both in one call.
  @discardableResult
  public func setHardware(
    _ hardware: SpaceHardware, sleep: SleepTime? = nil, of id: SpaceID
  ) async throws(HubError) -> SpaceRuntime {
    try await change(
      "set the hardware", of: id, HubPath.hardware(id),
      HardwareRequest(flavor: hardware, sleepTimeSeconds: sleep?.hubSeconds))
  }

  /// Sets after how long without a visit the Space goes to sleep; without effect on `cpu-basic`.
  @discardableResult
  public func setSleepTime(_ sleep: SleepTime, of id: SpaceID) async throws(HubError) -> SpaceRuntime {
    try await change(
      "set the sleep time", of: id, HubPath.sleepTime(id), SleepTimeRequest(seconds: sleep.hubSeconds))
  }

  /// Stops the Space and its bill until its owner restarts it.
  @discardableResult
  public func pause(_ id: SpaceID) async throws(HubError) -> SpaceRuntime {
    try await change("pause", of: id, HubPath.pause(id), NoBody?.none)
  }

  /// Starts the Space from any stage. Not repeatable: each call restarts it.
  /// - Parameter factory: rebuilds it from its files first.
  @discardableResult
  public func restart(_ id: SpaceID, factory: Bool = false) async throws(HubError) -> SpaceRuntime {
    try await change(
      "restart", of: id, HubPath.restart(id), query: factory ? [("factory", "true")] : [], NoBody?.none)
  }

  /// Sets how many copies run, each of which is billed; upgraded hardware only.
  @discardableResult
  public func setReplicas(_ replicas: Int, of id: SpaceID) async throws(HubError) -> SpaceRuntime {
    try await change("set the replicas", of: id, HubPath.replicas(id), ReplicasRequest(replicas: replicas))
  }

  /// Adds or changes a variable, which restarts the Space; answers all of them.
  @discardableResult
  public func setVariable(
    _ key: String, to value: String, description: String? = nil, of id: SpaceID
  ) async throws(HubError) -> [SpaceVariable] {
    try await change(
      HubCall("set the variable \(key)", of: id, isChange: true), .POST, url(HubPath.variables(id)),
      VariableRequest(key: key, value: value, description: description), Self.variables)
  }

  /// Removes a variable, if there is such a one; answers those that are left.
  @discardableResult
  public func deleteVariable(_ key: String, of id: SpaceID) async throws(HubError) -> [SpaceVariable] {
    try await change(
      HubCall("delete the variable \(key)", of: id, isChange: true), .DELETE, url(HubPath.variables(id)),
      VariableRequest(key: key), Self.variables)
  }

  private func change(
    _ action: String, of id: SpaceID, _ path: String, query: [(name: String, value: String)] = [],
    _ body: (some Encodable & Sendable)?
  ) async throws(HubError) -> SpaceRuntime {
    try await change(HubCall(action, of: id, isChange: true), .POST, url(path, query: query), body) {
      try? SpaceRuntime(json: $0)
    }
  }

  private func change<Value: Sendable>(
    _ call: HubCall, _ method: HTTPMethod, _ url: String, _ body: (some Encodable & Sendable)?,
    _ parse: @escaping @Sendable (JSONValue) -> Value?
  ) async throws(HubError) -> Value {
    let bytes: ByteBuffer?
    do {
      bytes = try body.map { ByteBuffer(bytes: try JSONEncoder().encode($0)) }
    } catch {
      throw self.error(Failure(.badRequest, "\(error)"), in: call)
    }
    return try await transport.answer(to: HubRequest(call: call, method: method, url: url, body: bytes)) {
      try Self.parsed(try await Self.json($0), parse)
    }.value
  }
}

/// The type of a body that is not there.
private struct NoBody: Encodable, Sendable {}
