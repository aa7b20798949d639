import JSON
import Money
import Reports
import Schedules
import Simulation
import Spaces
import Timelines

/// Recommendations for people, programs and rule files.
struct RecommendResult {
  struct Space: Sendable {
    enum Outcome: Sendable {
      case found(Recommendation)
      /// Why there is none.
      case left(String)
    }

    let space: SpaceID
    let outcome: Outcome
  }

  let currency: String
  let compares: Bool
  /// Of the one Space that was asked about, where it was only one.
  let pictures: PictureSection?
  /// Those that save most first, then the others by name.
  private let found: [Recommendation]
  private let left: [(space: SpaceID, why: String)]

  init(spaces: [Space], currency: String, compares: Bool, pictures: PictureSection? = nil) {
    self.currency = currency
    self.compares = compares
    self.pictures = pictures
    found = spaces.compactMap { space in
      guard case .found(let recommendation) = space.outcome else { return nil }
      return recommendation
    }.sorted { a, b in
      if a.isBetter != b.isBetter { return a.isBetter }
      return (b.saving.estimate, a.space) < (a.saving.estimate, b.space)
    }
    left = spaces.compactMap { space in
      guard case .left(let why) = space.outcome else { return nil }
      return (space.space, why)
    }
  }

  /// What is to be written.
  var better: [Recommendation] { found.filter(\.isBetter) }

  // MARK: For people

  func table(_ style: Style, width: Int?) -> String {
    var text = ""
    if found.count > 1 {
      var table = TextTable([
        .left("SPACE"), .right("SAVES A MONTH"), .right("BETWEEN"), .right("WAIT NOW"), .right("WAIT THEN"),
        .left("PROPOSAL"),
      ])
      for recommendation in found {
        let saving = recommendation.saving
        let isBetter = recommendation.isBetter
        table.add([
          "\(recommendation.space.description)",
          TextTable.Cell(isBetter ? NumberText.money(saving.estimate) : "-", .bold),
          "\(isBetter ? "\(NumberText.money(saving.low)) and \(NumberText.money(saving.high))" : "")",
          "\(share(recommendation.today.waitingPerThousand))",
          "\(isBetter ? share(recommendation.proposed.waitingPerThousand) : "")",
          "\(isBetter ? recommendation.plan.words(on: recommendation.hardware) : "nothing better was found")",
        ])
      }
      text += table.text(style, width: width) + "\n"
    }
    text += found.map { details($0, style, width) }.joined(separator: "\n")
    if !left.isEmpty {
      text += (found.isEmpty ? "" : "\n") + left.map { "\($0.space): \($0.why)\n" }.joined()
    }
    return text
  }

  private func share(_ perThousand: Int) -> String {
    "\(perThousand / 10)\(perThousand % 10 == 0 ? "" : ".\(perThousand % 10)") %"
  }

  private func details(_ recommendation: Recommendation, _ style: Style, _ width: Int?) -> String {
    let (today, proposed) = (recommendation.today, recommendation.proposed)
    var text =
      "\(recommendation.space) on \(recommendation.hardware), fitted on \(recommendation.fitted.lowerBound) to \(recommendation.fitted.upperBound), judged by \(recommendation.judged.lowerBound) to \(recommendation.judged.upperBound)\n"
    text +=
      "  Visits: \(recommendation.demand.sources.map(\.rawValue).joined(separator: " and ")), unknown for \(NumberText.share(recommendation.demand.unknownSeconds, of: max(1, recommendation.demand.seconds))) of the time; a start takes \(NumberText.duration(recommendation.startup)).\n"
    let untried = [
      recommendation.demand.resolution > 0
        ? "sleep times under \(DurationText.text(recommendation.demand.resolution))" : nil,
      recommendation.untriedFree == .logs ? "other hours on cpu-basic" : nil,
    ].compactMap(\.self)
    if !untried.isEmpty {
      let list = untried.joined(separator: " and ")
      text +=
        "  \(list.prefix(1).uppercased())\(list.dropFirst()) are not tried: who came while it was awake is not known. Import visits, or run observe --activity.\n"
    }
    if recommendation.untriedFree == .exceptions {
      text += "  Other hours on cpu-basic are not tried, as its policy has exceptions.\n"
    }
    for hardware in recommendation.failsOn {
      text += "  \(hardware) is not tried: it was seen to fail there.\n"
    }
    var rows = [("today's rules", today), (recommendation.plan.words(on: recommendation.hardware), proposed)]
    if compares { rows += recommendation.baselines.map { ($0.name, $0.judged) } }
    var table = TextTable([
      .left("RULES"), .right(currency), .right("COLD STARTS"), .right("VISITORS WHO WAIT"), .right("LONGEST"),
      .right("WITH WAITS"),
    ])
    for (name, judged) in rows {
      table.add([
        "\(name)", "\(NumberText.money(judged.cost))", "\(judged.visitors.coldStarts)",
        "\(share(judged.waitingPerThousand))", "\(judged.waits.longest.map(NumberText.duration) ?? "-")",
        "\(NumberText.money(judged.total))",
      ])
    }
    text += table.text(style, width: width).split(separator: "\n").map { "  \($0)\n" }.joined()
    if proposed.letDown > 0 {
      text +=
        "  \(proposed.letDown) of \(NumberText.count(proposed.visits, "visitor")) would find it on cpu-basic: they count as who wait, and as a cold start each.\n"
    }
    if case .waiting = recommendation.promise {
      let price = "\(NumberText.money(recommendation.coldStartCost)) \(currency)"
      text +=
        recommendation.priceKeepsPromise
        ? "  With waits: a cold start counts as \(price), at which price fixed sleep times keep the promise by themselves.\n"
        : "  With waits: a cold start counts as \(price); no price makes fixed sleep times keep the promise by themselves.\n"
    }
    if compares {
      text +=
        "  Who had known all visits beforehand would have paid \(NumberText.money(recommendation.hindsight)) \(currency) with waits, on \(recommendation.hardware) throughout and asleep at first.\n"
    }
    if let pictures {
      text +=
        "\n"
        + pictures.text(style, width: width).split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
    }
    guard recommendation.isBetter else {
      return text + "  Nothing better than today's rules was found\(shortcoming(of: recommendation)).\n"
    }
    let saving = recommendation.saving
    let differ = "as \(recommendation.isSavingByWeek ? "weeks" : "days") differ"
    if saving.estimate >= .zero {
      text +=
        "  Saves \(NumberText.money(saving.estimate)) \(currency) a month, between \(NumberText.money(saving.low)) and \(NumberText.money(saving.high)) \(differ).\n"
    } else {
      text +=
        "  Costs \(NumberText.money(-saving.estimate)) \(currency) a month more, between \(NumberText.money(-saving.high)) and \(NumberText.money(-saving.low)) \(differ), for fewer cold starts: with these it is \(NumberText.money(-recommendation.margin)) cheaper on the part that it had not seen.\n"
    }
    if !recommendation.keepsPromise {
      text +=
        "  More wait than promised on the part that it had not seen; no more than under today's rules.\n"
    }
    if !recommendation.droppedHardware.isEmpty {
      let hardware = recommendation.droppedHardware.map(\.description).joined(separator: " and ")
      text += "  The rules that put it on \(hardware) go.\n"
    }
    if recommendation.dropsSettings { text += "  The rules that pause it, or ask for copies, go.\n" }
    let hasExceptions = !recommendation.exceptions.isEmpty
    if hasExceptions {
      text += "  It was judged with the exceptions of its policy, which stay as they are.\n"
    }
    text += "\n" + recommendation.policy.yaml
    if let settings = recommendation.settingsText, !hasExceptions {
      text +=
        "\n  To see it again: spaceplan simulate --set '\(recommendation.space):\(settings)' --from \(recommendation.judged.lowerBound) --until \(recommendation.judged.upperBound)\n"
    } else {
      text +=
        "\n  To see it again, with that\(hasExceptions ? " and the exceptions" : "") in new/rules.yaml: spaceplan simulate --schedules new --from \(recommendation.judged.lowerBound) --until \(recommendation.judged.upperBound)\n"
    }
    return text
  }

