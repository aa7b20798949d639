import Money
import Pricing
import Reports
import Schedules
import Simulation
import Spaces
import Timelines

extension RecommendResult {
  func table(_ style: Style, width: Int?) -> String {
    var text = promised
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
          "\(share(recommendation.today.waitingPerThousand, recommendation))",
          "\(isBetter ? share(recommendation.proposed.waitingPerThousand, recommendation) : "")",
          isBetter
            ? "\(recommendation.plan.words(on: recommendation.hardware))"
            : recommendation.mendsPromise
              ? "keeping the promise costs more" : "nothing better was found",
        ])
      }
      text += table.text(style, width: width) + "\n"
    }
    text += found.map { details($0, style, width) }.joined(separator: "\n")
    if !left.isEmpty {
      text +=
        (found.isEmpty ? "" : "\n")
        + left.map { space, why, cost in
          let cost =
            cost > .zero ? "; it cost \(NumberText.money(cost)) \(currency) in the last 30 days" : ""
          return "\(space): \(why)\(cost)\n"
        }.joined()
    }
    return text
  }

  /// What proposals keep, which nobody may have chosen.
  private var promised: String {
    switch found.first?.promise {
    case .waiting(let perThousand):
      "Promised: at most \(NumberText.perThousand(perThousand)) of visitors wait (--max-cold-start-rate).\n\n"
    case .coldStartCost(let cost):
      "A cold start counts as \(cost.text(decimals: 2...9)) \(currency) (--cold-start-cost).\n\n"
    case nil: ""
    }
  }

  private func details(_ found: Recommendation, _ style: Style, _ width: Int?) -> String {
    let picture = pictures.map { "\n" + indented($0.text(style, width: width)) + "\n" } ?? ""
    let text =
      head(found) + sentences(untried(by: found)) + indented(comparison(found).text(style, width: width))
      + sentences(remarks(on: found)) + picture
    let verdict = found.isBetter ? changes(by: found) : [shortcoming(of: found)] + expected(of: found)
    guard found.isBetter || found.mendsPromise else { return text + sentences(verdict) }
    let place = found.todaysPolicy.map { ["In the place of what policy \($0) has for it:"] } ?? []
    return text + sentences(verdict + consequences(of: found) + place) + "\n\(found.yaml)\n"
      + sentences([again(found)])
  }

  private func sentences(_ sentences: [String]) -> String { sentences.map { "  \($0)\n" }.joined() }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined()
  }

  private func head(_ found: Recommendation) -> String {
    let demand = found.demand.basis
    return """
      \(found.space) on \(found.hardware), fitted on \(found.fittedOn.lowerBound) to \(found.fittedOn.upperBound), \
      judged by \(found.judgedOn.lowerBound) to \(found.judgedOn.upperBound)
        Visits from \(found.known.lowerBound) on: \(demand.sources.map(\.rawValue).joined(separator: " and ")), \
      unknown for \(NumberText.share(demand.unknownSeconds, of: max(1, demand.seconds))) of the time; \
      a start takes \(NumberText.duration(found.startup)).

      """
  }

  /// What was not looked for, and why.
  private func untried(by found: Recommendation) -> [String] {
    let unknown = [
      found.demand.resolution > 0 ? "sleep times under \(DurationText.text(found.demand.resolution))" : nil,
      found.untriedFree == .logs ? "other hours on cpu-basic" : nil,
    ].compactMap(\.self).joined(separator: " and ")
    var sentences = found.failsOn.map { "\($0) is not tried: it was seen to fail there." }
    if found.untriedFree == .exceptions {
      sentences.insert("Other hours on cpu-basic are not tried, as its policy has exceptions.", at: 0)
    }
    if !unknown.isEmpty {
      sentences.insert(
        "\(unknown.prefix(1).uppercased())\(unknown.dropFirst()) are not tried: who came while it was awake is not known. Import visits to see.",
        at: 0)
    }
    return sentences
  }

  private func comparison(_ found: Recommendation) -> TextTable {
    var rows = [("today's rules", found.today), (found.plan.words(on: found.hardware), found.proposed)]
    if compares { rows += found.baselines.map { ($0.name, $0.judged) } }
    var table = TextTable([
      .left("RULES"), .right(currency), .right("COLD STARTS"), .right("VISITORS WHO WAIT"), .right("LONGEST"),
      .right("WITH WAITS"),
    ])
    for (name, judged) in rows {
      table.add([
        "\(name)", "\(NumberText.money(judged.cost))", "\(judged.visitors.coldStarts)",
        "\(share(judged.waitingPerThousand, found))",
        "\(judged.waits.longest.map(NumberText.duration) ?? "-")",
        found.coldStartCost.map { "\(NumberText.money(judged.total(perColdStart: $0)))" } ?? "-",
      ])
    }
    return table
  }

  /// Of visitors: the most that it can be where only the fewest of them are known.
  private func share(_ perThousand: Int, _ found: Recommendation) -> String {
    (found.isOfFewest && perThousand > 0 ? "≤ " : "") + NumberText.perThousand(perThousand)
  }

  /// What the table does not say of itself.
  private func remarks(on found: Recommendation) -> [String] {
    var sentences: [String] = []
    if found.proposed.letDown > 0 {
      sentences.append(
        "\(found.proposed.letDown) of \(NumberText.count(found.proposed.visits, "visitor")) would find it on cpu-basic: they count among those who wait, and as a cold start each. Whom today's rules have find it there do not count in their row."
      )
    }
    let visitors = found.demand.least.clipped(to: found.fittedOn).count
    let before = found.known.lowerBound..<found.judgedOn.lowerBound
    if case .waiting(let perThousand) = found.promise {
      if let cost = found.coldStartCost {
        sentences.append(
          "With waits: a cold start counts as \(cost.text(decimals: 2...3)) \(currency), at which price fixed sleep times keep the promise by themselves."
        )
      } else {
        let reason =
          found.demand.least.clipped(to: before).isEmpty
          ? "nobody came by whom a price of a cold start could be found"
          : "no price of a cold start makes fixed sleep times keep the promise"
        sentences.append("There is no sum with waits, as \(reason).")
      }
      if visitors > 0, perThousand > 0, visitors * perThousand < 1000 {
        sentences.append(
          "Of \(NumberText.count(visitors, "visitor")) in the part to fit on \(NumberText.perThousand(perThousand)) is nobody: where so few come, --cold-start-cost tells more than a share."
        )
      }
    }
    if found.isOfFewest {
      sentences.append(
        "All this is for the fewest visitors that explain what was seen; more may have come.")
    }
    if visitors == 0 { sentences.append("Nobody came in the part to fit on.") }
    if found.proposed.visits == 0 { sentences.append("Nobody came in the part that judges.") }
    if compares, let hindsight = found.hindsight {
      sentences.append(
        "Whoever had known all visits beforehand would have paid \(NumberText.money(hindsight)) \(currency) with waits, on \(found.copies > 1 ? "\(found.copies) × " : "")\(found.hardware) throughout and asleep at first."
      )
    }
    return sentences
  }

  /// What is better about it.
  private func changes(by found: Recommendation) -> [String] {
    let saving = found.saving
    let differ = differ(found)
    var sentences =
      saving.estimate >= .zero
      ? [
        "Saves \(NumberText.money(saving.estimate)) \(currency) a month, between \(NumberText.money(saving.low)) and \(NumberText.money(saving.high)) \(differ)."
      ]
      : [
        "Costs \(NumberText.money(-saving.estimate)) \(currency) a month more, between \(NumberText.money(-saving.high)) and \(NumberText.money(-saving.low)) \(differ), for fewer cold starts: with these it is \(NumberText.money(-found.margin)) cheaper on the part that it had not seen."
      ]
    sentences += expected(of: found)
    if !found.keepsPromise {
      sentences.append(
        "More wait than promised on the part that it had not seen; no more than under today's rules.")
    }
    return sentences
  }

  /// What else becomes of the Space, and of today's rules.
  private func consequences(of found: Recommendation) -> [String] {
    var sentences: [String] = []
    if found.sleepsOnceUp {
      sentences.append(
        "Where its sleep time is no longer than a start it is asleep again once it is up, unless somebody else came meanwhile."
      )
    }
    if !found.droppedHardware.isEmpty {
      let hardware = found.droppedHardware.map(\.description).joined(separator: " and ")
      sentences.append("The rules that put it on \(hardware) go.")
    }
    if found.addsCopies {
      sentences.append("Today's rules ask for fewer copies at some times: it has \(found.copies) throughout.")
    }
    if found.dropsPauses { sentences.append("The rules that pause it go.") }
    if found.dropsIdle { sentences.append("The idle rule of its policy is not for it any more.") }
    if !found.exceptions.isEmpty {
      sentences.append("It was judged with the exceptions of its policy, which stay as they are.")
    }
    return sentences
  }

  /// How many will wait, as far as that can be told.
  private func expected(of found: Recommendation) -> [String] {
    guard found.proposed.visits > 0, found.isBetter || found.mendsPromise else { return [] }
    let waiting = found.waitingPerThousand.map(NumberText.perThousand)
    var sentence = "Of \(found.isOfFewest ? "the fewest" : "its") visitors \(waiting.estimate) wait"
    if !found.waitingPerThousand.isCertain {
      sentence +=
        ", and between \(waiting.low) and \(waiting.high) in four weeks to come that are like those known"
    }
    if found.chanceOfBreaking > 0 {
      sentence += "; in \(found.chanceOfBreaking) of 100 such times it is more than promised"
    }
    var sentences = [sentence + "."]
    if let riskier = found.riskier {
      let less = NumberText.money(found.proposed.cost - riskier.judged.cost)
      sentences.append(
        "Instead, \(riskier.plan.words(on: found.hardware)) would cost \(less) \(currency) less on the part that was not seen, and let more wait than promised in \(riskier.chanceOfBreaking) of 100 such times."
      )
    }
    return sentences
  }

  private func differ(_ found: Recommendation) -> String {
    "as \(found.isByWeek ? "weeks" : "days") differ"
  }

  /// The command that comes to the same figures.
  private func again(_ found: Recommendation) -> String {
    var options = ["--from \(found.judgedOn.lowerBound) --until \(found.judgedOn.upperBound)"] + options
    if prices.changes(in: found.judgedOn.lowerBound..<max(found.judgedOn.upperBound, now + 1)) {
      options.append("--prices-of \(now)")
    }
    let range = options.joined(separator: " ")
    if let settings = found.settingsText, found.exceptions.isEmpty {
      return "To see it again: spaceplan simulate --set '\(found.space):\(settings)' \(range)"
    }
    let rest =
      found.exceptions.first.map { " and the exceptions from \($0.place.file):\($0.place.line) on" } ?? ""
    // A simulation takes no one for let down.
    let butFor = found.proposed.letDown > 0 ? ", but for those on cpu-basic," : ","
    return
      "To see it again\(butFor) with that\(rest) below the lines 'version: 1' and 'policies:' of try/rules.yaml: spaceplan simulate --schedules try --policy \(found.policy.name) \(range)"
  }

  /// Why what was found is not better than today's rules.
  private func shortcoming(of found: Recommendation) -> String {
    let margin = found.margin
    if found.mendsPromise {
      let broken =
        found.isOfFewest
        ? "Today's rules may break the promise: of the fewest visitors who explain what was seen more wait than that"
        : "Today's rules break the promise"
      let more = margin == .zero ? "nothing" : "\(NumberText.money(margin)) \(currency)"
      return "\(broken). To keep it costs \(more) more on the part that was not seen."
    }
    let nothing = "Nothing better than today's rules was found"
    if found.proposed.visits == 0, found.today.cost == .zero {
      return "\(nothing): where nobody comes and nothing is billed nothing can be judged."
    }
    let withWaits = if case .coldStartCost = found.promise { " with waits" } else { "" }
    if margin > .zero {
      return
        "\(nothing): the best would have cost \(NumberText.money(margin)) more\(withWaits)\(found.keepsPromise ? "" : ", and breaks the promise")."
    }
    if !found.keepsPromise { return "\(nothing) that keeps the promise." }
    guard margin < .zero else { return "\(nothing)." }
    let but = found.isMoreWaiting ? ", and more visitors would have waited" : ", less than a hundredth"
    return "\(nothing): the best would have saved \(NumberText.money(-margin))\(withWaits)\(but)."
  }
}

extension Recommendation {
  /// For `simulate --set`; nil where it takes rules.
  fileprivate var settingsText: String? {
    guard !needsRules else { return nil }
    // In the hours of today's rules those say which hardware.
    let hardware = plan.settings.hardware.map { "hardware=\($0)" }
    let sleep = plan.settings.sleep.map { "sleep=\($0.ruleText)" }
    let replicas = plan.settings.replicas.map { "replicas=\($0)" }
    return [hardware, sleep, replicas].compactMap(\.self).joined(separator: ",")
  }
}
