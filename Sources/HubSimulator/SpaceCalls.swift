import Foundation
import JSON
import Pricing
import Simulation
import Spaces
import Timelines

extension SimulatedHub {
  /// Does what a Hub call asks of one Space.
  func spaceAnswer(_ call: HubCall, id: SpaceID, action: String) throws(Refusal) -> HubAnswer {
    guard let space = spaces[id], canSee(space, call) else {
      if let next = redirects[id], spaces[next] != nil { return redirect(call, to: next, action: action) }
      throw .noSuchSpace(hasToken: call.token != nil)
    }
    if call.method == "GET" { return try look(call, at: space, action: action) }
    guard call.token != nil else { throw .tokenNeeded }
    guard account(of: id.owner).mayWrite else {
      throw Refusal(403, "Forbidden: your role may not change Spaces of \(id.owner)")
    }
    guard space.lifecycle != nil else {
      throw Refusal(400, "\(id) is a static Space: it always runs, and is never billed")
    }
    switch (call.method, action) {
    case ("POST", "hardware"): try requestHardware(call, id)
    case ("POST", "sleeptime"):
      let seconds = try Self.number(call, "seconds", in: -1...DefinitionReader.longest)
      live(id) { $0.requestSleepTime(SleepTime(hubSeconds: Int(seconds))) }
    case ("POST", "pause"): live(id) { $0.pause() }
    case ("POST", "restart"): try restart(call, id)
    case ("POST", "replicas"): try requestReplicas(call, id)
    case ("POST", "dev-mode"):
      guard case .bool(let enabled) = try call.json()["enabled"] else {
        throw Refusal(400, "\"enabled\" must be true or false")
      }
      spaces[id]?.devMode = enabled
    case ("POST", "storage"):
      guard let tier = try call.json()["tier"]?.string else { throw Refusal(400, "\"tier\" must be text") }
      spaces[id]?.storage = SpaceStorage(rawValue: tier)
    case ("DELETE", "storage"): spaces[id]?.storage = nil
    case ("PUT", "volumes"):
      guard let volumes = try call.json()["volumes"], volumes.array != nil else {
        throw Refusal(400, "\"volumes\" must be a list")
      }
      spaces[id]?.volumes = volumes
      spaces[id]?.restartIfAwake()
    case ("DELETE", "volumes"):
      guard space.volumes != .null else { throw Refusal(400, "\(id) has no volumes") }
      spaces[id]?.volumes = .null
      spaces[id]?.restartIfAwake()
    case ("POST", "variables"), ("DELETE", "variables"):
      try change(\.variables, of: id, call)
      return HubAnswer(Self.map(of: spaces[id]?.variables ?? [:], withValues: true))
    case ("POST", "secrets"), ("DELETE", "secrets"):
      try change(\.secrets, of: id, call)
      return HubAnswer([:])
    default: throw .notFound
    }
    return HubAnswer(spaces[id]?.runtime ?? .null)
  }

  private func look(_ call: HubCall, at space: SimulatedSpace, action: String) throws(Refusal) -> HubAnswer {
    switch action {
    case "": return HubAnswer(try info(space, expand: call.values(of: "expand"), withRuntime: true))
    case "runtime": return HubAnswer(space.runtime)
    default: break
    }
    guard call.token != nil else { throw .tokenNeeded }
    func stream(_ source: EventStream.Source) -> HubAnswer {
      HubAnswer(status: 200, body: .stream(EventStream(space: space.id, source: source)))
    }
    switch action {
    case "variables": return HubAnswer(Self.map(of: space.variables, withValues: true))
    case "secrets": return HubAnswer(Self.map(of: space.secrets, withValues: false))
    case "logs/build": return stream(.buildLog(tail: try Self.tail(call)))
    case "events": return stream(.events)
    case "logs/run" where space.hasContainer || space.stage == .runtimeError:
      return stream(.runLog(tail: try Self.tail(call)))
    case "metrics" where space.hasContainer: return stream(.metrics)
    case "logs/run", "metrics": throw Refusal(400, "\(space.id) does not run: its stage is \(space.stage)")
    default: throw .notFound
    }
  }

  private func redirect(_ call: HubCall, to id: SpaceID, action: String) -> HubAnswer {
    let query = call.bareQuery.map { "?" + $0 } ?? ""
    let path = "/api/spaces/\(id)" + (action.isEmpty ? "" : "/" + action)
    return HubAnswer(status: 307, headers: [("Location", path + query)], body: .empty)
  }

  func live(_ id: SpaceID, _ change: (inout SpaceLifecycle) -> Void) { spaces[id]?.live(change) }

  // MARK: Changes that the Hub may refuse

