import Foundation
import Pricing
import Reports
import Schedules
import Simulation
import Spaces
import Timelines

extension SpacePictures {
  /// As a page and a terminal show it.
  func section(currency: String, zone: TimeZone) -> PictureSection {
    var maps: [HourMap] = []
    if let week = weeks.first?.week {
      maps.append(
        HourMap("Visits", week.visits, in: .count("visit"), zone: zone, note: unknown("Others may have come"))
      )
    }
    for (rules, week) in weeks {
      let waste = BilledTime(seconds: Int128(week.wasteSeconds))
      let all = BilledTime(seconds: Int128(week.billedSeconds))
      let sum =
        "\(NumberText.hours(waste)) of \(NumberText.hours(all)) billed hours lie in hours of the clock in which nobody came."
      maps.append(
        HourMap(
          "Billed hours without visitors\(rules.map { " under \($0.words())" } ?? "")", week.waste,
          in: .hours,
          zone: zone,
          note: [sum, unknown("Somebody may have come")].compactMap(\.self).joined(separator: " "))
      )
    }
    return PictureSection(
      "\(space)", maps: maps, curve: tradeOff.map { $0.curve(currency: currency) })
  }

  private func unknown(_ what: String) -> String? {
    demand.unknownSeconds == 0
      ? nil
      : "\(what) in \(NumberText.share(demand.unknownSeconds, of: max(1, demand.seconds))) of the time, of which visits are not known."
  }
}

extension SleepTradeOff {
  fileprivate func curve(currency: String) -> CostCurve {
    func shown(_ point: Point, _ name: String = "") -> CostCurve.Point {
      CostCurve.Point(
        name, cost: point.cost, starts: point.coldStarts, turnedAway: point.turnedAway)
    }
    return CostCurve(
      "Cost by the second against starts that visitors wait for, of all sleep times on \(hardware), \(range.lowerBound) to \(range.upperBound), in \(currency); rules and the best sleep time go on from what it was, all else begins asleep",
      currency: currency, line: line.map { shown($0) },
      usual: usual.map { shown($0.point, $0.sleep.ruleText) },
      marks: marks.map { way, point in
        let free = point.onFreeHardware
        return shown(
          point,
          way.words(on: hardware) + (free > 0 ? " (\(NumberText.count(free, "visitor")) on cpu-basic)" : ""))
      })
  }
}

extension SleepTradeOff.Way {
  /// - Parameter hardware: on which all of them are, unless they say another.
  fileprivate func words(on hardware: SpaceHardware? = nil) -> String {
    switch self {
    case .today: "today's rules"
    case .new: "the new rules"
    case .recommended(let plan): "recommended: \(plan.words(on: hardware))"
    case .bestFixed(let sleep, let promise): "best fixed in hindsight (\(promise.words)): \(sleep.ruleText)"
    case .hindsight(let cost): "all visits known beforehand (\(Promise.coldStartCost(cost).words))"
    }
  }
}

extension Promise {
  /// `5 % may wait`, or `a start is 0.05`.
  fileprivate var words: String {
    switch self {
    case .waiting(let perThousand): "\(NumberText.perThousand(perThousand)) may wait"
    case .coldStartCost(let cost): "a start is \(cost.text(decimals: 2...3))"
    }
  }
}

extension WeekPlan {
  /// `sleep 5m, 30m MON-FRI 9 to 18 h`, or `cpu-basic, t4-small 30m every day 9 to 18 h`.
  ///
  /// - Parameter usual: hardware that is not named.
  func words(on usual: SpaceHardware?) -> String {
    func hardware(_ settings: Settings, besides other: SpaceHardware?) -> String? {
      settings.hardware.flatMap { $0 == other ? nil : $0.rawValue }
    }
    let first = [
      hours == nil ? nil : "today's hours,", hardware(settings, besides: usual),
      settings.sleep.map { "sleep \($0.ruleText)" },
    ]
    let others = windows.map { window in
      [
        hardware(window.settings, besides: settings.hardware), window.settings.sleep?.ruleText,
        window.days == .everyDay ? "every day" : window.days.text,
        window.isWholeDays ? "all day" : "\(window.from) to \(window.until) h",
      ].compactMap(\.self).joined(separator: " ")
    }
    return ([first.compactMap(\.self).joined(separator: " ")] + others).joined(separator: ", ")
  }
}
