import JSON
import Money
import Pricing
import Spaces
import Timelines

/// What a row of FOCUS is about, before it is written: a Space, on one UTC day, on one SKU at one list price.
struct FocusCharge: Sendable {
  let space: SpaceID
  /// The Space's owner is an organisation, not a user.
  let isOrganization: Bool
  let day: CivilDate
  let sku: FocusSKU
  /// Of a ``FocusSKU/pricingUnit``, as published.
  let listPrice: Money
  let currency: String
  /// Billed or held, added up over replicas; more than nothing.
  let time: BilledTime
  /// At the list price.
  let listCost: Bounds<Money>
  /// A grant pays for it, so that nothing is left to pay.
  let isGranted: Bool
  let tags: [String: JSONValue]

  /// A user's name and an organisation's can't be the same on the Hub, but readers see which it is.
  var accountID: String { (isOrganization ? "org/" : "user/") + space.owner }

  /// What is to be paid for a unit.
  var contractedPrice: Money { isGranted ? .zero : listPrice }

  /// What is to be paid.
  var cost: Bounds<Money> { isGranted ? .zero : listCost }

  /// One sentence that can stand alone.
  var description: String {
    let unit = sku.consumedUnit.lowercased()
    let amount = time.text(in: sku.secondsOfConsumedUnit, atLeast: 0)
    let price = "\(NumberText.price(listPrice)) \(currency)"
    let time = "\(amount) \(amount == "1" ? String(unit.dropLast()) : unit) of \(sku.name)"
    return isGranted
      ? "A grant paid for \(time) of Space \(space) at \(price) \(sku.per)."
      : "Space \(space) was billed \(time) at \(price) \(sku.per)."
  }
}

/// What can be bought: hardware by the hour, or storage by the month.
///
/// An id holds no price, currency, date or account, so it stays the same when these change.
struct FocusSKU: Sendable {
  let id: String
  let priceID: String
  let meter: String
  let pricingUnit: String
  /// Of the month that the row lies in, where it is months.
  let secondsOfPricingUnit: Int64
  let consumedUnit: String
  let secondsOfConsumedUnit: Int64
  let details: [String: JSONValue]
  /// The Hub's name of the hardware; nil for storage.
  let hardware: String?
  /// For the description: 90 minutes of `t4-small` at 0.40 USD `an hour`.
  fileprivate let name: String
  fileprivate let per: String

  /// - Parameter listing: what the table of prices says of it.
  static func hardware(_ hardware: SpaceHardware, _ listing: HardwareListing?) -> FocusSKU {
    let name = hardware.rawValue
    var details: [String: JSONValue] = ["InstanceType": .string(name)]
    func add(_ key: String, _ number: Int?) { details[key] = number.map { .integer(Int64($0)) } }
    add("CoreCount", listing?.cpu)
    add("MemorySize", listing?.memoryGB)
    add("GpuCount", listing?.gpuCount)
    add("DiskSpace", listing?.diskGB)
    add("x_GpuMemorySize", listing?.vramGB)
    details["x_GpuModel"] = listing?.gpu.map { .string($0) }
    return FocusSKU(
      id: "spaces-\(name)", priceID: "spaces-\(name)-hourly", meter: "Compute Usage", pricingUnit: "Hours",
      secondsOfPricingUnit: 3600, consumedUnit: "Minutes", secondsOfConsumedUnit: 60, details: details,
      hardware: name, name: name, per: "an hour")
  }

  static func storage(_ storage: SpaceStorage, secondsOfMonth: Int64) -> FocusSKU {
    let (name, line) = (storage.rawValue, LineItem.Subject.storage(storage).name)
    return FocusSKU(
      id: "spaces-\(line)", priceID: "spaces-\(line)-monthly", meter: "Storage", pricingUnit: "Months",
      secondsOfPricingUnit: secondsOfMonth, consumedUnit: "Hours", secondsOfConsumedUnit: 3600,
      details: ["StorageClass": .string(name)], hardware: nil, name: "\(name) storage",
      per: "a month")
  }
}

extension BilledTime {
  /// How many units of so many seconds, half to even to 12 digits after the point.
  func text(in secondsOfUnit: Int64, atLeast fewest: Int) -> String {
    let units = (seconds * .powerOfTen(12)).dividedHalfToEven(by: Int128(secondsOfUnit))
    return units.decimalText(places: 12, atLeast: fewest)
  }
}

extension CostReport {
  /// What has a price and was billed by the estimate, in the order of the rows: by day, Space, SKU and price.
  func focusCharges(
    organizations: Set<String>, tags: [SpaceID: [String: JSONValue]],
    isGranted: (SpaceCosts, CivilDate) -> Bool
  ) -> [FocusCharge] {
    var charges: [FocusCharge] = []
    for space in spaces {
      func add(
        _ line: LineItem, _ sku: FocusSKU, _ price: Money, _ time: BilledTime, _ cost: Bounds<Money>,
        isGranted: Bool
      ) {
        charges.append(
          FocusCharge(
            space: space.space, isOrganization: organizations.contains(space.space.owner), day: line.day,
            sku: sku, listPrice: price, currency: prices.currency, time: time, listCost: cost.shown,
            isGranted: isGranted, tags: tags[space.space] ?? [:]))
      }
      for line in space.listLines {
        if let hardware = line.subject.hardware, let perHour = line.perHour,
          let time = line.minutes?.estimate, time > .zero, let cost = line.cost
        {
          let listing = prices.listing(of: hardware)
          add(
            line, .hardware(hardware, listing), perHour, time, cost,
            isGranted: isGranted(space, line.day))
        }
        guard case .storage(let storage) = line.subject else { continue }
        for (holding, cost) in zip(line.holdings, line.holdingCosts) {
          add(
            line, .storage(storage, secondsOfMonth: holding.secondsOfMonth), holding.perMonth,
            BilledTime(seconds: Int128(holding.seconds)), Bounds(certain: cost), isGranted: false)
        }
      }
    }
    return charges.sorted { left, right in
      if left.day != right.day { return left.day < right.day }
      if left.space != right.space { return left.space < right.space }
      if left.sku.priceID != right.sku.priceID {
        return left.sku.priceID.utf8.lexicographicallyPrecedes(right.sku.priceID.utf8)
      }
      return left.listPrice < right.listPrice
    }
  }
}
