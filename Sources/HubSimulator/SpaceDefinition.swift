import Foundation
public import JSON
public import Simulation
public import Spaces
import Spelling
public import Timelines

/// A Space of the simulated Hub as it begins: an element of `POST /_simulator/spaces` and of a fleet file.
///
/// ```json
/// {"id":"acme/chat","hardware":"t4-small","stage":"RUNNING","sleepTime":3600,"replicas":1,"storage":null,
///  "startup":60,"build":0,"variables":{"K":"v"},"private":false,"visits":["2026-01-01T09:00:00Z"]}
/// ```
/// All but `id` is optional. Four more keys make a Space difficult:
/// - `"sdk"`: `gradio` unless told; `static` for a page without a program, which runs on nothing.
/// - `"startups"`: seconds of startup by hardware, such as `{"a100-large":86400}` for one that never comes.
/// - `"silent"`: true for a program that logs no visits.
/// - `"fails"`: hardware on which each start ends in `RUNTIME_ERROR`, such as `["cpu-basic"]`.
///
/// A Space that begins in `BUILD_ERROR`, `CONFIG_ERROR` or `NO_APP_FILE` stays there, whatever it is asked.
public struct SpaceDefinition: Sendable {
  public var id: SpaceID
  public var hardware = SpaceHardware.cpuBasic
  public var stage = SpaceStage.running
  /// Nil for 48 hours or never, by hardware.
  public var sleep: SleepTime?
  public var replicas = 1
  public var storage: SpaceStorage?
  public var sdk = "gradio"
  public var program = SpaceProgram()
  public var variables: [String: String] = [:]
  public var isPrivate = false
  public var visits: [Instant] = []
  /// Its program logs its start, but no visits.
  public var isSilent = false

  public init(id: SpaceID) { self.id = id }

  /// Reads a list of Spaces, or one.
  /// - Throws: ``InvalidDefinition``, for the first mistake.
  public static func list(_ json: JSONValue) throws(InvalidDefinition) -> [SpaceDefinition] {
    var definitions: [SpaceDefinition] = []
    for element in json.array ?? [json] { definitions.append(try SpaceDefinition(element)) }
    return definitions
  }

  init(_ json: JSONValue) throws(InvalidDefinition) {
    let reader = try DefinitionReader(
      json, of: "a Space",
      keys: [
        "id", "hardware", "stage", "sleepTime", "replicas", "storage", "startup", "build", "variables",
        "private", "visits", "sdk", "startups", "fails", "silent",
      ])
    id = try reader.space("id")
    hardware = try reader.text("hardware").map(SpaceHardware.init) ?? hardware
    stage = try reader.text("stage").map(SpaceStage.init) ?? stage
    sleep = try reader.integer("sleepTime", in: -1...DefinitionReader.longest)
      .map { SleepTime(hubSeconds: Int($0)) }
    replicas = Int(try reader.integer("replicas", in: 1...1000) ?? 1)
    storage = try reader.text("storage").map(SpaceStorage.init)
    sdk = try reader.text("sdk") ?? sdk
    program.startup = try reader.integer("startup", in: 0...DefinitionReader.longest) ?? program.startup
    program.build = try reader.integer("build", in: 0...DefinitionReader.longest) ?? program.build
    for (name, seconds) in try reader.members("startups") {
      guard let seconds = seconds.integer, (0...DefinitionReader.longest).contains(seconds) else {
        throw InvalidDefinition("\"startups\" of \(id) must be seconds by hardware")
      }
      program.startups[SpaceHardware(rawValue: name)] = seconds
    }
    program.failsOn = Set(try reader.texts("fails").map(SpaceHardware.init))
    for (name, value) in try reader.members("variables") {
      guard let value = value.string else {
        throw InvalidDefinition("\"variables\" of \(id) must be texts by name")
      }
      variables[name] = value
    }
    isPrivate = try reader.flag("private") ?? false
    visits = try reader.instants("visits") ?? []
    isSilent = try reader.flag("silent") ?? false
  }
}

/// JSON that should define something but does not; says what is wrong.
public struct InvalidDefinition: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Reads the members of one JSON object, and complains about those that nobody knows.
struct DefinitionReader {
  /// A hundred years in seconds, the longest duration that anything here may have.
  static let longest: Int64 = 3_155_760_000
  private let members: [String: JSONValue]
  private let subject: String

  init(_ json: JSONValue, of subject: String, keys: [String]) throws(InvalidDefinition) {
    guard case .object(let members) = json else {
      throw InvalidDefinition("\(subject) must be a JSON object")
    }
    if let stranger = members.keys.sorted().first(where: { !keys.contains($0) }) {
      let hint = Spelling.nearest(to: stranger, among: keys).map { "; did you mean \"\($0)\"?" } ?? ""
      throw InvalidDefinition("\(subject) has no \"\(stranger)\"\(hint)")
    }
    self.members = members.filter { $0.value != .null }
    self.subject = subject
  }

  func space(_ key: String) throws(InvalidDefinition) -> SpaceID {
    guard let text = try text(key) else { throw InvalidDefinition("\(subject) needs \"\(key)\"") }
    do {
      return try SpaceID(text)
    } catch {
      throw InvalidDefinition(error.description)
    }
  }

  func text(_ key: String) throws(InvalidDefinition) -> String? {
    guard let value = members[key] else { return nil }
    guard let text = value.string, !text.isEmpty else { throw wrong(key, "text") }
    return text
  }

  func flag(_ key: String) throws(InvalidDefinition) -> Bool? {
    guard let value = members[key] else { return nil }
    guard case .bool(let flag) = value else { throw wrong(key, "true or false") }
    return flag
  }

  func integer(_ key: String, in range: ClosedRange<Int64>) throws(InvalidDefinition) -> Int64? {
    guard let value = members[key] else { return nil }
    guard let number = value.integer, range.contains(number) else {
      throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A number of 0 or more that need not be whole, in thousandths.
  func thousandths(_ key: String) throws(InvalidDefinition) -> Int64? {
    switch members[key] {
    case nil: return nil
    case .integer(let number) where (0...Self.longest).contains(number): return number * 1000
    case .decimal(let number) where number >= 0 && number <= Decimal(Self.longest):
      return Int64((NSDecimalNumber(decimal: number * 1000).doubleValue).rounded())
    default: throw wrong(key, "a number from 0 to \(Self.longest)")
    }
  }

  func texts(_ key: String) throws(InvalidDefinition) -> [String] {
    guard let value = members[key] else { return [] }
    let texts = value.array?.compactMap(\.string)
    guard let texts, texts.count == value.array?.count else { throw wrong(key, "a list of texts") }
    return texts
  }

  func members(_ key: String) throws(InvalidDefinition) -> [String: JSONValue] {
    guard let value = members[key] else { return [:] }
    guard let object = value.object else { throw wrong(key, "an object") }
    return object
  }

  func instant(_ key: String) throws(InvalidDefinition) -> Instant? {
    guard let text = try text(key) else { return nil }
    return try Self.instant(text)
  }

  func instants(_ key: String) throws(InvalidDefinition) -> [Instant]? {
    guard members[key] != nil else { return nil }
    var instants: [Instant] = []
    for text in try texts(key) { instants.append(try Self.instant(text)) }
    return instants
  }

  static func instant(_ text: String) throws(InvalidDefinition) -> Instant {
    do {
      return try Instant(text)
    } catch {
      throw InvalidDefinition(error.description)
    }
  }

  private func wrong(_ key: String, _ expected: String) -> InvalidDefinition {
    InvalidDefinition("\"\(key)\" of \(subject) must be \(expected)")
  }
}
