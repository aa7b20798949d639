import JSON
import Money
import Spaces
import Timelines

/// A version of the FinOps Open Cost and Usage Specification, such as 1.2 (focus.finops.org).
///
/// A new one is a constant here and what it brings and ends in the table of columns, not another writer.
public struct FocusVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let major, minor: Int
  public var description: String { "\(major).\(minor)" }

  package init(major: Int, minor: Int) {
    (self.major, self.minor) = (major, minor)
  }

  public static let oneTwo = FocusVersion(major: 1, minor: 2)

  public static func < (left: FocusVersion, right: FocusVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  /// Those of its dataset Cost and Usage that apply to the Hub, in the order in which they are written.
  public var columns: [FocusColumn] {
    FocusColumn.all.filter { $0.until.map { self < $0 } ?? true }
  }
}

/// A column of the dataset Cost and Usage: what it is called, what may be in it, and how it comes about.
public struct FocusColumn: Sendable {
  /// How it is written, by the specification's words.
  public enum Kind: String, Sendable {
    case string = "STRING"
    /// Digits with a point, also where it is a whole number: readers guess the type.
    case decimal = "DECIMAL"
    case dateTime = "DATETIME"
    /// One object on one level.
    case json = "JSON"
  }

  /// How much the specification asks for it.
  public enum Level: Sendable {
    case mandatory
    /// Mandatory for who has what it is about; all these are about what the Hub has.
    case conditional
    case recommended, optional
    /// Our own, `x_…`.
    case custom
  }

  /// When it may be null, which is an empty field without quotes.
  public enum Nulls: Hashable, Sendable {
    case never
    case allowed
    /// Set in rows of usage, which all of ours are; null in rows of tax, say.
    case outsideUsage
    /// Null in the rows in which another column is.
    case exactlyWhen(String)
  }

  public let id: String
  public let kind: Kind
  public let level: Level
  public let nulls: Nulls
  /// The first version that has it no more; nil for none.
  public let until: FocusVersion?
  /// The most digits after the point; nil for what is no decimal.
  public let scale: Int?
  /// What is written; nil for null.
  let text: @Sendable (FocusCharge) -> String?
}

// MARK: Kinds of columns

extension FocusColumn {
  private static func string(
    _ id: String, _ level: Level, _ nulls: Nulls, until: FocusVersion? = nil,
    _ value: @escaping @Sendable (FocusCharge) -> String?
  ) -> FocusColumn {
    FocusColumn(id: id, kind: .string, level: level, nulls: nulls, until: until, scale: nil, text: value)
  }

  private static func dateTime(
    _ id: String, _ level: Level, _ nulls: Nulls, _ value: @escaping @Sendable (FocusCharge) -> CivilDate
  ) -> FocusColumn {
    FocusColumn(id: id, kind: .dateTime, level: level, nulls: nulls, until: nil, scale: nil) {
      value($0).startInUTC.description
    }
  }

  /// To a nano-dollar.
  private static func money(
    _ id: String, _ level: Level, _ nulls: Nulls, _ value: @escaping @Sendable (FocusCharge) -> Money
  ) -> FocusColumn {
    FocusColumn(id: id, kind: .decimal, level: level, nulls: nulls, until: nil, scale: 9) {
      value($0).text(decimals: 1...9)
    }
  }

  /// The time in units. With 12 digits a price times it is the cost, as near as programs compare; with 9 it
  /// would not be.
  private static func quantity(
    _ id: String, _ level: Level, _ nulls: Nulls, _ secondsOfUnit: @escaping @Sendable (FocusCharge) -> Int64
  ) -> FocusColumn {
    FocusColumn(id: id, kind: .decimal, level: level, nulls: nulls, until: nil, scale: 12) {
      $0.time.text(in: secondsOfUnit($0), atLeast: 1)
    }
  }

  /// Null where there is nothing to say.
  private static func json(
    _ id: String, _ level: Level, _ nulls: Nulls,
    _ value: @escaping @Sendable (FocusCharge) -> [String: JSONValue]
  ) -> FocusColumn {
    FocusColumn(id: id, kind: .json, level: level, nulls: nulls, until: nil, scale: nil) {
      let members = value($0)
      return members.isEmpty ? nil : JSONValue.object(members).text
    }
  }
}

extension CivilDate {
  var startInUTC: Instant { Instant(secondsSince1970: dayNumber * 86_400) }
}

// MARK: The table

extension FocusColumn {
  private static let hub = "Hugging Face"

