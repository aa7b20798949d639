import GRDB
public import Spaces
public import Timelines

/// A price as the Hub lists it, rounded to a micro-dollar.
public struct PriceSeen: Hashable, Sendable {
  public var hardware: SpaceHardware
  public var microDollars: Int64
  /// What it is for, such as `minute`.
  public var unit: String

  public init(hardware: SpaceHardware, microDollars: Int64, unit: String) {
    self.hardware = hardware
    self.microDollars = microDollars
    self.unit = unit
  }
}

extension History {
  /// When the Hub's prices were last looked at; nil for never.
  public func lastLookAtPrices() throws -> Instant? {
    try read { try Int64.fetchOne($0, sql: "SELECT max(last_at) FROM price_seen") }.map(Instant.init)
  }

  /// Records what the Hub lists now; a price that has not changed since the last look takes no new row.
  public func record(_ prices: [PriceSeen], at instant: Instant) throws {
    try write { database in
      for price in prices {
        try database.execute(
          sql: """
            UPDATE price_seen SET last_at = max(last_at, :at)
            WHERE hardware = :hardware AND micro_dollars = :price AND unit = :unit
              AND first_at = (SELECT max(first_at) FROM price_seen WHERE hardware = :hardware)
            """, arguments: Self.arguments(price, instant))
        if database.changesCount == 0 {
          try database.execute(
            sql: """
              INSERT OR REPLACE INTO price_seen (hardware, first_at, last_at, micro_dollars, unit)
              VALUES (:hardware, :at, :at, :price, :unit)
              """, arguments: Self.arguments(price, instant))
        }
      }
    }
  }

  private static func arguments(_ price: PriceSeen, _ instant: Instant) -> StatementArguments {
    [
      "hardware": price.hardware.rawValue, "at": instant.secondsSince1970, "price": price.microDollars,
      "unit": price.unit,
    ]
  }
}
