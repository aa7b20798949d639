import Foundation
import JSON
import Pricing
import Simulation
import Spaces
import Timelines

extension SimulatedHub {
  /// Does what a Hub call asks: those of `/api` that are about no single Space; ``spaceAnswer(_:id:action:)``
  /// has the others.
  func hubAnswer(to call: HubCall) throws(Refusal) -> HubAnswer {
    if let given = call.token, let token, given != token { throw .invalidToken }
    switch (call.method, call.path.joined(separator: "/")) {
    case ("GET", "api/spaces"): return try listAnswer(call)
    case ("GET", "api/spaces/hardware"): return HubAnswer(hardwareList())
    case ("GET", "api/whoami-v2"): return HubAnswer(try whoami(call))
    case ("GET", "api/settings/billing/usage-v2"): return HubAnswer(try usage(call, of: Self.userName))
    default:
      if call.method == "GET", call.path.count == 5, call.path.starts(with: ["api", "organizations"]),
        call.path.suffix(2) == ["billing", "usage-v2"]
      {
        return HubAnswer(try usage(call, of: call.path[2]))
      }
      guard call.path.count >= 4, call.path.starts(with: ["api", "spaces"]) else { throw .notFound }
      guard let id = try? SpaceID("\(call.path[2])/\(call.path[3])") else {
        throw .noSuchSpace(hasToken: call.token != nil)
      }
      return try spaceAnswer(call, id: id, action: call.path.dropFirst(4).joined(separator: "/"))
    }
  }

  func account(of owner: String) -> Account { accounts[owner] ?? Account() }

  func canSee(_ space: SimulatedSpace, _ call: HubCall) -> Bool {
    !space.isPrivate || (call.token != nil && account(of: space.id.owner).maySeePrivate)
  }

  // MARK: Lists

  /// However many are asked for, a page has at most so many Spaces.
  private static let pageSize = 100

  private func listAnswer(_ call: HubCall) throws(Refusal) -> HubAnswer {
    let limit = call.value(of: "limit").map { Int($0) ?? 0 } ?? Self.pageSize
    guard limit > 0 else { throw Refusal(400, "\"limit\" must be a number greater than 0") }
    let author = call.value(of: "author")
    let search = call.value(of: "search")?.lowercased()
    let cursor = call.value(of: "cursor")
    let size = min(limit, Self.pageSize)
    var page: [JSONValue] = []
    var last: SpaceID?
    for id in ids {
      if let author, id.owner.lowercased() != author.lowercased() { continue }
      if let cursor, id.description.unicodeScalars.lexicographicallyPrecedes(cursor.unicodeScalars) {
        continue
      }
      if id.description == cursor { continue }
      if let search, !id.description.lowercased().contains(search) { continue }
      guard let space = spaces[id], canSee(space, call) else { continue }
      if page.count == size, let last {
        return HubAnswer(
          status: 200, headers: [("Link", "<\(nextPage(call, after: last))>; rel=\"next\"")],
          body: .json(.array(page)))
      }
      page.append(try info(space, expand: call.values(of: "expand"), withRuntime: false))
      last = id
    }
    return HubAnswer(.array(page))
  }