  /// Of all versions. By name, and then our own: where one is missing, so is what the Hub does not have
  /// (availability zones, commitments and reservations, several kinds of sub accounts).
  fileprivate static let all: [FocusColumn] = [
    .money("BilledCost", .mandatory, .never) { $0.cost.estimate },
    .string("BillingAccountId", .mandatory, .never) { $0.accountID },
    .string("BillingAccountName", .mandatory, .never) { $0.space.owner },
    .string("BillingAccountType", .conditional, .never) { $0.isOrganization ? "Organization" : "User" },
    .string("BillingCurrency", .mandatory, .never) { $0.currency },
    // The Hub invoices compute at the start of each month.
    .dateTime("BillingPeriodEnd", .mandatory, .never) { $0.day.startOfNextMonth },
    .dateTime("BillingPeriodStart", .mandatory, .never) { $0.day.startOfMonth },
    .string("ChargeCategory", .mandatory, .never) { _ in "Usage" },
    // Set in rows that correct a closed month, which are made from rows, not from charges.
    .string("ChargeClass", .mandatory, .allowed) { _ in nil },
    .string("ChargeDescription", .mandatory, .never) { $0.description },
    .string("ChargeFrequency", .recommended, .never) { _ in "Usage-Based" },
    .dateTime("ChargePeriodEnd", .mandatory, .never) { $0.day + 1 },
    .dateTime("ChargePeriodStart", .mandatory, .never) { $0.day },
    // The official validator reads it for its rules of ConsumedQuantity.
    .string("CommitmentDiscountStatus", .optional, .allowed) { _ in nil },
    .quantity("ConsumedQuantity", .conditional, .outsideUsage) { $0.sku.secondsOfConsumedUnit },
    .string("ConsumedUnit", .conditional, .exactlyWhen("ConsumedQuantity")) { $0.sku.consumedUnit },
    .money("ContractedCost", .mandatory, .never) { $0.cost.estimate },
    .money("ContractedUnitPrice", .conditional, .outsideUsage) { $0.contractedPrice },
    .money("EffectiveCost", .mandatory, .never) { $0.cost.estimate },
    // We see no invoice.
    .string("InvoiceId", .recommended, .allowed) { _ in nil },
    .string("InvoiceIssuerName", .mandatory, .never) { _ in hub },
    .money("ListCost", .mandatory, .never) { $0.listCost.estimate },
    .money("ListUnitPrice", .conditional, .outsideUsage) { $0.listPrice },
    .string("PricingCategory", .conditional, .outsideUsage) { _ in "Standard" },
    .string("PricingCurrency", .optional, .never) { $0.currency },
    .money("PricingCurrencyContractedUnitPrice", .optional, .outsideUsage) { $0.contractedPrice },
    .money("PricingCurrencyEffectiveCost", .optional, .never) { $0.cost.estimate },
    .money("PricingCurrencyListUnitPrice", .optional, .outsideUsage) { $0.listPrice },
    .quantity("PricingQuantity", .mandatory, .outsideUsage) { $0.sku.secondsOfPricingUnit },
    .string("PricingUnit", .mandatory, .exactlyWhen("PricingQuantity")) { $0.sku.pricingUnit },
    .string("ProviderName", .mandatory, .never, until: FocusVersion(major: 1, minor: 4)) { _ in hub },
    .string("PublisherName", .mandatory, .never, until: FocusVersion(major: 1, minor: 4)) { _ in hub },
    // A history knows neither regions, nor titles, nor resource groups.
    .string("RegionId", .conditional, .allowed) { _ in nil },
    .string("RegionName", .conditional, .exactlyWhen("RegionId")) { _ in nil },
    .string("ResourceId", .conditional, .never) { "spaces/\($0.space)" },
    .string("ResourceName", .conditional, .allowed) { _ in nil },
    .string("ResourceType", .conditional, .exactlyWhen("ResourceId")) { _ in "Space" },
    .string("ServiceCategory", .mandatory, .never) { _ in "AI and Machine Learning" },
    .string("ServiceName", .mandatory, .never) { _ in "Spaces" },
    .string("ServiceSubcategory", .recommended, .never) { _ in "AI Platforms" },
    .string("SkuId", .conditional, .outsideUsage) { $0.sku.id },
    .string("SkuMeter", .conditional, .exactlyWhen("SkuId")) { $0.sku.meter },
    .json("SkuPriceDetails", .conditional, .allowed) { $0.sku.details },
    .string("SkuPriceId", .conditional, .outsideUsage) { $0.sku.priceID },
    .string("SubAccountId", .conditional, .allowed) { _ in nil },
    .string("SubAccountName", .conditional, .exactlyWhen("SubAccountId")) { _ in nil },
    .json("Tags", .conditional, .allowed) { $0.tags },
    .string("x_CostBasis", .custom, .allowed) { _ in "Observed" },
    .money("x_EffectiveCostHigh", .custom, .allowed) { $0.cost.high },
    .money("x_EffectiveCostLow", .custom, .allowed) { $0.cost.low },
    .string("x_HardwareFlavor", .custom, .allowed) { $0.sku.hardware },
  ]
}
