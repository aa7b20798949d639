import Acting
import JSON
import Money
import Reports
import Simulation
import Spaces
import Timelines

/// What a month will have cost.
struct FleetForecast {
  struct Space {
    let policy: String?
    let forecast: SpaceForecast
  }

  let month: ReportPeriod
  let days: [Range<Instant>]
  /// By name.
  let spaces: [Space]
  /// What each day has cost so far.
  let spentByDay: [(day: CivilDate, cost: Money)]
  /// Those that nobody had looked at when the month was over, with their policies and first looks.
  var unseen: [(space: SpaceID, policy: String?, firstLook: Instant?)] = []
  /// Of the present month of UTC, also where the forecast has months of another zone; empty for other months.
  var budgets: [BudgetVerdict] = []

  init(
    month: ReportPeriod, days: [Range<Instant>], spaces: [Space], spentByDay: [(CivilDate, Money)]
  ) {
    self.month = month
    self.days = days
    self.spaces = spaces
    self.spentByDay = spentByDay
  }

  /// Nothing at all is known of the month.
  var isUnseen: Bool { spaces.isEmpty && !unseen.isEmpty }
  var spent: Money { spaces.reduce(.zero) { $0 + $1.forecast.spent } }
  var rest: ForecastPaths { spaces.reduce(ForecastPaths(days: days)) { $0 + $1.forecast.rest } }

  // MARK: Groups

  /// A sum of what was spent, and of what is expected.
  struct Group {
    /// Nil for Spaces without a policy.
    let name: String?
    let spent: Money
    let total: ForecastInterval
    /// Of a single Space.
    var basis: SpaceForecast.Basis?
  }

  /// Days in order, all else in order of name.
  func groups(by dimension: Forecast.Dimension) -> [Group] {
    switch dimension {
    case .space:
      spaces.map(\.forecast).map {
        Group(name: $0.space.description, spent: $0.spent, total: $0.total, basis: $0.basis)
      }
    case .policy: groups { $0.policy }
    case .owner: groups { $0.forecast.space.owner }
    case .day: groupsByDay
    }
  }

  private func groups(_ key: (Space) -> String?) -> [Group] {
    Dictionary(grouping: spaces, by: key).map { name, spaces in
      let spent = spaces.reduce(Money.zero) { $0 + $1.forecast.spent }
      let rest = spaces.reduce(ForecastPaths(days: days)) { $0 + $1.forecast.rest }
      return Group(name: name, spent: spent, total: rest.total(after: spent))
    }.sorted { ($0.name ?? Self.noPolicy) < ($1.name ?? Self.noPolicy) }
  }

  /// Today is both: what it has cost until now, and what is expected of the rest of it.
  private var groupsByDay: [Group] {
    let clock = WallClock(month.zone)
    let spent = Dictionary(spentByDay) { $0 + $1 }
    let coming = Dictionary(
      zip(days.map { clock.date(at: $0.lowerBound) }, rest.costs)
    ) { first, _ in first }
    return Set(spent.keys).union(coming.keys).sorted().map { day in
      let spent = spent[day] ?? .zero
      return Group(
        name: "\(day)", spent: spent, total: spent + (coming[day] ?? ForecastInterval(.zero)))
    }
  }

  private static let noPolicy = "(no policy)"