  private func requestHardware(_ call: HubCall, _ id: SpaceID) throws(Refusal) {
    let json = try call.json()
    guard let flavor = json["flavor"]?.string, !flavor.isEmpty else {
      throw Refusal(400, "\"flavor\" must be text")
    }
    let hardware = SpaceHardware(rawValue: flavor)
    // Hardware that only some Space of the fleet knows is as good as hardware that has a price.
    let isKnown =
      (prices.hourlyPrice(of: hardware, at: now) != nil && !prices.isWithdrawn(hardware, at: now))
      || spaces.values.contains { $0.lifecycle?.requestedHardware == hardware }
    guard isKnown else { throw Refusal(400, "there is no hardware \"\(flavor)\"") }
    var sleep: SleepTime?
    if json["sleepTimeSeconds"] != nil, json["sleepTimeSeconds"] != .null {
      let seconds = try Self.number(call, "sleepTimeSeconds", in: -1...DefinitionReader.longest)
      sleep = SleepTime(hubSeconds: Int(seconds))
    }
    if spaces[id]?.lifecycle?.requestedHardware != hardware { try checkLimits(of: id, starting: hardware) }
    live(id) { $0.requestHardware(hardware, sleep: sleep) }
  }

  private func restart(_ call: HubCall, _ id: SpaceID) throws(Refusal) {
    if let hardware = spaces[id]?.lifecycle?.requestedHardware { try checkLimits(of: id, starting: hardware) }
    if call.value(of: "factory") == "true" {
      live(id) { $0.build() }
    } else {
      live(id) { $0.restart() }
    }
  }

  private func requestReplicas(_ call: HubCall, _ id: SpaceID) throws(Refusal) {
    let count = try Self.number(call, "replicas", in: 1...1000)
    guard spaces[id]?.lifecycle?.requestedHardware != .cpuBasic else {
      throw Refusal(400, "replicas need upgraded hardware")
    }
    live(id) { $0.requestReplicas(Int(count)) }
  }

  /// What an account may start: so many Spaces on `cpu-basic`, and nothing paid at its spend limit.
  private func checkLimits(of id: SpaceID, starting hardware: SpaceHardware) throws(Refusal) {
    let account = account(of: id.owner)
    if hardware != .cpuBasic, hardware != .zeroA10G, account.spendLimitReached {
      throw Refusal(403, "The spend limit of \(id.owner) is reached: no paid hardware can be started")
    }
    guard hardware == .cpuBasic, let limit = account.cpuBasicLimit else { return }
    let others = spaces.values.filter {
      $0.id.owner == id.owner && $0.id != id && $0.hasContainer
        && $0.lifecycle?.requestedHardware == .cpuBasic
    }
    if others.count >= limit {
      throw Refusal(
        403, "\(id.owner) already runs \(limit) Spaces on cpu-basic, which is the limit of its plan")
    }
  }

  // MARK: Variables and secrets

  private func change(
    _ settings: WritableKeyPath<SimulatedSpace, [String: SimulatedSpace.Setting]>, of id: SpaceID,
    _ call: HubCall
  ) throws(Refusal) {
    let json = try call.json()
    guard let key = json["key"]?.string, !key.isEmpty else { throw Refusal(400, "\"key\" must be text") }
    if call.method == "DELETE" {
      guard spaces[id]?[keyPath: settings].removeValue(forKey: key) != nil else { return }
    } else {
      guard let value = json["value"]?.string else { throw Refusal(400, "\"value\" must be text") }
      spaces[id]?[keyPath: settings][key] = .init(
        value: value, description: json["description"]?.string, updatedAt: now)
    }
    spaces[id]?.restartIfAwake()
  }

  private static func map(of settings: [String: SimulatedSpace.Setting], withValues: Bool) -> JSONValue {
    .object(
      settings.mapValues { setting in
        var json: [String: JSONValue] = ["updatedAt": .string(setting.updatedAt.stamp)]
        if withValues { json["value"] = .string(setting.value) }
        if let description = setting.description { json["description"] = .string(description) }
        return .object(json)
      })
  }

  // MARK: Reading

  private static func number(_ call: HubCall, _ key: String, in range: ClosedRange<Int64>) throws(Refusal)
    -> Int64
  {
    guard let number = try call.json()[key]?.integer, range.contains(number) else {
      throw Refusal(400, "\"\(key)\" must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func tail(_ call: HubCall) throws(Refusal) -> Int? {
    guard let text = call.value(of: "tail") else { return nil }
    guard let tail = Int(text), tail >= 0 else { throw Refusal(400, "\"tail\" must be a number of lines") }
    return tail
  }
}
