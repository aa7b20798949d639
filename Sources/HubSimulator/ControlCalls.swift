import Foundation
import JSON
import Simulation
import Spaces
import Timelines

/// The control interface: what a test does to the simulated Hub, and what it asks of it.
///
/// Besides the calls of the Hub's page there are two that decide what the Hub allows:
/// - `POST /_simulator/account` `{"owner":"acme","cpuBasicLimit":8,"spendLimitReached":false,"role":"admin"}`:
///   how many Spaces of an owner may run on `cpu-basic` at once (a request or restart above that is answered
///   with 403; null for any number); whether its spend limit is reached (then its paid Spaces that run are
///   paused, and starting one is answered with 403); and what the token may do there: `admin`, `write`, `read`
///   (changes are answered with 403) or `none` (nor are private Spaces seen).
/// - `POST /_simulator/rate-limit` `{"quota":500,"window":300}`: how many Hub calls are answered in how many
///   seconds, by the clock of the Hub or in real time, whichever passes first. 10,000 in 300 at first.
///
/// Capacity that has run out is a fault: `{"kind":"status","status":503,"path":"*/hardware","body":"*a100*"}`.
extension SimulatedHub {
  func controlAnswer(to call: HubCall) -> HubAnswer {
    do {
      return HubAnswer(try control(call))
    } catch let error as Refusal {
      return error.answer
    } catch {
      return Refusal(400, "\(error)").answer
    }
  }

  private func control(_ call: HubCall) throws -> JSONValue {
    let name = call.path.dropFirst().joined(separator: "/")
    switch (call.method, name) {
    case ("POST", "spaces"):
      let definitions = try SpaceDefinition.list(try call.json())
      add(definitions)
      return .array(definitions.map { .string($0.id.description) })
    case ("POST", "spaces/rename"), ("POST", "rename"): return try rename(try call.json())
    case ("DELETE", _) where call.path.count == 4 && call.path[1] == "spaces":
      let id = try SpaceID(call.path[2...].joined(separator: "/"))
      guard remove(id) else { throw Refusal(404, "there is no Space \(id)") }
      ids.removeAll { $0 == id }
      return ["deleted": .string(id.description)]
    case ("GET", "clock"): return ["now": .string(now.description)]
    case ("POST", "clock"): return try moveClock(try call.json())
    case ("POST", "visits"): return try addVisits(try call.json())
    case ("GET", "timeline"): return try timeline(call)
    case ("GET", "bill"): return try billAnswer(call)
    case ("GET", "requests"): return .array(requests.map(\.json))
    case ("GET", "faults"): return .array(faults.faults.map(\.json))
    case ("POST", "faults"):
      let json = try call.json()
      for fault in try (json.array ?? [json]).map(Fault.init) { faults.add(fault) }
      return .array(faults.faults.map(\.json))
    case ("DELETE", "faults"):
      faults.removeAll()
      return []
    case ("POST", "account"): return try changeAccount(try call.json())
    case ("POST", "rate-limit"): return try changeRateLimit(try call.json())
    default: throw Refusal(404, "the simulator has no \(call.method) /\(call.path.joined(separator: "/"))")
    }
  }

  private func rename(_ json: JSONValue) throws -> JSONValue {
    let reader = try DefinitionReader(json, of: "a new name", keys: ["from", "to"])
    let (old, new) = (try reader.space("from"), try reader.space("to"))
    guard spaces[new] == nil else { throw Refusal(409, "there is a Space \(new) already") }
    guard var space = spaces.removeValue(forKey: old) else { throw Refusal(404, "there is no Space \(old)") }
    space.id = new
    spaces[new] = space
    ids = spaces.keys.sorted()
    if let former = formerChanges.removeValue(forKey: old) { formerChanges[new, default: []] += former }
    for (name, target) in redirects where target == old { redirects[name] = new }
    redirects[new] = nil
    redirects[old] = new
    return ["from": .string(old.description), "to": .string(new.description)]
  }

  private func moveClock(_ json: JSONValue) throws -> JSONValue {
    let reader = try DefinitionReader(json, of: "a move of the clock", keys: ["until", "seconds"])
    let seconds = try reader.integer("seconds", in: 0...DefinitionReader.longest).map { now + $0 }
    guard let target = try reader.instant("until") ?? seconds else {
      throw Refusal(400, "a move of the clock needs \"until\" or \"seconds\"")
    }
    try advance(to: target)
    return ["now": .string(now.description)]
  }