  func table(by dimension: Forecast.Dimension?, _ style: Style, width: Int?, _ currency: String) -> String {
    let shown = dimension ?? .space
    var table = TextTable([
      .left(shown.rawValue.uppercased()), .right("SO FAR"), .right("LOW"), .right("ESTIMATE"), .right("HIGH"),
      .left(shown == .space ? "FROM" : ""),
    ])
    func add(_ name: String, _ spent: Money, _ total: ForecastInterval, _ basis: String, bold: Bool = false) {
      table.add([
        TextTable.Cell(name, bold ? .bold : nil), "\(NumberText.money(spent))",
        "\(NumberText.money(total.low))",
        TextTable.Cell(NumberText.money(total.estimate), .bold), "\(NumberText.money(total.high))",
        "\(basis)",
      ])
    }
    for group in groups(by: shown) {
      add(group.name ?? Self.noPolicy, group.spent, group.total, group.basis?.text ?? "")
    }
    let policies = dimension == nil ? groups(by: .policy) : []
    if policies.count > 1 {
      for policy in policies { add("policy \(policy.name ?? Self.noPolicy)", policy.spent, policy.total, "") }
    }
    let total = rest.total(after: spent)
    add("all", spent, total, "", bold: true)
    var text =
      "\(month.range.lowerBound) to \(month.range.upperBound), as of \(month.now), in \(currency)\n\n"
    text += table.text(style, width: width)
    let steps = rest.spending(after: spent)
    if steps.count > 1 {
      text += "\nSpending by day from now on: \(Sparkline.text(rest.expected))\n"
    }
    if !budgets.isEmpty { text += "\n" }
    text += budgets.flatMap { $0.lines(currency) }.map { $0.prefix(1).uppercased() + $0.dropFirst() + "\n" }
      .joined()
    let clock = WallClock(month.zone)
    for (space, _, firstLook) in unseen {
      let first =
        firstLook.map { "it was first looked at on \(clock.date(at: $0))" } ?? "nobody has looked at it"
      text += "\nNothing is known of \(space) in this month: \(first).\n"
    }
    let unknown = spaces.filter { $0.forecast.basis == .unknown }.map(\.forecast.space.description)
    if !unknown.isEmpty {
      text +=
        "\nNothing is added for \(unknown.joined(separator: ", ")): less than a week is known, and the rules don't settle it.\n"
    }
    text +=
      untold([.shorterSleep, .longerSleep]).map {
        "\nWhat other sleep times make of \($0) is not in it: no log tells who came in recent weeks.\n"
      } ?? ""
    text +=
      untold(.idle).map {
        "\nWhat idle rules may save on \($0) is not in it: none was seen to act, and no log tells who came in recent weeks.\n"
      } ?? ""
    return text
  }

  /// The Spaces of which recent weeks and logs do not tell what some rules do; nil for none.
  private func untold(_ rules: UnseenRules) -> String? {
    let names = spaces.map(\.forecast).filter { !$0.untold.isDisjoint(with: rules) }.map(\.space.description)
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }

  func json(by dimension: Forecast.Dimension?, _ currency: String) -> JSONValue {
    func interval(_ spent: Money, _ total: ForecastInterval) -> [String: JSONValue] {
      [
        "spent": .text(spent), "low": .text(total.low), "estimate": .text(total.estimate),
        "high": .text(total.high),
      ]
    }
    let steps = rest.spending(after: spent)
    var members: [String: JSONValue] = [
      "from": .string(month.range.lowerBound.description),
      "until": .string(month.range.upperBound.description),
      "at": .string(month.now.description), "currency": .string(currency),
      "spaces": .array(
        spaces.map { space in
          .object(
            interval(space.forecast.spent, space.forecast.total).merging([
              "space": .string(space.forecast.space.description),
              "policy": .text(space.policy),
              "basis": .string(space.forecast.basis.name),
            ]) { $1 })
        }
          + unseen.map { space, policy, _ in
            [
              "space": .string(space.description), "policy": .text(policy), "basis": "not-looked-at",
              "spent": .null, "low": .null, "estimate": .null, "high": .null,
            ]
          }),
      "policies": .array(
        groups(by: .policy).map { policy in
          .object(
            interval(policy.spent, policy.total)
              .merging(["policy": .string(policy.name ?? Self.noPolicy)]) { $1 })
        }),
      "days": .array(
        zip(days, steps).map { day, total in
          .object(interval(spent, total).merging(["until": .string(day.upperBound.description)]) { $1 })
        }),
      "budgets": .array(budgets.map(\.json)),
      "total": .object(interval(spent, rest.total(after: spent))),
    ]
    if let dimension {
      members["by"] = .string(dimension.rawValue)
      members["groups"] = .array(
        groups(by: dimension).map { group in
          .object(
            interval(group.spent, group.total)
              .merging([dimension.rawValue: .text(group.name)]) { $1 })
        })
    }
    return .object(members)
  }
}

extension SpaceForecast.Basis {
  var text: String {
    switch self {
    case .over: "over"
    case .rules: "the rules alone"
    case .weeks(let count): "\(NumberText.count(count, "week")) of history"
    case .visits(let count): "visits of \(NumberText.count(count, "week")), replayed"
    case .runRate: "run-rate, as less than two weeks are known"
    case .unknown: "too little history"
    }
  }

  /// For programs.
  var name: String {
    switch self {
    case .over: "over"
    case .rules: "rules"
    case .weeks: "weeks"
    case .visits: "visits"
    case .runRate: "run-rate"
    case .unknown: "unknown"
    }
  }
}
