import Acting
import ArgumentParser
import Foundation
import History
import Hub
import JSON
import Planning
import Pricing
import Reports
import Schedules
import Spaces
import Timelines

struct Explain: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell why a Space should be what it should be, layer by layer.",
    discussion: """
      For example:  spaceplan explain acme/chat
                    spaceplan explain acme/chat --at 2026-12-25T09:00

      Without --at it looks at the Hub, records nothing and changes nothing. With
      --at it goes by what was recorded until then; of an instant to come it
      tells what will be decided if nobody intervenes.
      """)

  @Argument(help: ArgumentHelp("The Space, such as acme/chat.", valueName: "space"))
  var space: String

  @Option(
    help: ArgumentHelp(
      "The instant to explain, in the policy's zone where it has none.", valueName: "instant"))
  var at: String?

  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var format: FormatOption<Format>
  @OptionGroup var talk: QuietOption

  func run() async throws {
    let id = try parsed(space, option: "the Space") { try SpaceID($0) }
    let rules = try schedules.read()
    let prices = try pricing.read()
    let clock = try moment.clock()
    let explanation: Explanation
    if let at {
      let history = try database.open(.existing)
      let names = try history.spaces().first { $0.names.contains(id) }?.names ?? [id]
      let zone = rules.assignment(of: names).policy?.zone ?? .gmt
      let instant = try parsed(at, option: "--at") { try Instant($0, zone: zone) }
      guard let situation = try history.situation(of: id, at: instant, schedules: rules) else {
        throw Ending(
          Ending.Status.usage,
          "\(id) had not been seen by \(WallClock(zone).moment(at: instant)): `spaceplan observe` records a look"
        )
      }
      explanation = Planner(prices: prices, now: instant).explain(situation)
    } else {
      explanation = try await explainNow(id, rules, prices, clock)
    }
    switch format.read(default: .text) {
    case .text: Terminal.show(explanation.text(currency: prices.currency, isRecorded: at != nil))
    case .json: Terminal.show(explanation.json.text + "\n")
    }
  }

  private func explainNow(
    _ id: SpaceID, _ rules: Schedules, _ prices: PriceTable, _ clock: @escaping @Sendable () -> Instant
  ) async throws -> Explanation {
    let history = try database.openForReading()
    return try await withHub(talk) { hub in
      let fleet = try await Observer(hub: hub, history: history, clock: clock)
        .observe(owners: [], names: [id], records: false)
      try stop(at: fleet.blindness)
      let runner = Runner(
        hub: hub, history: history, schedules: rules, prices: prices, clock: clock)
      let now = clock()
      let space = try runner.situations(of: fleet).of(id, in: fleet).space
      let survey = try await runner.survey(of: fleet, only: [space], recallsAll: true, now: now)
      return Planner(prices: prices, now: now).explain(try survey.situations.of(space, in: fleet))
    }
  }
}

extension Explanation {
  /// - Parameter isRecorded: it goes by a look from before, and a run at that instant may find something else.
  func text(currency: String, isRecorded: Bool) -> String {
    let zone = clock.zone.ianaName
    let should = plan.shouldBe.isEmpty ? "left as it is" : plan.shouldBe
    var text = "\(space) at \(clock.moment(at: at)) \(zone): \(should)\n\n"
    var table = TextTable([.left("LAYER"), .left("SAYS"), .left("DECIDES")])
    for line in lines {
      table.add([
        "\(line.layer)", TextTable.Cell(line.text, line.decides.isEmpty ? nil : .bold),
        "\(line.decides.map(\.rawValue).joined(separator: ", "))",
      ])
    }
    text += table.text(Terminal.style, width: Terminal.width)
    let looked = isRecorded ? lookedAt : nil
    text += "\n\(looked == nil ? "It is:  " : "It was: ")\(plan.live.summary)"
    text += plan.rate.map { ", \(NumberText.price($0)) \(currency) an hour" } ?? ""
    text += looked.map { ", at the look of \(clock.moment(at: $0))\n" } ?? "\n"
    text +=
      "So:     \(plan.changes.isEmpty ? verdict : plan.changes.map { "\($0.call)" }.joined(separator: ", "))\n"
    if !plan.why.isEmpty { text += "Why:    \(plan.why)\n" }
    for note in plan.notes { text += "Note:   \(note)\n" }
    return text + "Next:   \(nextText)\n"
  }

  private var verdict: String {
    switch plan.verdict {
    case .asDesired, .change: "nothing to do"
    case .leftAlone: "left alone"
    case .unmanaged: "no policy is for it"
    }
  }

  private var nextText: String {
    if let leftUntil, leftUntil.instant <= next?.boundary.instant ?? .distantFuture {
      return "\(clock.moment(at: leftUntil.instant)) \(clock.zone.ianaName), \(leftUntil.name): "
        + "what is left for now is decided anew"
    }
    guard let next else { return "nothing changes within a year" }
    return "\(clock.moment(at: next.boundary.instant)) \(clock.zone.ianaName), \(next.boundary.name): "
      + next.changeText
  }

  var json: JSONValue {
    [
      "space": .string(space.description), "at": .string(at.description),
      "zone": .string(clock.zone.ianaName),
      "layers": .array(
        lines.map { line in
          [
            "layer": .string(line.layer), "says": .string(line.text),
            "decides": .array(line.decides.map { .string($0.rawValue) }),
          ]
        }),
      "plan": RunJSON.space(plan),
      "next": next.map { next in
        [
          "at": .string(next.boundary.instant.description), "name": .string(next.boundary.name),
          "changes": .string(next.changeText),
        ]
      } ?? .null,
      "left_until": .text(leftUntil?.instant), "looked_at": .text(lookedAt),
    ]
  }
}
