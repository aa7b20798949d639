import Acting
import JSON
import Money
import Pricing
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
  let spentByDay: [(day: CivilDate, cost: Bounds<Money>)]
  /// Those that nobody had looked at when the month was over, with their policies and first looks.
  var unseen: [(space: SpaceID, policy: String?, firstLook: Instant?)] = []
  /// Of the month in UTC, also where the forecast has months of another zone; empty for those before the present one.
  var budgets: [BudgetVerdict] = []

  /// Whether reports keep the month as it was known when it was closed.
  var isClosed = false
  /// What reports of the month have beside its own costs, as it became known of closed months.
  var adjustments = Money.zero

  /// Nothing at all is known of the month.
  var isUnseen: Bool { spaces.isEmpty && !unseen.isEmpty }
  var spent: Bounds<Money> { spaces.reduce(.zero) { $0 + $1.forecast.spent } }
  var rest: ForecastPaths { spaces.reduce(ForecastPaths(days: days)) { $0 + $1.forecast.rest } }
  /// What will have been spent at the end of each day to come.
  var spending: [Bounds<Money>] { rest.spending(after: Bounds(certain: spent.estimate)) }
  var total: Bounds<Money> { rest.month(after: spent) }

  // MARK: Groups

  /// A sum of what was spent, and of what is expected.
  struct Group {
    /// Nil for Spaces without a policy.
    let name: String?
    let spent: Money
    let total: Bounds<Money>
    /// Of a single Space.
    var basis: SpaceForecast.Basis?
  }

  /// Days in order, all else in order of name.
  func groups(by dimension: Forecast.Dimension) -> [Group] {
    switch dimension {
    case .space:
      spaces.map(\.forecast).map {
        Group(
          name: $0.space.description, spent: $0.spent.estimate, total: $0.total, basis: $0.basis)
      }
    case .policy: groups { $0.policy }
    case .owner: groups { $0.forecast.space.owner }
    case .day: groupsByDay
    }
  }

  private func groups(_ key: (Space) -> String?) -> [Group] {
    Dictionary(grouping: spaces, by: key).map { name, spaces in
      let spent = spaces.reduce(Bounds<Money>.zero) { $0 + $1.forecast.spent }
      let rest = spaces.reduce(ForecastPaths(days: days)) { $0 + $1.forecast.rest }
      return Group(name: name, spent: spent.estimate, total: rest.month(after: spent))
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
      // Bounds are of the rest alone, but where there is none.
      let total = days.isEmpty ? spent : Bounds(certain: spent.estimate) + (coming[day] ?? .zero)
      return Group(name: "\(day)", spent: spent.estimate, total: total)
    }
  }

  private static let noPolicy = "(no policy)"

  func table(by dimension: Forecast.Dimension?, _ style: Style, width: Int?, _ currency: String) -> String {
    let shown = dimension ?? .space
    var table = TextTable([
      .left(shown.rawValue.uppercased()), .right("SO FAR"), .right("LOW"), .right("ESTIMATE"), .right("HIGH"),
      .left(shown == .space ? "FROM" : ""),
    ])
    func add(
      _ name: String, _ spent: Money, _ total: Bounds<Money>, _ basis: String, bold: Bool = false
    ) {
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
      for policy in policies {
        add(policy.name.map { "policy \($0)" } ?? Self.noPolicy, policy.spent, policy.total, "")
      }
    }
    add("all", spent.estimate, total, "", bold: true)
    var text =
      "\(month.range.lowerBound) to \(month.range.upperBound), as of \(month.now), in \(currency)\n\n"
    text += table.text(style, width: width)
    if days.count > 1 {
      text += "\nSpending by day from now on: \(Sparkline.text(rest.expected))\n"
    }
    let budgets = budgets.flatMap { $0.lines(currency) }.map { $0.prefix(1).uppercased() + $0.dropFirst() }
    if !budgets.isEmpty { text += "\n" + budgets.joined(separator: "\n") + "\n" }
    return text + notes.map { "\n\($0)\n" }.joined()
  }

  /// What is in no sum, or not certain for another reason than the days to come, in sentences.
  private var notes: [String] {
    let clock = WallClock(month.zone)
    var notes = unseen.map { space, _, firstLook in
      let first =
        firstLook.map { "it was first looked at on \(clock.date(at: $0))" } ?? "nobody has looked at it"
      return "Nothing is known of \(space) in this month: \(first)."
    }
    if isClosed {
      notes.append(
        "The month is closed: reports keep it as it was known then, and this is by what is known now.")
    }
    if adjustments != .zero {
      notes.append(
        "Reports of this month have also \(NumberText.change(adjustments)) that became known of closed months, which is in none of it."
      )
    }
    if (spent.high - spent.low).scaled(by: 10, over: 1) > spent.estimate {
      notes.append(
        "What was spent so far is between \(NumberText.money(spent.low)) and \(NumberText.money(spent.high)), as nobody watched all of the time; bounds are of the rest alone."
      )
    }
    if budgets.contains(where: { !$0.steps.isEmpty }) {
      notes.append("What is given up now for budgets is not in the table.")
    }
    if !budgets.isEmpty, month.zone.ianaName != "UTC" || !spent.isCertain {
      notes.append(
        "Budgets are of the month in UTC, and their ranges also of what is not certain of what was spent.")
    }
    let unwatched = spaces.map(\.forecast).filter { $0.basis != .over && $0.known < month.now - 86_400 }
    for (day, forecasts) in Dictionary(grouping: unwatched, by: { clock.date(at: $0.known) })
      .sorted(by: { $0.key < $1.key })
    {
      let names = forecasts.map(\.space.description).joined(separator: ", ")
      notes.append(
        "Nobody has looked at \(names) since \(day): what \(forecasts.count == 1 ? "it has" : "they have") cost since then is in no estimate."
      )
    }
    for forecast in spaces.map(\.forecast) where forecast.basis != .over {
      if !forecast.unpriced.isEmpty {
        let names = forecast.unpriced.map(\.rawValue).joined(separator: ", ")
        notes.append(
          "The price of \(names) is not known: what \(forecast.space) costs on it is in none of it.")
      }
    }
    if let names = names(where: { $0.basis == .unknown }) {
      notes.append(
        "Only what rules settle is added to the estimate for \(names): less than a week is known."
      )
    }
    func isUntold(_ forecast: SpaceForecast) -> Bool {
      !forecast.untold.isDisjoint(with: [.shorterSleep, .longerSleep])
    }
    if let names = names(where: { isUntold($0) && !$0.isOverruled }) {
      notes.append(
        "What other sleep times make of \(names) is not in it: no log tells who came in recent weeks.")
    }
    if let names = names(where: { isUntold($0) && $0.isOverruled }) {
      notes.append(
        "What other sleep times make of \(names) is not in it: visits are not replayed where people moved hardware by hand."
      )
    }
    if let names = names(where: { $0.basis != .unknown && $0.untold.contains(.upgrade) }) {
      notes.append(
        "How long \(names) will be up where it was paused or on free hardware is a guess: no log tells who came in recent weeks."
      )
    }
    if let names = names(where: { $0.untold.contains(.idle) }) {
      notes.append(
        "What idle rules may save on \(names) is not in it: none was seen to act, and no log tells who came in recent weeks."
      )
    }
    return notes
  }

  /// Of the Spaces of which something is so; nil for none.
  private func names(where isSo: (SpaceForecast) -> Bool) -> String? {
    let names = spaces.map(\.forecast).filter(isSo).map(\.space.description)
    return names.isEmpty ? nil : names.joined(separator: ", ")
  }

  func json(by dimension: Forecast.Dimension?, _ currency: String) -> JSONValue {
    func interval(_ spent: Money, _ total: Bounds<Money>) -> [String: JSONValue] {
      [
        "spent": .text(spent), "low": .text(total.low), "estimate": .text(total.estimate),
        "high": .text(total.high),
      ]
    }
    var members: [String: JSONValue] = [
      "from": .string(month.range.lowerBound.description),
      "until": .string(month.range.upperBound.description),
      "at": .string(month.now.description), "currency": .string(currency),
      "spaces": .array(
        spaces.map { space in
          .object(
            interval(space.forecast.spent.estimate, space.forecast.total).merging([
              "space": .string(space.forecast.space.description),
              "policy": .text(space.policy),
              "basis": .string(space.forecast.basis.name),
              "unpriced": .array(space.forecast.unpriced.map { .string($0.rawValue) }),
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
              .merging(["policy": .text(policy.name)]) { $1 })
        }),
      "days": .array(
        zip(days, spending).map { day, total in
          .object(
            interval(spent.estimate, total).merging(["until": .string(day.upperBound.description)]) { $1 })
        }),
      "budgets": .array(budgets.map(\.json)), "adjustments": .text(adjustments),
      "total": .object(interval(spent.estimate, total)),
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
    case .stopped: "paused or failed"
    case .weeks(let count): "\(NumberText.count(count, "week")) of history"
    case .visits(let count): "visits of \(NumberText.count(count, "week")), replayed"
    case .runRate: "run-rate, as less than two whole weeks are known"
    case .unknown: "too little history"
    }
  }

  /// For programs.
  var name: String {
    switch self {
    case .over: "over"
    case .rules: "rules"
    case .stopped: "stopped"
    case .weeks: "weeks"
    case .visits: "visits"
    case .runRate: "run-rate"
    case .unknown: "unknown"
    }
  }
}