  private func nextPage(_ call: HubCall, after id: SpaceID) -> String {
    var query = call.query.filter { $0.key != "cursor" }
    query.append(("cursor", id.description))
    let text = query.map { "\($0.key.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
    return "http://\(call.host)/api/spaces?\(text)"
  }

  /// What the Hub tells of a Space: with `expand` what that names and nothing else.
  func info(_ space: SimulatedSpace, expand: [String], withRuntime: Bool) throws(Refusal) -> JSONValue {
    let all: [String: JSONValue] = [
      "id": .string(space.id.description),
      "author": .string(space.id.owner),
      "private": .bool(space.isPrivate),
      "sdk": .string(space.sdk),
      "createdAt": .string(space.createdAt.stamp),
      "lastModified": .string(space.createdAt.stamp),
      "disabled": false,
      "likes": 0,
      "tags": .array([.string(space.sdk)]),
      "subdomain": .string(space.subdomain),
    ]
    guard !expand.isEmpty else {
      return .object(withRuntime ? all.merging(["runtime": space.runtime]) { $1 } : all)
    }
    var told = ["id": all["id"] ?? .null]
    for key in expand {
      guard Self.expandable.contains(key) else { throw Refusal(400, "\"expand\" has no \"\(key)\"") }
      told[key] = key == "runtime" ? space.runtime : all[key]
    }
    return .object(told)
  }

  private static let expandable: Set<String> = [
    "author", "cardData", "createdAt", "datasets", "disabled", "lastModified", "likes", "models", "private",
    "region", "resourceGroup", "runtime", "sdk", "sha", "siblings", "subdomain", "tags", "trendingScore",
    "usedStorage",
  ]

  // MARK: The account

  private func whoami(_ call: HubCall) throws(Refusal) -> JSONValue {
    guard call.token != nil else { throw .tokenNeeded }
    let owners = Set(ids.map(\.owner)).union(accounts.keys).sorted()
    let orgs: [JSONValue] = owners.compactMap { owner in
      let role = account(of: owner).role
      guard role != "none" else { return nil }
      return ["name": .string(owner), "roleInOrg": .string(role), "plan": "team", "type": "org"]
    }
    return [
      "type": "user", "name": .string(Self.userName), "isPro": true, "orgs": .array(orgs),
      "auth": ["type": "access_token", "accessToken": ["role": "write", "displayName": "simulator"]],
    ]
  }

  /// What can be had now, and its price: rounded to a micro-dollar a minute.
  private func hardwareList() -> JSONValue {
    .array(
      prices.hardware.compactMap { listing in
        guard let perHour = prices.hourlyPrice(of: listing.hardware, at: now),
          !prices.isWithdrawn(listing.hardware, at: now)
        else { return nil }
        let microDollars = Int64(perHour.scaled(by: 1, over: 60_000).nanoDollars)
        var json: [String: JSONValue] = [
          "name": .string(listing.hardware.rawValue),
          "prettyName": .string(prices.label(of: listing.hardware)),
          "cpu": .string(listing.cpu.map { "\($0) vCPU" } ?? "N/A"),
          "ram": .string(listing.memoryGB.map { "\($0) GB" } ?? "N/A"),
          "accelerator": accelerator(of: listing), "unitCostMicroUSD": .integer(microDollars),
          "unitCostUSD": .decimal(Decimal(microDollars) / 1_000_000), "unitLabel": "minute",
        ]
        if let disk = listing.diskGB { json["ephemeralStorage"] = .string("\(disk) GB") }
        return .object(json)
      })
  }

  private func accelerator(of listing: HardwareListing) -> JSONValue {
    guard let gpu = listing.gpu else { return .null }
    let words = gpu.split(separator: " ", maxSplits: 1).map(String.init)
    return [
      "type": "gpu", "manufacturer": .string(words[0]), "model": .string(words.last ?? gpu),
      "quantity": .string("\(listing.gpuCount ?? 1)"), "vram": .string("\(listing.vramGB ?? 0) GB"),
    ]
  }

  /// Whose token every token is.
  private static let userName = "simulator"

  /// What an account is billed, from the true bill: the shape is that of answers which others have published, as
  /// the Hub documents none.
  private func usage(_ call: HubCall, of owner: String) throws(Refusal) -> JSONValue {
    guard call.token != nil else { throw .tokenNeeded }
    let isUser = owner == Self.userName
    guard isUser || accounts[owner] != nil || ids.contains(where: { $0.owner == owner }) else {
      throw .notFound
    }
    guard isUser || account(of: owner).mayWrite else {
      throw Refusal(403, "You don't have the permission to see the billing of \(owner)")
    }
    func instant(_ key: String) throws(Refusal) -> Instant {
      // A number that is no second of any year is refused by the Hub too, with a status that says little.
      guard let seconds = call.value(of: key).flatMap({ Int64($0) }),
        (Instant.distantPast.secondsSince1970...Instant.distantFuture.secondsSince1970).contains(seconds)
      else { throw Refusal(400, "\"\(key)\" must be seconds since 1970") }
      return Instant(secondsSince1970: seconds)
    }
    let from = try instant("startDate")
    let until = max(from, try instant("endDate"))
    let lines = bill(from: from, until: until).filter { $0.space.owner == owner && $0.cost != .zero }
    return [
      "period": [
        "entityName": .string(owner), "entityType": isUser ? "user" : "org",
        "periodStart": .string(from.stamp), "periodEnd": .string(until.stamp),
      ],
      "usage": [
        "Spaces": .array(lines.map(usageEntry)), "Endpoints": [],
        "inferenceProviders": ["usedNanoUsd": 0, "includedNanoUsd": 2_000_000_000, "numRequests": 0],
        "jobs": ["usedMicroUsd": 0, "totalMinutes": 0],
      ],
    ]
  }

  private func usageEntry(_ line: BillLine) -> JSONValue {
    var entry: [String: JSONValue] = [
      "active": .bool(spaces[line.space]?.hasContainer == true), "entityId": .string(line.space.description),
      "label": .string(line.space.description), "product": .string("spaces/\(line.hardware)/minutes"),
      "productPrettyName": .string("Spaces \(prices.label(of: line.hardware))"),
      "quantity": .integer(line.minutes), "unitLabel": "minute",
    ]
    if let cost = line.cost {
      entry["totalCostMicroUSD"] = .integer(Int64(cost.scaled(by: 1, over: 1000).nanoDollars))
    }
    if let perHour = prices.hourlyPrice(of: line.hardware, at: now) {
      entry["unitCostMicroUSD"] = .integer(Int64(perHour.scaled(by: 1, over: 60_000).nanoDollars))
    }
    return .object(entry)
  }
}

extension Refusal {
  static let notFound = Refusal(404, "Sorry, we can't find the page you are looking for.")
}

extension String {
  var percentEncoded: String {
    let plain = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
    return addingPercentEncoding(withAllowedCharacters: plain) ?? self
  }
}
