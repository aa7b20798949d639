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
    commandName: "forecast",
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
      than two whole weeks of history it is the average so far, with less than
      one none, unless the rules settle what a Space costs.

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
    if backtest, by != nil || month != nil {
      throw ValidationError("--by and --month do not go with --backtest.")
    }
  }

  func run() async throws {
    let zone = try zone.read()
    let now = try moment.clock(zone: zone)()
    let prices = try pricing.read()
    let history = try database.open(.existing)
    _ = try history.spacesKnown()
    let format = format.read(default: .table)
    // Of rules a backtest only takes who is granted hardware.
    let rules = try schedules.readIfPresent(telling: backtest ? { _ in } : Terminal.tell)
    if backtest {
      let records = try history.spaces().map { space in
        Backtest.Record(
          space.name, intervals: try history.intervals(of: space.name),
          actions: try history.actions(on: space.name).map(\.action),
          isGranted: rules.assignment(of: space.names).isGranted)
      }
      let result = try BacktestResult(records, zone: zone, now: now, prices: prices)
      switch format {
      case .table: Terminal.show(result.table(Terminal.style, width: Terminal.width))
      case .json: Terminal.show(result.json.text + "\n")
      }
      return
    }
    let clock = WallClock(zone)
    let date = try month.map { text in try parsed(text, option: "--month") { try CivilDate(month: $0) } }
    let period = ReportPeriod(month: date ?? clock.date(at: now).startOfMonth, zone: zone, now: now)
    var forecast = try await history.forecast(of: period, rules: rules, prices: prices)
    if forecast.isUnseen {
      let first = forecast.unseen.compactMap(\.firstLook).min()
      throw Ending(
        Ending.Status.badInput,
        "nothing is known of \(period.title): "
          + (first.map { "the first look at any Space was at \($0)" } ?? "nobody has looked at any Space"))
    }
    let books = try ClosedBooks(of: history, prices: prices, rules: rules, now: now)
    forecast.isClosed = books.isClosed(period)
    forecast.adjustments = try await books.adjustments(in: period).reduce(.zero) { $0 + $1.cost.estimate }
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
    // A month that was over by then is not one in which a Space cost nothing.
    func isUnseen(_ space: SpaceCosts) -> Bool {
      space.firstLook.map { month.range.upperBound <= $0 } ?? (month.range.upperBound <= month.now)
    }
    let spaces = try costs.spaces.filter { !isUnseen($0) }.map { space in
      let schedule = known[space.space].flatMap {
        planner.expectedSchedule(of: $0, until: month.range.upperBound)
      }
      var past = try past(of: space.space, visits: false, now: month.now, prices: prices)
      let ofSpace = try self.forecast(by: &past) { past in
        SpaceForecast(
          of: past, rest: days, zone: month.zone, now: month.now, schedule: schedule,
          isGranted: space.tags.isGranted, spent: space.total, prices: prices)
      }
      return FleetForecast.Space(policy: known[space.space]?.assignment.policy?.name, forecast: ofSpace)
    }
    var forecast = FleetForecast(
      month: month, days: days, spaces: spaces, spentByDay: costs.days.map { ($0.day, $0.cost) })
    forecast.unseen = costs.spaces.filter(isUnseen).map { space in
      (space.space, known[space.space]?.assignment.policy?.name, space.firstLook)
    }
    let present = WallClock(.gmt).date(at: month.now).startOfMonth
    if !rules.budgets.isEmpty, let judged = month.month, judged >= present {
      forecast.budgets = try BudgetJudge(
        history: self, schedules: rules, prices: prices, month: judged, now: month.now
      ).judge(&situations)
    }
    return forecast
  }
}
