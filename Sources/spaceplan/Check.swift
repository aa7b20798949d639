import ArgumentParser
import Foundation
import History
import LocatedYAML
import Pricing
import Schedules
import Spaces
import Timelines

struct Check: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  static let configuration = CommandConfiguration(
    abstract: "Find every mistake in rules and prices.",
    discussion: """
      For example:  spaceplan check --schedules new/

      Each mistake is shown with file, line, column and what was probably
      meant. Warnings are about files that can be used, but may not do what was
      meant. Nothing is asked of the Hub.
      """)

  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var format: FormatOption<Format>
  @OptionGroup var talk: QuietOption

  func run() throws {
    let (rules, mistakes) = try schedules.readWithDiagnostics()
    let (prices, priceMistakes) = try pricing.readWithDiagnostics()
    let now = try moment.clock()()
    let fromText = mistakes + priceMistakes + rules.warnings(from: now)
    let renames = Result { try renamed(rules) }
    let all = (fromText + unpriced(rules, prices, now: now) + ((try? renames.get()) ?? [])).sorted()
    let errors = all.filter { $0.severity == .error }.count
    switch format.read(default: .text) {
    case .text:
      Terminal.show(all.map { $0.description + "\n\n" }.joined())
      talk.tell(summary(rules, errors: errors, others: all.count - errors))
    case .json: Terminal.show(JSONValue.array(all.map(\.json)).text + "\n")
    }
    if case .failure(let error) = renames {
      let ending = Ending(error)
      Terminal.tell(
        "whether rules name Spaces that were renamed could not be checked: \(ending?.message ?? "\(error)")")
      throw Ending(errors > 0 ? Ending.Status.badInput : ending?.status ?? Ending.Status.files)
    }
    if errors > 0 { throw Ending(Ending.Status.badInput) }
  }

  private func summary(_ rules: Schedules, errors: Int, others: Int) -> String {
    let found = errors + others == 0 ? "no mistakes" : "\(errors) errors, \(others) warnings and notes"
    return "\(rules.policies.count) policies: \(found)"
  }

  /// Hardware that the price table does not know: perhaps new, more often misspelt.
  private func unpriced(_ rules: Schedules, _ prices: PriceTable, now: Instant) -> [Diagnostic] {
    rules.namedHardware.filter {
      prices.hourlyPrice(of: $0.hardware, at: now) == nil || prices.isWithdrawn($0.hardware, at: now)
    }
    .map { hardware, place in
      if prices.isWithdrawn(hardware, at: now) {
        return Diagnostic(.warning, at: place, message: "\(hardware) is not offered any more")
      }
      let nearest = Spelling.nearest(to: hardware.rawValue, among: prices.hardware.map(\.hardware.rawValue))
      return Diagnostic(
        .warning, at: place, message: "there is no price for hardware '\(hardware)'",
        hint: nearest.map { "did you mean '\($0)'?" }
          ?? "known: \(prices.hardware.map(\.hardware.rawValue).joined(separator: ", "))")
    }
  }

  /// Rules go on to hold for a renamed Space, but should say its present name.
  private func renamed(_ rules: Schedules) throws -> [Diagnostic] {
    guard FileManager.default.fileExists(atPath: database.path) else { return [] }
    return try database.open(.existing).spaces().compactMap { space in
      guard case .policy(let policy, let match) = rules.assignment(of: [space.name] + space.formerNames),
        match.isFormerName
      else { return nil }
      return Diagnostic(
        .warning, at: policy.place, message: "\(match.name) was renamed to \(space.name)",
        hint: "write the new name in policy \(policy.name)")
    }
  }
}

extension Diagnostic {
  var json: JSONValue {
    [
      "severity": .string(severity.rawValue), "file": .string(file), "line": .integer(Int64(line)),
      "column": .integer(Int64(column)), "message": .string(message),
      "hint": hint.map(JSONValue.string) ?? .null,
    ]
  }
}
