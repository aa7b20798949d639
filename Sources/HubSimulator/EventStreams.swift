import JSON
import Spaces
import Timelines

/// A stream of server-sent events about one Space, which goes on until the client leaves.
struct EventStream: Sendable {
  enum Source: Sendable {
    /// The last `tail` lines (all, if nil), then those to come.
    case runLog(tail: Int?)
    case buildLog(tail: Int?)
    /// One a second for each replica.
    case metrics
    /// The runtime, now and whenever it changes.
    case events
  }

  /// How far a client has read.
  struct Position: Sendable {
    var log: LogLine?
    var count = 0
    var runtime: JSONValue?
  }

  let space: SpaceID
  let source: Source
  /// See ``Fault``: the stream ends once what is there was sent.
  var endsWhenDrained = false

  /// Real time between two looks for something new.
  var interval: Duration {
    switch source {
    case .metrics: .seconds(1)
    case .runLog, .buildLog, .events: .milliseconds(100)
    }
  }
}

extension SimulatedHub {
  /// What is new on a stream, as it goes over the wire. Nil if the Space is there no more.
  func events(of stream: EventStream, after position: inout EventStream.Position) -> String? {
    guard let space = spaces[stream.space] else { return nil }
    switch stream.source {
    case .runLog(let tail): return lines(space.runLog(at: now), tail: tail, after: &position)
    case .buildLog(let tail): return lines(space.buildLog(at: now), tail: tail, after: &position)
    case .metrics: return space.hasContainer ? metrics(of: space) : ""
    case .events:
      let runtime = space.runtime
      defer { position.runtime = runtime }
      return position.runtime == runtime ? "" : "event: status\ndata: \(runtime.text)\n\n"
    }
  }

  private func lines(_ log: [LogLine], tail: Int?, after position: inout EventStream.Position) -> String {
    // Another first line is another log: that of the next start.
    let isSame = position.count > 0 && position.log == log.first
    let isFirst = position.count == 0 && position.log == nil
    let unread = isSame ? log.dropFirst(position.count) : isFirst ? log.suffix(tail ?? log.count) : log[...]
    position.log = log.first
    position.count = log.count
    return unread.map { line in
      let event: JSONValue = ["data": .string(line.text + "\n"), "timestamp": .string(line.at.stamp)]
      return "data: \(event.text)\n\n"
    }.joined()
  }

  private func metrics(of space: SimulatedSpace) -> String {
    let isBusy = space.isBusy(at: now)
    let replicas = space.lifecycle?.state.replicas ?? 1
    let hasGPU = ![.cpuBasic, .cpuUpgrade].contains(space.lifecycle?.requestedHardware)
    return (1...max(1, replicas)).map { replica in
      let metric: JSONValue = [
        "cpu_usage_pct": isBusy ? 41 : 0, "cpu_millicores": 3500,
        "memory_used_bytes": 1_417_216_000, "memory_total_bytes": 15_032_385_536,
        "rx_bps": isBusy ? 5120 : 0, "tx_bps": isBusy ? 20_480 : 0,
        "gpus": hasGPU
          ? [
            "d901cd7f": [
              "utilization": isBusy ? 63 : 0, "memory_used_bytes": isBusy ? 9_000_000_000 : 0,
              "memory_total_bytes": 22_836_000_000,
            ]
          ] : [:],
        "replica": .string("replica-\(replica)"),
      ]
      return "event: metric\ndata: \(metric.text)\n\n"
    }.joined()
  }
}
