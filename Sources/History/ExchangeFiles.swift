import CSV
import Spaces
import Timelines

struct ImportedLook {
  let line: Int
  let at: Instant
  let state: SpaceState
}

/// The columns of a file of observations.
enum ObservationFile {
  static let columns = [
    "observed_at", "space", "stage", "hardware", "requested_hardware", "sleep_time", "replicas", "storage",
  ]

  static func fields(at: Instant, space: String, state: SpaceState) -> [String] {
    [
      at.description, space, state.stage.rawValue, state.hardware?.rawValue ?? "",
      state.requestedHardware?.rawValue ?? "", state.sleepTime.map(String.init) ?? "", String(state.replicas),
      state.storage?.rawValue ?? "",
    ]
  }

  /// The looks of each Space in order of time, each instant once.
  static func read(_ file: ImportFile) throws -> [SpaceID: [ImportedLook]] {
    var looks: [SpaceID: [ImportedLook]] = [:]
    var table = try ImportTable(file, columns: columns, required: 3)
    while let row = try table.next() {
      let state = SpaceState(
        stage: SpaceStage(rawValue: try row.text("stage")),
        hardware: row.optional("hardware").map(SpaceHardware.init),
        requestedHardware: row.optional("requested_hardware").map(SpaceHardware.init),
        sleepTime: try row.number("sleep_time", atLeast: -1),
        replicas: try row.number("replicas", atLeast: 0) ?? 1,
        storage: row.optional("storage").map(SpaceStorage.init))
      let look = ImportedLook(line: row.line, at: try row.instant("observed_at"), state: state)
      looks[try row.space("space"), default: []].append(look)
    }
    return try looks.mapValues { try inOrder($0, file: file.name) }
  }

  private static func inOrder(_ looks: [ImportedLook], file: String) throws -> [ImportedLook] {
    var ordered: [ImportedLook] = []
    ordered.reserveCapacity(looks.count)
    for look in looks.sorted(by: { ($0.at, $0.line) < ($1.at, $1.line) }) {
      guard let last = ordered.last, last.at == look.at else {
        ordered.append(look)
        continue
      }
      guard last.state == look.state else {
        throw ImportError(
          file: file, line: look.line,
          message: "line \(last.line) has this Space at \(look.at) in another state; correct one of them")
      }
    }
    return ordered
  }
}

/// The columns of a file of actions.
enum ActionFile {
  static let columns = ["at", "space", "kind", "from", "to", "outcome", "reason"]

  static func fields(_ action: SpaceAction) -> [String] {
    [
      action.at.description, action.space.description, action.kind.rawValue, action.from, action.to,
      (action.outcome ?? .unknown).rawValue, action.reason,
    ]
  }

  static func read(_ file: ImportFile) throws -> [SpaceAction] {
    var actions: [SpaceAction] = []
    var table = try ImportTable(file, columns: columns, required: 3)
    while let row = try table.next() {
      // Where a file tells of no outcome it tells of what was done.
      actions.append(
        SpaceAction(
          space: try row.space("space"), at: try row.instant("at"), kind: try row.word("kind"),
          from: row.optional("from") ?? "", to: row.optional("to") ?? "",
          outcome: try row.optionalWord("outcome") ?? .done, reason: row.optional("reason") ?? ""))
    }
    return actions
  }
}

/// Rows with named columns; every complaint names the file and the line.
private struct ImportTable {
  private let file: String
  private var reader: CSVReader
  private let columns: [String]
  private let header: [String]

  /// - Parameter required: how many of the columns, from the first, must be there.
  init(_ file: ImportFile, columns: [String], required: Int) throws {
    self.file = file.name
    self.columns = columns
    reader = CSVReader(file.bytes)
    guard let header = reader.next() else {
      throw ImportError(
        file: file.name, line: 1,
        message: "the file is empty; its first line is \(columns.joined(separator: ","))")
    }
    guard header.fields.count >= required, columns.starts(with: header.fields) else {
      throw ImportError(
        file: file.name, line: header.line,
        message:
          "the header is '\(header.fields.joined(separator: ","))', not \(columns.joined(separator: ","))"
          + " (columns after the first \(required) may be missing at the end)")
    }
    self.header = header.fields
  }

  mutating func next() throws -> ImportRow? {
    guard let record = reader.next() else {
      if let failure = reader.failure {
        throw ImportError(file: file, line: failure.line, message: failure.description)
      }
      return nil
    }
    guard record.fields.count <= header.count else {
      throw ImportError(
        file: file, line: record.line,
        message: "\(record.fields.count) fields, but the header names \(header.count) columns")
    }
    return ImportRow(file: file, line: record.line, columns: columns, fields: record.fields)
  }
}

private struct ImportRow {
  let file: String
  let line: Int
  let columns: [String]
  let fields: [String]

  func error(_ message: String) -> ImportError { ImportError(file: file, line: line, message: message) }

  func optional(_ column: String) -> String? {
    guard let index = columns.firstIndex(of: column), index < fields.count, !fields[index].isEmpty else {
      return nil
    }
    return fields[index]
  }

  func text(_ column: String) throws -> String {
    guard let text = optional(column) else { throw error("\(column) is empty") }
    return text
  }

  func instant(_ column: String) throws -> Instant {
    let text = try text(column)
    do {
      return try Instant(text)
    } catch {
      throw self.error("\(column): \(error)")
    }
  }

  func space(_ column: String) throws -> SpaceID {
    let text = try text(column)
    do {
      return try SpaceID(text)
    } catch {
      throw self.error("\(column): \(error)")
    }
  }

  func number(_ column: String, atLeast minimum: Int) throws -> Int? {
    guard let text = optional(column) else { return nil }
    guard let number = Int(text), (minimum...1_000_000_000).contains(number) else {
      throw error("\(column): '\(text)' is not a whole number from \(minimum) up")
    }
    return number
  }

  func word<Word: RawRepresentable<String> & CaseIterable>(_ column: String) throws -> Word {
    guard let word: Word = try optionalWord(column) else { throw error("\(column) is empty") }
    return word
  }

  func optionalWord<Word: RawRepresentable<String> & CaseIterable>(_ column: String) throws -> Word? {
    guard let text = optional(column) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw error("\(column): '\(text)' is none of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }
}
