public import JSON
public import Timelines

/// One line that a Space's program wrote.
public struct LogLine: Hashable, Sendable {
  public let at: Instant
  /// Without the line break at its end.
  public let text: String

  public init(at: Instant, text: String) {
    (self.at, self.text) = (at, text)
  }

  /// Reads `{"data":"…\n","timestamp":"…Z"}`; nil for anything else.
  init?(json: JSONValue) {
    guard let data = json["data"]?.string, let stamp = json["timestamp"]?.string,
      let at = try? Instant(stamp)
    else { return nil }
    var text = Substring(data)
    while text.last?.isNewline == true { text.removeLast() }
    self.init(at: at, text: String(text))
  }
}

/// The last lines of a Space's log, as of one moment.
public struct LogTail: Hashable, Sendable {
  /// In the order in which they came.
  public var lines: [LogLine]
  /// As many lines came as were asked for: there may be older ones.
  public var isTruncated: Bool
}

/// What one replica of a Space was doing during a second (*undocumented*: every value may be missing).
public struct MetricsSample: Hashable, Sendable {
  public let replica: String?
  /// Percent of the processors that it has, 0 to 100.
  public let cpuPercent: Double?
  /// Bytes a second.
  public let receivedBytesPerSecond: Double?
  /// Bytes a second.
  public let sentBytesPerSecond: Double?
  /// Percent of each GPU, 0 to 100, by the GPU's name.
  public let gpuPercent: [String: Double]
  public let raw: JSONValue

  /// Nil for anything that tells of no work, neither of processors nor of GPUs nor of the network.
  public init?(json: JSONValue) {
    replica = json["replica"]?.string
    cpuPercent = json["cpu_usage_pct"]?.double
    receivedBytesPerSecond = json["rx_bps"]?.double
    sentBytesPerSecond = json["tx_bps"]?.double
    gpuPercent = (json["gpus"]?.object ?? [:]).compactMapValues { $0["utilization"]?.double }
    raw = json
    if cpuPercent == nil, receivedBytesPerSecond == nil, sentBytesPerSecond == nil, gpuPercent.isEmpty {
      return nil
    }
  }
}

extension JSONValue {
  /// Any number, where nearly is good enough.
  fileprivate var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .decimal(let number): Double(number.description)
    default: nil
    }
  }
}
