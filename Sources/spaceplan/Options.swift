import ArgumentParser
import Foundation
import History
import Hub
import LocatedYAML
import Money
import Pricing
import Schedules
import Simulation
import Spaces
import Timelines

struct VerboseOption: ParsableArguments {
  @Flag(help: "Show every Space, also those without a policy. (SPACEPLAN_VERBOSE)")
  var verbose = false

  var isVerbose: Bool { verbose || Variables.flag("VERBOSE") }
}

struct QuietOption: ParsableArguments {
  @Flag(help: "Say nothing but the result, what changed and what went wrong. (SPACEPLAN_QUIET)")
  var quiet = false

  var isQuiet: Bool { quiet || Variables.flag("QUIET") }

  /// Says something besides the result.
  func tell(_ text: String) {
    if !isQuiet { Terminal.tell(text) }
  }
}

struct MomentOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take this instant as now, to try things: unless the Hub is on this machine, nothing is recorded or changed. (SPACEPLAN_NOW)",
      valueName: "instant"))
  var now: String?

  /// The instant given, in a zone; nil where the clock tells.
  func given(zone: TimeZone = .gmt) throws -> Instant? { try Self.read(now, zone: zone) }

  private static func read(_ option: String?, zone: TimeZone) throws -> Instant? {
    try Variables.given(option, "NOW").map { text, source in
      try parsed(text, option: source) { try Instant($0, zone: zone) }
    }
  }

  /// Whether what is seen and done counts: an instant that is not now is real only on a Hub of this machine,
  /// whose clock may stand anywhere.
  func isReal() throws -> Bool {
    try given() == nil || hubConfiguration().endpoint.isLoopback
  }

  func clock(zone: TimeZone = .gmt) throws -> @Sendable () -> Instant {
    if let given = try given(zone: zone) { return { given } }
    return Self.real
  }

  @Sendable private static func real() -> Instant {
    Instant(secondsSince1970: Int64(Date().timeIntervalSince1970.rounded(.down)))
  }

  /// What the clock tells or, if later, SPACEPLAN_NOW: what came after it has not been.
  static func latest() throws -> Instant {
    max(real(), try read(nil, zone: .gmt) ?? .distantPast)
  }
}

struct DatabaseOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The database. (SPACEPLAN_DATABASE; default: spaceplan.sqlite)", valueName: "file"))
  var database: String?

  var path: String { database ?? Variables.value("DATABASE") ?? "spaceplan.sqlite" }

  var exists: Bool { FileManager.default.fileExists(atPath: path) }

  /// What is recorded, for commands that record nothing; no file is made where there is none.
  func openForReading() throws -> History { exists ? try open(.existing) : try History() }

  func open(_ access: History.Access) throws -> History {
    guard !path.isEmpty else {
      throw Ending(Ending.Status.usage, "--database is empty; it takes the name of a file")
    }
    guard !isFolder(path) else {
      throw Ending(
        Ending.Status.files,
        "the database \(path) is a folder; name a file in it, such as \((path as NSString).appendingPathComponent("spaceplan.sqlite"))"
      )
    }
    return try History(path: path, access: access)
  }
}

struct PricingOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder with prices. (SPACEPLAN_PRICING; default: pricing, or the table built into the program)",
      valueName: "folder"))
  var pricing: String?

  /// - Throws: an ``Ending`` that shows every mistake.
  func read() throws -> PriceTable {
    let (table, diagnostics) = try readWithDiagnostics()
    try stopAtErrors(diagnostics)
    return table
  }

  func readWithDiagnostics() throws -> (PriceTable, [Diagnostic]) {
    isBuiltIn ? (.builtIn, []) : PriceTable.read(try yamlFiles(in: folder, option: "--pricing"))
  }

  /// The texts to write new prices into; where there is no folder yet, that of the table built in.
  func files() throws -> [PriceFile] {
    guard !isBuiltIn else {
      return [PriceFile(name: "\(folder)/\(PriceTable.builtInFileName)", text: PriceTable.builtInText)]
    }
    return try yamlFiles(in: folder, option: "--pricing").map {
      PriceFile(name: $0.name, text: String(decoding: $0.bytes, as: UTF8.self))
    }
  }

  private var given: String? { pricing ?? Variables.value("PRICING") }

  var folder: String { given ?? "pricing" }

  private var isBuiltIn: Bool { given == nil && !FileManager.default.fileExists(atPath: folder) }
}

struct SchedulesOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder with rules. (SPACEPLAN_SCHEDULES; default: schedules)", valueName: "folder"))
  var schedules: String?

  init() {}

  /// - Parameter folder: nil for the usual one.
  init(folder: String?) { schedules = folder }

  private static let usualOption = "--schedules"

  /// Rules to act by: a name that two policies claim stops only what is done about that Space.
  ///
  /// - Parameter option: what names the folder, for messages.
  /// - Throws: an ``Ending`` that shows every mistake.
  func read(option: String = usualOption) throws -> Schedules {
    let (schedules, diagnostics) = try readWithDiagnostics(option: option)
    try stopAtErrors(diagnostics.filter { !schedules.conflicts.contains($0) })
    return schedules
  }

  /// The same for commands that can do without rules: none where no folder is named and the usual one is missing.
  ///
  /// - Parameter tell: says that there are none, where the result would be another with rules.
  func readIfPresent(
    option: String = usualOption, telling tell: ((String) -> Void)? = nil
  ) throws -> Schedules {
    let isNamed = (schedules ?? Variables.value("SCHEDULES")) != nil
    if isNamed || FileManager.default.fileExists(atPath: folder) { return try read(option: option) }
    tell?("note: there is no folder \(folder) here, so no rules are taken to hold; name one with \(option)")
    return Schedules()
  }

  var folder: String { schedules ?? Variables.value("SCHEDULES") ?? "schedules" }

  func readWithDiagnostics(option: String = usualOption) throws -> (Schedules, [Diagnostic]) {
    let result = Schedules.read(try yamlFiles(in: folder, option: option), calendar: Self.calendar)
    return (result.schedules, result.diagnostics)
  }

  /// The bytes of a calendar file that a rule file names.
  static let calendar: @Sendable (_ path: String, _ file: String) throws -> [UInt8] = { path, file in
    Array(try bytesWritten(in: URL(filePath: path, relativeTo: URL(filePath: file)).path))
  }
}

