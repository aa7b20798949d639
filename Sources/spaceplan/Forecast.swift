import Acting
import ArgumentParser
import Foundation
import History
import Money
import Planning
import Pricing
import Reports
import Schedules
import Simulation
import Spaces
import Timelines

struct Forecast: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  /// What a forecast may be added up by.
  enum Dimension: String, ExpressibleByArgument, CaseIterable { case space, policy, owner, day }

  static let configuration = CommandConfiguration(
    abstract: "Tell what the month will have cost when it is over.",
    discussion: """
      For example:
      spaceplan forecast
      spaceplan forecast --by day
      spaceplan forecast --schedules new
      spaceplan forecast --backtest

      What the month has cost so far, and what the rest may: a day to come goes
      as days of the same weekday in recent weeks went, under the rules and at
      the prices of that day. low and high bound eight months of ten. With less
      than two weeks of history it is the average so far, with less than one
      none, unless the rules settle what a Space costs.

      Estimates add up; bounds do not, as not all is dear at once. --by adds
      groups to --format json, and changes nothing else there.
      """)

  @Option(help: ArgumentHelp("The month, such as 2026-10. (default: the present one)", valueName: "month"))
  var month: String?

  @Option(
    help: ArgumentHelp(
      "What to add up by. (default: Spaces, and policies where there are several)", valueName: "dimension"))
  var by: Dimension?

  @Flag(help: "Forecast recorded months from some days into them, and show how far off that was.")
  var backtest = false

  @OptionGroup var format: FormatOption<Format>
  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var zone: ZoneOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption

  func validate() throws {
    if backtest, by != nil { throw ValidationError("--by does not go with --backtest.") }
  }

  func run() async throws {
    let zone = try zone.read()
    let now = try moment.clock(zone: zone)()
    let prices = try pricing.read()
    let rules = try schedules.readIfPresent()
    let history = try database.open(.existing)
    let format = format.read(default: .table)
    if backtest {
      let pasts = try history.spaces().map { try history.past(of: $0.name, now: now, prices: prices) }
      let result = BacktestResult(pasts, zone: zone, now: now, prices: prices)
      switch format {
      case .table: Terminal.show(try result.table(Terminal.style, width: Terminal.width))
      case .json: Terminal.show(result.json.text + "\n")
      }
      return
    }
    let clock = WallClock(zone)
    let date = try month.map { text in try parsed(text, option: "--month") { try CivilDate(month: $0) } }
    let period = ReportPeriod(month: date ?? clock.date(at: now).startOfMonth, zone: zone, now: now)
    let forecast = try await history.forecast(of: period, rules: rules, prices: prices)
    switch format {
    case .table:
      Terminal.show(forecast.table(by: by, Terminal.style, width: Terminal.width, prices.currency))
    case .json: Terminal.show(forecast.json(by: by, prices.currency).text + "\n")
    }
  }
}

extension History {
  /// What a month will have cost, for all Spaces.
  func forecast(of month: ReportPeriod, rules: Schedules, prices: PriceTable) async throws -> FleetForecast {
    let costs = try await costs(in: month, prices: prices, rules: rules)
    let days = SpaceForecast.restOfMonth(month.range, zone: month.zone, now: month.now)
    var situations = try situations(at: month.now, schedules: rules)
    let known = Dictionary(uniqueKeysWithValues: situations.map { ($0.space, $0) })
    let planner = Planner(prices: prices, now: month.now)
    let spaces = try costs.spaces.map { space in
      FleetForecast.Space(
        policy: known[space.space]?.assignment.policy?.name,
        forecast: SpaceForecast(
          of: try past(of: space.space, visits: false, now: month.now, prices: prices), rest: days,
          zone: month.zone, now: month.now,
          schedule: known[space.space].flatMap {
            planner.expectedSchedule(of: $0, until: month.range.upperBound)
          }, isGranted: space.tags.isGranted, spent: space.total.estimate, prices: prices))
    }
    var forecast = FleetForecast(
      month: month, days: days, spaces: spaces, spentByDay: costs.days.map { ($0.day, $0.cost.estimate) })
    if !rules.budgets.isEmpty, month.month == WallClock(.gmt).date(at: month.now).startOfMonth {
      forecast.budgets = try BudgetJudge(history: self, schedules: rules, prices: prices, now: month.now)
        .judge(&situations)
    }
    return forecast
  }
}

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
    let unknown = spaces.filter { $0.forecast.basis == .unknown }.map(\.forecast.space.description)
    if !unknown.isEmpty {
      text +=
        "\nNothing is added for \(unknown.joined(separator: ", ")): less than a week is known, and the rules don't settle it.\n"
    }
    return text
  }

  func json(by dimension: Forecast.Dimension?, _ currency: String) -> JSONValue {
    func interval(_ spent: Money, _ total: ForecastInterval) -> [String: JSONValue] {
      [
        "spent": .string(spent.description), "low": .string(total.low.description),
        "estimate": .string(total.estimate.description), "high": .string(total.high.description),
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
              "policy": space.policy.map(JSONValue.string) ?? .null,
              "basis": .string(space.forecast.basis.name),
            ]) { $1 })
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
              .merging([dimension.rawValue: group.name.map(JSONValue.string) ?? .null]) { $1 })
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
    case .runRate: "run-rate"
    case .unknown: "unknown"
    }
  }
}

/// How forecasts of recorded months did, a Space at a time and in sum.
struct BacktestResult {
  private let spaces: [(name: String, backtest: Backtest)]
  private let all: Backtest
  private let currency: String

  init(_ pasts: [SpacePast], zone: TimeZone, now: Instant, prices: PriceTable) {
    spaces = pasts.map {
      ($0.space.description, Backtest(of: [$0], zone: zone, now: now, prices: prices))
    }
    all = Backtest(of: pasts, zone: zone, now: now, prices: prices)
    currency = prices.currency
  }

  func table(_ style: Style, width: Int?) throws -> String {
    guard all.count > 0 else {
      throw Ending(
        Ending.Status.badInput, "no whole month is recorded yet, so there is nothing to look back on")
    }
    var table = TextTable([
      .left("SPACE"), .right("A MONTH"), .right("ERROR"), .right("LOSS"), .right("OF RUN-RATE"),
      .right("OF LAST MONTH"), .right("IN THE INTERVAL"),
    ])
    for (name, backtest) in spaces + [("all", all)] where backtest.count > 0 {
      table.add([
        "\(name)", "\(NumberText.money(backtest.actual))", "\(NumberText.money(backtest.forecast.error))",
        "\(NumberText.money(backtest.forecast.loss))", "\(NumberText.money(backtest.runRate.loss))",
        "\(NumberText.money(backtest.lastMonth.loss))", "\(backtest.covered) of \(backtest.count)",
      ])
    }
    return table.text(style, width: width)
      + "\nOn average, in \(currency), of forecasts 5, 10, 15, 20 and 25 days into each recorded month; the loss is the pinball loss\nat 10, 50 and 90 %. Eight of ten months should fall into the interval.\n"
  }

  var json: JSONValue {
    func score(_ score: Backtest.Score) -> JSONValue {
      ["loss": .string(score.loss.description), "error": .string(score.error.description)]
    }
    return .array(
      (spaces + [("all", all)]).map { name, backtest in
        [
          "space": .string(name), "count": .integer(Int64(backtest.count)),
          "covered": .integer(Int64(backtest.covered)), "actual": .string(backtest.actual.description),
          "forecast": score(backtest.forecast), "run_rate": score(backtest.runRate),
          "last_month": score(backtest.lastMonth),
        ]
      })
  }
}
