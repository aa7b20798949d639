import JSON
public import Pricing
public import Spaces
public import Timelines

/// A Hub in memory, with a clock that stands still until told.
///
/// Everything that it knows is here; ``HubServer`` puts it on the network. A call is received, decided and
/// answered in one step, so that no two calls mix.
public actor SimulatedHub {
  /// What somebody may do with the Spaces of an owner, and what the Hub allows that owner.
  struct Account: Sendable {
    /// `admin`, `write`, `read` (changes are refused) or `none` (private Spaces can't be seen either).
    var role = "admin"
    /// How many Spaces may run on `cpu-basic` at once; nil for any number.
    var cpuBasicLimit: Int?
    /// At its spend limit paid Spaces were paused, and none is started.
    var spendLimitReached = false

    var mayWrite: Bool { role == "admin" || role == "write" }
    var maySeePrivate: Bool { role != "none" }
  }

  var now: Instant
  var spaces: [SpaceID: SimulatedSpace] = [:]
  /// In order, for lists.
  var ids: [SpaceID] = []
  /// Where a renamed Space went.
  var redirects: [SpaceID: SpaceID] = [:]
  /// What Spaces were before they were deleted or replaced.
  var formerChanges: [SpaceID: [SpaceChange]] = [:]
  var accounts: [String: Account] = [:]
  var requests: [RecordedRequest] = []
  var faults: FaultPlan
  var rateLimit = RateLimit()
  let prices: PriceTable
  let token: String?

  /// - Parameters:
  ///   - clock: what its clock shows at first.
  ///   - prices: for bills and the list of hardware.
  ///   - token: the only token that it takes; with nil it takes any.
  ///   - seed: decides which calls a fault of some probability hits.
  public init(
    clock: Instant = SimulatedHub.firstInstant, prices: PriceTable = .builtIn, token: String? = nil,
    seed: UInt64 = 1
  ) {
    now = clock
    self.prices = prices
    self.token = token
    faults = FaultPlan(seed: seed)
  }

  /// What the clock shows unless told: 2026-01-01T00:00:00Z.
  public static let firstInstant = Instant(secondsSince1970: 1_767_225_600)

  /// What its clock shows.
  public var clock: Instant { now }

  /// Adds Spaces; one with the name of another replaces it.
  public func add(_ definitions: [SpaceDefinition]) {
    for definition in definitions {
      remove(definition.id)
      redirects[definition.id] = nil
      spaces[definition.id] = SimulatedSpace(definition, at: now)
    }
    ids = spaces.keys.sorted()
  }

  /// Moves the clock, and lets everything on the way happen at its own instant.
  /// - Throws: ``ClockCannotMove``; the clock then stands where it stood.
  public func advance(to instant: Instant) throws(ClockCannotMove) {
    guard instant >= now, instant <= .distantFuture else { throw ClockCannotMove(from: now, to: instant) }
    now = instant
    for index in spaces.values.indices { spaces.values[index].advance(to: instant) }
  }

  /// Lets a Space vanish; its changes stay in the books.
  @discardableResult
  func remove(_ id: SpaceID) -> Bool {
    guard let space = spaces.removeValue(forKey: id) else { return false }
    formerChanges[id, default: []] += space.changes
    formerChanges[id]?.append(SpaceChange(at: now, state: .gone))
    return true
  }

  /// Every true change of what can be seen of a Space, also of one that was deleted or replaced.
  public func changes(of id: SpaceID) -> [SpaceChange] {
    let current = spaces[id]?.changes ?? []
    // What was replaced in the same second was never there.
    let former = (formerChanges[id] ?? []).filter { change in current.first.map { change.at < $0.at } ?? true
    }
    return former + current
  }
}

/// What a Space was from an instant on.
public struct SpaceChange: Hashable, Sendable {
  public var at: Instant
  public var state: SpaceState
}

/// The clock of a Hub can't be moved back, nor beyond the year 9999.
public struct ClockCannotMove: Error, Hashable, Sendable, CustomStringConvertible {
  public let from: Instant
  public let to: Instant

  public var description: String {
    to < from
      ? "the clock is at \(from) and can't go back to \(to)"
      : "the clock is at \(from), and ends at \(Instant.distantFuture)"
  }
}

/// A Hub call as it came, and what was answered.
struct RecordedRequest: Sendable {
  var method: String
  /// Without its query.
  var path: String
  /// What follows the question mark; nil for none.
  var query: String?
  var body: JSONValue
  /// Nil where nothing was answered.
  var status: Int?
  var at: Instant

  var json: JSONValue {
    [
      "method": .string(method), "path": .string(path), "query": .text(query), "body": body,
      "status": .number(status), "at": .string(at.description),
    ]
  }
}
