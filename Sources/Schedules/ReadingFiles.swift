import Foundation
public import LocatedYAML
import Spaces
import Timelines

extension Schedules {
  /// Reads rule files and finds every mistake in all of them, in order of their place.
  ///
  /// Where there is an error (but for ``conflicts``), the schedules are what could be read, and not fit to be
  /// acted on. Warnings and notes tell what the text shows to be probably not meant; what shows only when the
  /// rules are followed through time is told by ``warnings(from:)``.
  ///
  /// - Parameters:
  ///   - files: their names, for messages, and their text.
  ///   - calendar: gives the bytes of a calendar file: from its path as a rule file has it, and that rule
  ///     file's name, to which the path is relative. What it throws becomes the message.
  public static func read(
    _ files: [(name: String, text: String)], calendar: @escaping CalendarSource = noCalendars
  ) -> (schedules: Schedules, diagnostics: [Diagnostic]) {
    read(files.map { YAMLReader(file: $0.name, text: $0.text) }, calendar)
  }

  /// The bytes of a calendar file; see ``read(_:calendar:)``.
  public typealias CalendarSource = (_ path: String, _ file: String) throws -> [UInt8]

  /// For rules that name none.
  public static let noCalendars: @Sendable (String, String) throws -> [UInt8] = { _, _ in
    throw Calendars.Failure(description: "no calendars are read here")
  }

  /// The same from the bytes of files, which must be UTF-8.
  ///
  /// - Parameter files: their names, for messages, and their bytes.
  public static func read(
    _ files: [(name: String, bytes: some Sequence<UInt8>)], calendar: @escaping CalendarSource = noCalendars
  ) -> (schedules: Schedules, diagnostics: [Diagnostic]) {
    read(files.map { YAMLReader(file: $0.name, bytes: $0.bytes) }, calendar)
  }

  private static func read(
    _ files: [YAMLReader], _ calendar: @escaping CalendarSource
  ) -> (schedules: Schedules, diagnostics: [Diagnostic]) {
    var schedules = Schedules()
    var readings = files.map { FileReading($0) }
    // A template of one file may be used in another.
    let templates = readings.indices.flatMap { readings[$0].readTemplates() }
    var diagnostics = repeated(templates.map(\.name), templates.map(\.place)) {
      "the template '\($0)' is already defined at \($1)"
    }
    var calendars = Calendars(calendar)
    for index in readings.indices {
      var reading = readings[index]
      reading.templates = templates
      reading.calendars = calendars
      reading.readFile()
      calendars = reading.calendars
      schedules.policies += reading.policies.map(\.policy)
      schedules.places.patterns += reading.policies.map(\.patternPlaces)
      schedules.accounts += reading.accounts.map(\.account)
      schedules.sharedBudgets += reading.sharedBudgets
      schedules.receivers += reading.receivers
      schedules.namedHardware += reading.namedHardware
      schedules.idleHardware += reading.idleHardware
      schedules.places.policyNames += reading.policies.map(\.namePlace)
      schedules.places.accounts += reading.accounts.map(\.place)
      diagnostics += reading.reader.diagnostics
    }
    schedules.patternIndex = PatternIndex(schedules.policies)
    schedules.conflicts = schedules.conflictsOfPatterns()
    diagnostics +=
      calendars.diagnostics + schedules.repeatedNames() + schedules.repeatedBudgets()
      + schedules.repeatedReceivers() + schedules.conflicts + schedules.overlaps()
    // All policies that take a template find the same in it.
    return (schedules, Set(diagnostics).sorted())
  }
}

/// Reads one file.
struct FileReading {
  /// A policy, and the places of what other files can contradict.
  struct ReadPolicy {
    var policy: Policy
    var namePlace: Place
    var patternPlaces: [Place]
  }

  var reader: YAMLReader
  var policies: [ReadPolicy] = []
  var accounts: [(account: Account, place: Place)] = []
  var sharedBudgets: [Budget] = []
  var receivers: [Receiver] = []
  var namedHardware: [(hardware: SpaceHardware, place: Place)] = []
  var idleHardware: [(hardware: SpaceHardware, others: [SpaceHardware], place: Place)] = []

  /// Those of all files.
  var templates: [Template]
  var calendars = Calendars(Schedules.noCalendars)
  /// The file's keys; nil where it is none of ours.
  let members: [String: YAMLValue]?

  init(_ file: YAMLReader, templates: [Template] = []) {
    var reader = file
    if reader.root == nil, reader.diagnostics.isEmpty {
      reader.reportEmpty(hint: "it begins with 'version: 1'")
    }
    members = reader.root.flatMap { root in
      reader.mapping(
        root, as: "a rule file",
        keys: ["version", "zone", "accounts", "templates", "policies", "budgets", "notify"])
    }
    self.reader = reader
    self.templates = templates
  }

  mutating func readFile() {
    guard let members, let root = reader.root else { return }
    readVersion(members["version"], of: root)
    let zone = given(members["zone"]).flatMap { readZone($0) } ?? .gmt
    for value in elements(members["accounts"], as: "accounts") { readAccount(value) }
    for value in elements(members["policies"], as: "policies") { readPolicy(value, zone: zone) }
    for value in elements(members["budgets"], as: "budgets") { readSharedBudget(value) }
    for value in elements(members["notify"], as: "notify") { readReceiver(value) }
  }

  /// Nil where the key is missing or has nothing behind it, as when all of it has become a comment.
  func given(_ value: YAMLValue?) -> YAMLValue? {
    value.flatMap { $0.isNull ? nil : $0 }
  }

  mutating func elements(_ value: YAMLValue?, as what: String) -> [YAMLValue] {
    given(value).map { reader.sequence($0, as: what) } ?? []
  }

  /// Reports a key that must be there and is not.
  mutating func required(_ value: YAMLValue?, _ key: String, in what: String, at place: YAMLValue)
    -> YAMLValue?
  {
    if let value = given(value) { return value }
    reader.report("\(what) needs '\(key)'", at: value ?? place)
    return nil
  }

  // MARK: The file's keys

  private mutating func readVersion(_ value: YAMLValue?, of root: YAMLValue) {
    guard let value = given(value) else {
      reader.report("a rule file needs 'version'", at: value ?? root, hint: "it begins with 'version: 1'")
      return
    }
    if value.text != "1" {
      reader.report("this version of spaceplan reads rule files of 'version: 1' only", at: value)
    }
  }

  mutating func readZone(_ value: YAMLValue) -> TimeZone? {
    reader.read(value, as: "a time zone") { text throws(InvalidTime) in try TimeZone(ianaName: text) }
  }

  /// The name of something; text with nothing in it is none.
  mutating func readName(_ value: YAMLValue, as what: String) -> String? {
    guard let text = reader.text(value, as: what) else { return nil }
    guard !text.allSatisfy(\.isWhitespace) else {
      reader.report("\(what) is empty", at: value)
      return nil
    }
    return text
  }

  private mutating func readAccount(_ value: YAMLValue) {
    guard let members = reader.mapping(value, as: "an account", keys: ["name", "kind"]),
      let nameValue = required(members["name"], "name", in: "an account", at: value),
      let name = readOwner(nameValue, as: "an account's name")
    else { return }
    let kind = given(members["kind"]).flatMap {
      reader.word($0, as: "a kind of account", Account.Kind.self)
    }
    accounts.append((Account(name: name, kind: kind ?? .user), reader.place(of: nameValue)))
  }
}
