import Money
import Pricing
import Spaces
import Timelines

extension Reconciliation {
  /// Why two amounts may differ, as far as the data say it.
  public struct Cause: Hashable, Sendable {
    /// For programs.
    public let id: String
    /// What is found, for people.
    public let text: String
    /// What to do about it.
    public let next: String
  }
}

extension Reconciliation.Cause {
  static let withoutSpace = Self(
    id: "no_space_named", text: "the usage does not say which Space it is of",
    next: "look at the Hub's billing page for what it belongs to")
  static let neverSeen = Self(
    id: "never_seen", text: "no look has seen this Space",
    next:
      "see that the token may read it, and that it is not older than the history; then run `spaceplan observe`"
  )
  static let notInUsage = Self(
    id: "not_in_usage", text: "the usage has nothing of this Space",
    next:
      "look whether another account pays for it, and whether a grant does: then say `granted: true` in its policy"
  )
  static let unmarkedGrant = Self(
    id: "grant_not_in_rules", text: "the Hub says that a grant pays for it, and the rules do not",
    next: "say `granted: true` in its policy")
  fileprivate static func unknown(next: String) -> Self {
    Self(id: "unknown", text: "nothing in the history or the prices makes this difference", next: next)
  }
}

/// What is between the history and the usage of a Space, or of all where the usage does not tell of single ones.
struct Difference {
  typealias Cause = Reconciliation.Cause

  let row: Reconciliation.Row
  let costs: [SpaceCosts]
  /// Nil where the usage has nothing of it.
  let lines: [BillingUsage.Line]?
  let report: CostReport

  private var usage: Money { row.usage ?? .zero }
  private var currency: String { report.prices.currency }

  /// The likeliest first. What names its reason itself comes before what only fits the numbers.
  var causes: [Cause] {
    if costs.isEmpty { return [.neverSeen] }
    let told =
      grant + unpriced + (lines.map(ofHardware) ?? [])
    let found = told.isEmpty ? before + sameHardwaresPrice + replicas + othersPrice + storage : told + before
    if !found.isEmpty { return found }
    return lines == nil ? [.notInUsage] : [.unknown(next: compareDays)]
  }

  private var compareDays: String {
    let month = report.period.month.map { " --month \($0.yearAndMonth)" } ?? ""
    return "compare `spaceplan report\(month) --by space,day` with the days on the Hub's billing page"
  }

  private func isNear(_ amount: Money, _ other: Money) -> Bool { (amount - other).magnitude <= row.tolerance }

  // MARK: Grants

  private var grant: [Cause] {
    let worth = costs.reduce(Money.zero) { $0 + $1.granted }
    if usage < row.ours.low, lines?.contains(where: \.isGranted) == true { return [.unmarkedGrant] }
    if worth > .zero, usage > row.ours.high, isNear(usage, row.ours.estimate + worth) || costs.count == 1 {
      let all = isNear(usage, row.ours.estimate + worth) ? "all of it" : "at least a part of it"
      return [
        Cause(
          id: "granted_but_billed",
          text: "the rules say that a grant pays for the hardware, and the Hub bills \(all)",
          next: "ask whether the grant has ended, and take `granted: true` out of the policy")
      ]
    }
    return []
  }

  // MARK: What has no price

  private var unpriced: [Cause] {
    guard usage > row.ours.high else { return [] }
    let hardware = costs.flatMap(\.lines).filter(\.isUnpriced).map(\.subject)
    let storage = costs.flatMap(\.unpricedStorage).map(LineItem.Subject.storage)
    return Set(hardware + storage).sorted().map {
      Cause(
        id: "no_price", text: "the table of prices has no price for \($0), which the Space had",
        next: "add it: `spaceplan prices update`, or by hand")
    }
  }

  // MARK: Hardware by hardware

  private struct Part {
    var ours: Bounds<Money> = .zero
    var time: Bounds<BilledTime> = .zero
    var prices: Set<Money> = []
  }