struct StartupOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long a start takes where looks leave it open. (default: 60s)", valueName: "duration"))
  var startup: String?

  /// Seconds.
  func read() throws -> Int64 {
    try startup.map { text in
      try parsed(text, option: "--startup") { try DurationText.seconds($0, bareSeconds: true) }
    } ?? SpaceProgram.usualStartup
  }
}

struct ZoneOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The time zone of days and months. (SPACEPLAN_ZONE; default: UTC)", valueName: "name"))
  var zone: String?

  func read() throws -> TimeZone {
    try Variables.given(zone, "ZONE").map { text, source in
      try parsed(text, option: source) { try TimeZone(ianaName: $0) }
    } ?? .gmt
  }
}

struct FormatOption<Format: ExpressibleByArgument & CaseIterable & RawRepresentable<String> & Sendable>:
  ParsableArguments
{
  @Option(help: ArgumentHelp("How to write the result. (SPACEPLAN_FORMAT)", valueName: "name"))
  var format: Format?

  /// - Parameters:
  ///   - format: where neither the command line nor the environment names one of this command's.
  ///   - output: the file that it is written to: where no format is given, its ending may name one.
  ///   - isKnown: whether the environment may name it.
  func read(
    default format: Format, output: String? = nil, where isKnown: (Format) -> Bool = { _ in true }
  ) -> Format {
    let ending = output.flatMap { Self.names[($0 as NSString).pathExtension.lowercased()] }
    let variable = Variables.value("FORMAT").flatMap(Format.init)
    return self.format ?? ending.flatMap(Format.init) ?? variable.flatMap { isKnown($0) ? $0 : nil } ?? format
  }

  private static var names: [String: String] {
    ["md": "markdown", "csv": "csv", "json": "json", "html": "html"]
  }
}

// MARK: Reading

/// A value of the command line; what is wrong with it ends the program as wrong usage.
func parsed<Value>(_ text: String, option: String, _ parse: (String) throws -> Value) throws -> Value {
  do {
    return try parse(text)
  } catch {
    throw Ending(Ending.Status.usage, "\(option): \(error)")
  }
}

/// All YAML files of a folder, by name.
func yamlFiles(in folder: String, option: String) throws -> [(name: String, bytes: Data)] {
  guard isFolder(folder) || !FileManager.default.fileExists(atPath: folder) else {
    throw Ending(Ending.Status.files, "\(folder) is a file; \(option) takes the folder it is in")
  }
  let names: [String]
  do throws(FileTrouble) {
    // Editors and systems keep files of their own there, whose names begin with a dot.
    names = try spaceplan.names(in: folder).filter {
      ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".")
    }
  } catch {
    let isUsual = ["schedules", "pricing"].contains(folder)
    throw Ending(
      Ending.Status.files,
      "the folder \(folder) can't be read: \(error); \(isUsual ? "`spaceplan init` makes it, or " : "")name another with \(option)"
    )
  }
  guard !names.isEmpty else {
    throw Ending(
      Ending.Status.files,
      "the folder \(folder) has no .yaml file; `spaceplan init` shows what one looks like")
  }
  return try names.map { name in
    let path = (folder as NSString).appendingPathComponent(name)
    do throws(FileTrouble) {
      return (path, try bytesWritten(in: path))
    } catch {
      throw Ending(Ending.Status.files, "\(path) can't be read: \(error)")
    }
  }
}

/// Ends the program with all mistakes, if any is an error.
func stopAtErrors(_ diagnostics: [Diagnostic]) throws {
  let errors = diagnostics.filter { $0.severity == .error }
  guard !errors.isEmpty else { return }
  let count = errors.count == 1 ? "1 mistake" : "\(errors.count) mistakes"
  throw Ending(
    Ending.Status.badInput,
    "\(count) in the files, so nothing was done:\n" + errors.map(\.description).joined(separator: "\n"))
}

/// An amount of money that an option names.
/// - Throws: an ``Ending`` where it is none, or less than 0.
func amount(_ text: String, option: String) throws -> Money {
  try parsed(text, option: option) { text in
    let amount = try Money(text)
    guard amount >= .zero else { throw InvalidMoney(text: text, expected: "an amount of 0 or more") }
    return amount
  }
}

/// Hardware that an option `--hardware` names.
/// - Throws: an ``Ending`` where it has no price then.
func pricedHardware(
  _ name: String, _ prices: PriceTable, now: Instant, option: String = "--hardware"
) throws -> SpaceHardware {
  let named = SpaceHardware(rawValue: name)
  guard prices.hourlyPrice(of: named, at: now) == nil else { return named }
  let nearest = prices.hardware(meantBy: name, at: now).flatMap { $0 == named ? nil : $0 }
  throw Ending(
    Ending.Status.usage,
    "\(option): '\(name)' has no price on \(now)" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
}