  private func addVisits(_ json: JSONValue) throws -> JSONValue {
    let elements = json.array ?? [json]
    let visits = try elements.map { element -> (SpaceID, [Instant]) in
      let reader = try DefinitionReader(element, of: "visits", keys: ["space", "at"])
      let id = try reader.space("space")
      guard spaces[id] != nil else { throw Refusal(404, "there is no Space \(id)") }
      // Nobody comes who would have had to come before.
      return (id, try (reader.instants("at") ?? [now]).filter { $0 >= now })
    }
    for (id, instants) in visits { spaces[id]?.addVisits(instants, now: now) }
    return ["visits": .integer(Int64(visits.map(\.1.count).reduce(0, +)))]
  }

  private func timeline(_ call: HubCall) throws -> JSONValue {
    guard let text = call.value(of: "space") else { throw Refusal(400, "which \"space\"?") }
    let named = try SpaceID(text)
    let changes = changes(of: spaces[named] == nil ? redirects[named] ?? named : named)
    guard !changes.isEmpty || spaces[named] != nil else {
      throw Refusal(404, "there was never a Space \(named)")
    }
    return .array(
      changes.map {
        [
          "at": .string($0.at.description), "stage": .string($0.state.stage.rawValue),
          "hardware": .text($0.state.hardware?.rawValue),
          "requested": .text($0.state.requestedHardware?.rawValue),
          "sleepTime": .number($0.state.sleepTime),
          "replicas": .integer(Int64($0.state.replicas)),
        ]
      })
  }

  private func billAnswer(_ call: HubCall) throws -> JSONValue {
    let from = try call.value(of: "from").map(DefinitionReader.instant) ?? .distantPast
    let until = try call.value(of: "until").map(DefinitionReader.instant) ?? now
    return .array(
      bill(from: from, until: until).map {
        [
          "space": .string($0.space.description), "hardware": .string($0.hardware.rawValue),
          "seconds": .integer($0.seconds), "minutes": .integer($0.minutes),
          "cost": .text($0.cost?.text(decimals: 0...9)),
        ]
      })
  }

  private func changeAccount(_ json: JSONValue) throws -> JSONValue {
    let reader = try DefinitionReader(
      json, of: "an account", keys: ["owner", "cpuBasicLimit", "spendLimitReached", "role"])
    guard let owner = try reader.text("owner") else { throw Refusal(400, "an account needs \"owner\"") }
    var account = account(of: owner)
    if json["cpuBasicLimit"] != nil {
      account.cpuBasicLimit = try reader.integer("cpuBasicLimit", in: 0...1_000_000).map { Int($0) }
    }
    account.role = try reader.text("role") ?? account.role
    guard ["admin", "write", "read", "none"].contains(account.role) else {
      throw Refusal(400, "\"role\" must be admin, write, read or none")
    }
    account.spendLimitReached = try reader.flag("spendLimitReached") ?? account.spendLimitReached
    accounts[owner] = account
    if account.spendLimitReached {
      for (id, space) in spaces where id.owner == owner && space.hasContainer {
        let hardware = space.lifecycle?.requestedHardware
        if hardware != .cpuBasic, hardware != .zeroA10G { live(id) { $0.pause() } }
      }
    }
    return [
      "owner": .string(owner), "role": .string(account.role),
      "cpuBasicLimit": .number(account.cpuBasicLimit),
      "spendLimitReached": .bool(account.spendLimitReached),
    ]
  }

  private func changeRateLimit(_ json: JSONValue) throws -> JSONValue {
    let reader = try DefinitionReader(json, of: "a rate limit", keys: ["quota", "window"])
    var limit = RateLimit()
    limit.quota = Int(try reader.integer("quota", in: 0...1_000_000_000) ?? Int64(limit.quota))
    limit.window = try reader.integer("window", in: 1...86_400) ?? limit.window
    rateLimit = limit
    return ["quota": .integer(Int64(limit.quota)), "window": .integer(limit.window)]
  }
}