  /// What differs on one hardware, where the usage tells it.
  private func ofHardware(_ lines: [BillingUsage.Line]) -> [Cause] {
    guard costs.count == 1, lines.allSatisfy({ $0.hardware != nil }) else { return [] }
    var parts: [LineItem.Subject: Part] = [:]
    for line in costs[0].lines {
      // The Hub bills no adjustments of ours.
      if case .adjustment = line.subject { continue }
      parts[line.subject, default: Part()].ours += line.cost ?? .zero
      parts[line.subject, default: Part()].time += line.minutes ?? .zero
      if let price = line.perHour { parts[line.subject, default: Part()].prices.insert(price) }
    }
    let theirs = Dictionary(grouping: lines) { LineItem.Subject(name: $0.hardware ?? "") }
    var causes: [Cause] = []
    for (subject, lines) in theirs.sorted(by: { $0.key < $1.key }) {
      let amount = lines.billed
      guard let part = parts[subject] else {
        if amount > Reconciliation.cent {
          causes.append(
            Cause(
              id: "hardware_never_seen",
              text:
                "the Hub bills \(NumberText.money(amount)) \(currency) of \(subject), on which no look saw it",
              next: "look more often, so that short times are seen too"))
        }
        continue
      }
      if amount >= part.ours.low - row.tolerance, amount <= part.ours.high + row.tolerance { continue }
      causes += difference(on: subject, amount, lines, part)
    }
    for (subject, part) in parts.sorted(by: { $0.key < $1.key })
    where theirs[subject] == nil && part.ours.low > row.tolerance {
      causes.append(
        Cause(
          id: subject.hardware == nil ? "storage_not_in_usage" : "hardware_not_in_usage",
          text:
            "the usage has no \(subject), which makes \(NumberText.money(part.ours.estimate)) \(currency) here",
          next: "look on the Hub's billing page whether it is billed elsewhere"))
    }
    return causes
  }

  private func difference(
    on subject: LineItem.Subject, _ amount: Money, _ lines: [BillingUsage.Line], _ part: Part
  ) -> [Cause] {
    let times = lines.compactMap(\.time)
    guard times.count == lines.count, case let time = times.reduce(.zero, +), time > .zero else { return [] }
    let theirs = amount.scaled(by: 3600, over: time.seconds)
    // A price of a minute is rounded to a micro-dollar, and an amount to a cent.
    let rounding = Money(nanoDollars: 30_000) + Reconciliation.cent.scaled(by: 3600, over: time.seconds)
    if let hardware = subject.hardware, part.prices.count == 1, let ours = part.prices.first, ours > .zero,
      (theirs - ours).magnitude > rounding
    {
      let known = knownPrice(of: hardware, near: theirs, within: rounding)
      return [anotherPrice(hardware, known ?? theirs, ours: ours, isKnown: known != nil)]
    }
    // As many minutes at no other price: what the amount differs by is something else, such as a grant.
    guard time < part.time.low || time > part.time.high else { return [] }
    return [
      Cause(
        id: "other_minutes",
        text:
          "the Hub counts \(time.minutesText) minutes of \(subject), and the looks make \(part.time.estimate.minutesText)",
        next: compareDays)
    ] + replicas(theirs: time.seconds, ours: part.time.estimate.seconds)
  }

  private func knownPrice(of hardware: SpaceHardware, near amount: Money, within rounding: Money) -> Money? {
    report.prices.listing(of: hardware)?.prices.map(\.amount)
      .first { ($0 - amount).magnitude <= rounding }
  }

  private func anotherPrice(_ hardware: SpaceHardware, _ theirs: Money, ours: Money, isKnown: Bool) -> Cause {
    Cause(
      id: "another_price",
      text:
        "the Hub charges \(isKnown ? "" : "about ")\(NumberText.price(isKnown ? theirs : theirs.roundedToMicro)) \(currency) an hour for \(hardware), and the table says \(NumberText.price(ours))"
        + (isKnown ? ", which was its price at another time" : ""),
      next: "compare the prices: `spaceplan prices diff`, and since when they hold")
  }

  // MARK: Before the first look

  private var before: [Cause] {
    let start = report.period.range.lowerBound
    guard usage > row.ours.high, let first = costs.compactMap({ report.firstLooks[$0.space.owner] }).min(),
      first > start + report.watchedGap
    else { return [] }
    let most = costs.reduce(Money.zero) { sum, space in
      sum + space.highestRate.scaled(by: Int128(first - start), over: 3600)
    }
    guard usage <= row.ours.high + most + row.tolerance else { return [] }
    return [
      Cause(
        id: "looks_began_later",
        text:
          "nobody looked before \(report.period.minute(first)), which leaves room for \(NumberText.money(most)) \(currency)",
        next: "nothing to mend: a month that is looked at from its start can be compared as a whole")
    ]
  }

  // MARK: What only fits the numbers