  /// Why what was found is not better than today's rules.
  private func shortcoming(of recommendation: Recommendation) -> String {
    let margin = recommendation.margin
    let breaks = recommendation.keepsPromise ? "" : ", and breaks the promise"
    if margin > .zero { return ": what was would have cost \(NumberText.money(margin)) more\(breaks)" }
    if !recommendation.keepsPromise { return " that keeps the promise" }
    return margin == .zero
      ? "" : ": what was would have saved \(NumberText.money(-margin)), and more visitors would have waited"
  }

  // MARK: For programs

  var json: JSONValue {
    [
      "currency": .string(currency),
      "spaces": .array(
        found.map { recommendation in
          var members: [String: JSONValue] = [
            "space": .string(recommendation.space.description),
            "hardware": .string(recommendation.hardware.rawValue),
            "fitted": range(recommendation.fitted), "judged": range(recommendation.judged),
            "cold_start_cost": .string(recommendation.coldStartCost.description),
            "today": json(recommendation.today), "proposed": json(recommendation.proposed),
            "is_better": .bool(recommendation.isBetter), "keeps_promise": .bool(recommendation.keepsPromise),
            "saving_a_month": .bounds(recommendation.saving),
            "yaml": .string(recommendation.policy.yaml),
          ]
          if compares {
            members["baselines"] = .array(
              recommendation.baselines.map { name, judged in
                .object((json(judged).object ?? [:]).merging(["name": .string(name)]) { $1 })
              })
            members["hindsight"] = .string(recommendation.hindsight.description)
          }
          return .object(members)
        }),
      "left": .array(
        left.map { ["space": .string($0.space.description), "why": .string($0.why)] }),
    ]
  }

  private func range(_ range: Range<Instant>) -> JSONValue {
    ["from": .string(range.lowerBound.description), "until": .string(range.upperBound.description)]
  }

  private func json(_ judged: Recommendation.Judged) -> JSONValue {
    [
      "cost": .string(judged.cost.description), "total": .string(judged.total.description),
      "visits": .integer(Int64(judged.visits)), "cold_starts": .integer(Int64(judged.visitors.coldStarts)),
      "let_down": .integer(Int64(judged.letDown)),
      "waiting_per_thousand": .integer(Int64(judged.waitingPerThousand)),
      "wait_longest": .number(judged.waits.longest),
    ]
  }
}

extension Recommendation {
  /// For `simulate --set`; nil where it takes rules.
  fileprivate var settingsText: String? {
    guard plan.windows.isEmpty, !dropsSettings else { return nil }
    // In the hours of today's rules those say which hardware.
    let hardware = plan.settings.hardware.map { "hardware=\($0)" }
    let sleep = plan.settings.sleep.map { "sleep=\($0.ruleText)" }
    return [hardware, sleep].compactMap(\.self).joined(separator: ",")
  }
}
