public import JSON

/// What the Hub says of a Space at one look, as its official client reads it.
public struct SpaceRuntime: Hashable, Sendable {
  public let stage: SpaceStage
  /// What it runs on; nil while no container runs.
  public let hardware: SpaceHardware?
  /// What was asked for; may differ from ``hardware`` for a while after a request.
  public let requestedHardware: SpaceHardware?
  /// Seconds after the last visit, as the Hub wrote them; nil and −1 are never. See ``sleep``.
  public let sleepTime: Int?
  public let storage: SpaceStorage?
  public let devMode: Bool
  /// How many copies run; nil while nothing does.
  public let currentReplicas: Int?
  public let requestedReplicas: Int?
  /// The whole answer, with every key that we don't know.
  public let raw: JSONValue

  /// Reads the Hub's JSON. Any key but `stage` may be missing.
  public init(json: JSONValue) throws(MissingStage) {
    guard let stage = json["stage"]?.string, !stage.isEmpty else { throw MissingStage() }
    func word(_ value: JSONValue?) -> String? { value?.string.flatMap { $0.isEmpty ? nil : $0 } }
    self.stage = SpaceStage(rawValue: stage)
    hardware = word(json["hardware"]?["current"]).map(SpaceHardware.init)
    requestedHardware = word(json["hardware"]?["requested"]).map(SpaceHardware.init)
    sleepTime = json["gcTimeout"]?.integer.flatMap { Int(exactly: $0) }
    storage = word(json["storage"]).map(SpaceStorage.init)
    devMode = json["devMode"] == .bool(true)
    currentReplicas = json["replicas"]?["current"]?.integer.flatMap { Int(exactly: $0) }
    requestedReplicas = json["replicas"]?["requested"]?.integer.flatMap { Int(exactly: $0) }
    raw = json
  }

  /// What it runs on, else what it would run on; nil for a static Space.
  public var currentElseRequestedHardware: SpaceHardware? { hardware ?? requestedHardware }

  public var sleep: SleepTime { SleepTime(hubSeconds: sleepTime) }

  /// Whether the Hub told a sleep time, or that there is none. Of a Space on upgraded hardware that never sleeps it
  /// leaves the key out (huggingface_hub#1810); of others that tells nothing.
  public var tellsSleepTime: Bool {
    raw["gcTimeout"] != nil || (requestedHardware ?? hardware).map { $0 != .cpuBasic } ?? false
  }

  /// Whether the Hub told of copies at all.
  public var tellsReplicas: Bool { raw["replicas"] != nil }

  /// Copies that are billed: current, else requested, else 1.
  public var replicas: Int { currentReplicas ?? requestedReplicas ?? 1 }

  /// A static page: says that it runs, on nothing, and is never billed.
  public var isStatic: Bool {
    raw["sdk"]?.string == "static"
      || (stage == .running && raw["hardware"] != nil && currentElseRequestedHardware == nil)
  }
}

/// The Hub answered something that has no `stage`, so it is not the runtime of a Space.
public struct MissingStage: Error, Hashable, Sendable, CustomStringConvertible {
  public var description: String { "the Hub's answer has no \"stage\", so it is not the runtime of a Space" }
}
