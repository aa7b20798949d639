import Acting
import ArgumentParser
import History
import Hub
import JSON
import LocatedYAML
import Pricing
import Schedules
import Spaces
import Timelines

struct Check: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, github }

  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Find every mistake in rules and prices.",
    discussion: """
      For example:  spaceplan check --schedules new/
                    spaceplan check --strict --offline --format github

      Each mistake is shown with file, line, column and what was probably
      meant. Warnings are about files that can be used, but may not do what was
      meant; notes tell what is easily overlooked. With a token the Hub is asked
      for the Spaces' names, to find those that rules miss.
      """)

  @Flag(help: "Let warnings count as errors.")
  var strict = false

  @Flag(help: "Ask nothing of the Hub.")
  var offline = false

  @OptionGroup var schedules: SchedulesOption
  @OptionGroup var pricing: PricingOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var moment: MomentOption
  @OptionGroup var format: FormatOption<Format>
  @OptionGroup var talk: QuietOption

  func run() async throws {
    let (rules, mistakes) = try schedules.readWithDiagnostics()
    let (prices, priceMistakes) = try pricing.readWithDiagnostics()
    let now = try moment.clock()()
    var findings = Findings(mistakes + priceMistakes + rules.warnings(from: now), isStrict: strict)
    // What a file with mistakes lacks says nothing about hardware.
    let pricesAreWhole = !priceMistakes.contains { $0.severity == .error }
    if pricesAreWhole { findings.add(rules.adviceOnPrices(prices, now: now)) }
    // What is wrong with the database or the Hub is no reason to keep the rest back.
    var trouble: [(what: String, error: any Error)] = []
    var history = try History()
    var spaces: [(space: SpaceID, policy: String?)] = []
    do {
      history = try database.openForReading()
      let known = try history.spaces()
      spaces += known.map { ($0.name, rules.assignment(of: $0.names).policy?.name) }
      findings.add(rules.adviceOnRenamed(known))
    } catch {
      trouble.append(("whether rules name Spaces that were renamed", error))
    }
    do {
      if !offline, try hubConfiguration().token != nil, !rules.owners.isEmpty {
        let fleet = try await look(rules, history, now: now)
        spaces += fleet.policies(by: rules)
        findings.add(fleet.unmatched(by: rules) + fleet.renamed(in: rules) + fleet.unmanaged(by: rules))
      }
    } catch {
      trouble.append(("whether rules miss Spaces on the Hub", error))
    }
    if pricesAreWhole { findings.add(rules.adviceOnBudgets(spaces.map(\.space), prices, now: now)) }
    findings.add(rules.budgets.compactMap { $0.emptiness(among: spaces) })
    show(findings, policies: rules.policies.count)
    for (what, error) in trouble {
      Terminal.tell("\(what) could not be checked: \(Ending(error)?.message ?? "\(error)")")
    }
    if findings.count(of: .error) > 0 { throw Ending(Ending.Status.badInput) }
    if let first = trouble.first { throw Ending(Ending(first.error)?.status ?? Ending.Status.files) }
  }

  /// Looks at the Hub without recording it.
  private func look(_ rules: Schedules, _ history: History, now: Instant) async throws -> Fleet {
    try await withHub(talk) { hub in
      try await Terminal.withProgress("looking at the Hub", quiet: talk.isQuiet) {
        let fleet = try await Observer(hub: hub, history: history, clock: { now })
          .observe(owners: rules.owners, names: rules.exactNames, records: false)
        try stop(at: fleet.blindness)
        return fleet
      }
    }
  }

  private func show(_ findings: Findings, policies: Int) {
    switch format.read(default: .text) {
    case .text:
      Terminal.show(findings.all.map { $0.description + "\n\n" }.joined())
      talk.tell("\(policies) \(policies == 1 ? "policy" : "policies"): \(findings.summary)")
    case .json: Terminal.show(JSONValue.array(findings.all.map(\.json)).text + "\n")
    case .github: Terminal.show(findings.all.map { $0.gitHubAnnotation + "\n" }.joined())
    }
  }
}

/// Mistakes and advice, in order of place, each once.
private struct Findings {
  private(set) var all: [Diagnostic] = []
  private let isStrict: Bool

  init(_ diagnostics: [Diagnostic], isStrict: Bool) {
    self.isStrict = isStrict
    add(diagnostics)
  }

  mutating func add(_ diagnostics: [Diagnostic]) {
    let judged = diagnostics.map { diagnostic in
      var diagnostic = diagnostic
      if isStrict, diagnostic.severity == .warning { diagnostic.severity = .error }
      return diagnostic
    }
    all = Set(all + judged).sorted()
  }

  func count(of severity: Diagnostic.Severity) -> Int { all.count { $0.severity == severity } }

  var summary: String {
    guard !all.isEmpty else { return "no mistakes" }
    return [Diagnostic.Severity.error, .warning, .note].compactMap { severity in
      let count = count(of: severity)
      return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }.joined(separator: ", ")
  }
}

extension Diagnostic {
  fileprivate var json: JSONValue {
    [
      "severity": .string(severity.rawValue), "file": .string(file), "line": .integer(Int64(line)),
      "column": .integer(Int64(column)), "message": .string(message),
      "hint": .text(hint),
    ]
  }

  /// A command of a GitHub workflow, which shows it at its line of a change.
  fileprivate var gitHubAnnotation: String {
    func escaped(_ text: String) -> String {
      text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }
    func property(_ text: String) -> String {
      escaped(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
    let command = severity == .note ? "notice" : severity.rawValue
    let text = message + (hint.map { "\nhint: \($0)" } ?? "")
    return "::\(command) file=\(property(file)),line=\(line),col=\(column)::\(escaped(text))"
  }
}