  /// The part for hardware, where all of it is on one at one price.
  private var onlyPrice: (hardware: SpaceHardware, perHour: Money, cost: Money, storage: Money)? {
    let lines = costs.flatMap(\.lines)
    let paid = lines.filter { ($0.perHour ?? .zero) > .zero && ($0.cost?.estimate ?? .zero) > .zero }
    guard let first = paid.first, let hardware = first.subject.hardware, let price = first.perHour,
      paid.allSatisfy({ $0.subject == first.subject && $0.perHour == price })
    else { return nil }
    let storage = lines.filter { $0.minutes == nil }.totalCost.estimate
    let cost = paid.totalCost.estimate
    return cost > Reconciliation.cent.scaled(by: 10, over: 1) ? (hardware, price, cost, storage) : nil
  }

  private func fits(
    _ price: Money, _ only: (hardware: SpaceHardware, perHour: Money, cost: Money, storage: Money)
  )
    -> Bool
  {
    price != only.perHour
      && isNear(
        usage,
        only.cost.scaled(by: price.nanoDollars, over: only.perHour.nanoDollars) + only.storage)
  }

  private var sameHardwaresPrice: [Cause] {
    guard let only = onlyPrice,
      let listing = report.prices.listing(of: only.hardware),
      let price = listing.prices.map(\.amount).first(where: { fits($0, only) })
    else { return [] }
    return [anotherPrice(only.hardware, price, ours: only.perHour, isKnown: true)]
  }

  private var othersPrice: [Cause] {
    guard let only = onlyPrice else { return [] }
    let end = report.period.range.upperBound
    let others = report.prices.hardware.filter { listing in
      listing.hardware != only.hardware && !report.prices.isWithdrawn(listing.hardware, at: end)
        && report.prices.hourlyPrice(of: listing.hardware, at: end).map { $0 > .zero && fits($0, only) }
          ?? false
    }
    guard let first = others.first else { return [] }
    let names = others.prefix(3).map(\.hardware.rawValue).joined(separator: " or ")
    let price = report.prices.hourlyPrice(of: first.hardware, at: end) ?? .zero
    return [
      Cause(
        id: "price_of_other_hardware",
        text:
          "the Hub's amount is that of the same time at \(NumberText.price(price)) an hour, as \(names) costs, not \(only.hardware)",
        next: "see what hardware the Hub's billing page names")
    ]
  }

  private var replicas: [Cause] {
    let amounts = (usage.nanoDollars, row.ours.estimate.nanoDollars)
    guard row.ours.estimate > Reconciliation.cent, usage > Reconciliation.cent else { return [] }
    return replicas(theirs: amounts.0, ours: amounts.1, near: row.tolerance.nanoDollars)
  }

  /// The one is 2 to 10 times the other.
  private func replicas(theirs: Int128, ours: Int128, near tolerance: Int128 = 60) -> [Cause] {
    guard costs.count == 1, theirs > 0, ours > 0 else { return [] }
    for count in Int128(2)...10 {
      if (theirs - count * ours).magnitude <= (tolerance * count).magnitude {
        return [replicas("the Hub bills \(count) times as much as for what the looks saw")]
      }
      if (ours - count * theirs).magnitude <= (tolerance * count).magnitude {
        return [replicas("the looks saw \(count) times as much as the Hub bills")]
      }
    }
    return []
  }

  private func replicas(_ text: String) -> Cause {
    Cause(
      id: "replicas", text: text + ", as with another number of replicas",
      next: "see how many replicas the Space has: `spaceplan status`, and the Hub's page of it")
  }

  private var storage: [Cause] {
    let ours = costs.flatMap(\.lines).filter { $0.minutes == nil }.totalCost
    guard ours.estimate > .zero, isNear(usage, row.ours.estimate - ours.estimate) else { return [] }
    return [
      Cause(
        id: "storage_not_in_usage",
        text: "the usage is less by what the storage costs, \(NumberText.money(ours.estimate)) \(currency)",
        next: "look on the Hub's billing page whether storage is billed elsewhere")
    ]
  }
}

extension SpaceCosts {
  /// The most that it cost an hour, as far as a day's minutes tell how many replicas there were.
  fileprivate var highestRate: Money {
    lines.reduce(.zero) { most, line in
      guard let perHour = line.perHour, let minutes = line.minutes?.high, minutes > .zero else { return most }
      return max(most, perHour.scaled(by: (minutes.seconds + 86_399) / 86_400, over: 1))
    }
  }
}

extension Money {
  /// Worked out from rounded amounts, more digits would say nothing.
  fileprivate var roundedToMicro: Money {
    Money(nanoDollars: scaled(by: 1, over: 10_000).nanoDollars * 10_000)
  }
}
