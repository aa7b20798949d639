/// A calendar as programs export and publish it (RFC 5545), as far as it says when events take place.
public struct CalendarFile: Sendable {
  /// In the order of the file. Cancelled events are left out; one that replaces an occurrence of another
  /// stands for itself, and the other is without that occurrence.
  public let events: [CalendarEvent]
  /// What is probably not meant, in no way kept from being read.
  public let warnings: [CalendarProblem]

  /// Reads a file.
  /// - Throws: everything in it that can't be read, or can't be honoured.
  public init(_ bytes: [UInt8]) throws(InvalidCalendar) {
    var findings = Findings()
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    let lines = UnfoldedLine.all(in: text)
    if let reason = Self.reasonNotToRead(text, lines.first) {
      throw InvalidCalendar(problems: [reason])
    }
    let calendars = Component.calendars(in: lines, findings: &findings)
    let drafts = EventReader.drafts(of: calendars, findings: &findings)
    guard findings.problems.isEmpty else {
      throw InvalidCalendar(problems: findings.problems.sorted { $0.line < $1.line })
    }
    events = EventDraft.settled(drafts)
    if events.isEmpty, let first = lines.first { findings.warn(first, "the calendar has no events") }
    if String(validating: text, as: UTF8.self) == nil, let first = lines.first {
      findings.warn(first, "the file is not UTF-8: some names are not as they were", hint: "save it as UTF-8")
    }
    warnings = findings.warnings.sorted { $0.line < $1.line }
  }

  /// Reads a text.
  public init(_ text: String) throws(InvalidCalendar) {
    try self.init(Array(text.utf8))
  }

  /// Why this is no calendar at all.
  private static func reasonNotToRead(_ text: ArraySlice<UInt8>, _ first: UnfoldedLine?) -> CalendarProblem? {
    func problem(_ message: String, hint: String? = nil, source: String = "") -> CalendarProblem {
      CalendarProblem(line: first?.number ?? 1, source: source, message: message, hint: hint)
    }
    guard let first else {
      return problem("the file is empty", hint: "a calendar begins with BEGIN:VCALENDAR")
    }
    if text.count > 16 << 20 {
      return problem("the file has more than 16 MB", hint: "export fewer years, or fewer events")
    }
    if first.component(after: "BEGIN:") == "VCALENDAR" { return nil }
    if text.starts(with: [0x50, 0x4B]) {
      return problem("this is a ZIP archive", hint: "unpack it, and give the .ics file inside")
    }
    if text.starts(with: [0x1F, 0x8B]) {
      return problem("this is a gzip archive", hint: "unpack it, and give the .ics file inside")
    }
    if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) {
      return problem("the file is UTF-16", hint: "save it as UTF-8")
    }
    let source = String(first.source.prefix(400))
    if source.trimmed.hasPrefix("<") {
      return problem(
        "this is a web page or XML, not a calendar",
        hint: "download the .ics file itself; its link may need a login", source: source)
    }
    if first.isFolded, source.trimmed.uppercased() == "BEGIN:VCALENDAR" {
      return problem(
        "the second line begins with a space, which makes it a part of the first",
        hint: "begin every line without spaces", source: source)
    }
    return problem("a calendar begins with BEGIN:VCALENDAR; this does not", source: source)
  }
}
