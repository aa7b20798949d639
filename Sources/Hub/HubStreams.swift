import AsyncHTTPClient
import JSON
import NIOCore
public import Spaces
import Synchronization
public import Timelines

/// Is anybody there? The Hub tells it in streams that never end by themselves.
extension HubClient {
  /// The last lines of what the Space's program wrote.
  ///
  /// Ends at the first line from after the asking, or when no line came for 5 seconds. A line that can't be
  /// read is an error: who takes silence for idleness must not be told of silence that was not there.
  /// - Parameters:
  ///   - lines: how many to ask for, 1 or more.
  ///   - enough: a line after this instant settles what the caller wants to know, and ends it.
  public func logTail(of id: SpaceID, lines: Int, until enough: Instant? = nil) async throws(HubError)
    -> LogTail
  {
    let all = try await log(of: id, lines: lines) { line, asked in
      [asked, enough].compactMap(\.self).min().map { line.at > $0 } ?? false
    }
    return LogTail(lines: all.suffix(lines), isTruncated: all.count >= lines)
  }

  /// Lines as they come, until one of them ends it.
  /// - Parameter isLast: gets the line, and when the Hub was asked.
  private func log(
    of id: SpaceID, lines: Int, until isLast: @escaping @Sendable (LogLine, _ asked: Instant?) -> Bool
  ) async throws(HubError) -> [LogLine] {
    let call = HubCall("read the log", of: id)
    let request = HubRequest(call: call, url: url(HubPath.runLog(id), query: [("tail", "\(lines)")]))
    return try await transport.answer(to: request) { response in
      // A page that says what is wrong is not a log in which nothing is.
      guard response.headers.first(name: "Content-Type")?.lowercased().hasPrefix("text/event-stream") == true
      else {
        throw Failure(.unreadable, "an answer that is no stream of events")
      }
      // The Hub's own clock, so that it does not matter whether ours is right.
      let asked = response.headers.first(name: "Date").flatMap(Instant.init(httpDate:))
      let found = Mutex<[LogLine]>([])
      try await follow(response, quiet: .seconds(5), longest: .seconds(20)) { event in
        guard let line = (try? JSONValue(parsing: ByteBuffer(string: event.data))).flatMap(LogLine.init)
        else {
          throw Failure(.unreadable, "a line of the log without text or time")
        }
        found.withLock { $0.append(line) }
        return isLast(line, asked) ? .enough : .more
      }
      return found.withLock { $0 }
    }.value
  }

  /// The last line of what the Space's program wrote; nil where it wrote none, which takes 5 seconds to be sure of.
  ///
  /// One line is asked for, and nothing is waited for after it: what may still come was written later.
  public func lastLogLine(of id: SpaceID) async throws(HubError) -> LogLine? {
    try await log(of: id, lines: 1) { _, _ in true }.last
  }

  /// What each replica of a Space is doing now; nil where the Hub does not tell, which is usual, as this call
  /// is *undocumented* for Spaces.
  /// - Parameter replicas: how many to wait for, 3 seconds at most.
  public func metricsSample(of id: SpaceID, replicas: Int = 1) async throws(HubError) -> [MetricsSample]? {
    let request = HubRequest(
      call: HubCall("sample the metrics", of: id), url: url(HubPath.metrics(id)), attempts: 1)
    do {
      return try await transport.answer(to: request) { response in
        let found = Mutex<[String?: MetricsSample]>([:])
        try await follow(response, quiet: .seconds(3), longest: .seconds(3)) { event in
          guard
            let sample = (try? JSONValue(parsing: ByteBuffer(string: event.data))).flatMap(MetricsSample.init)
          else { return .ignored }
          let count = found.withLock { found in
            found[sample.replica] = sample
            return found.count
          }
          return count >= replicas ? .enough : .more
        }
        let samples = found.withLock { $0.values.sorted { ($0.replica ?? "") < ($1.replica ?? "") } }
        return samples.isEmpty ? nil : samples
      }.value
    } catch  where [.badRequest, .forbidden, .notFound, .refused, .unreadable].contains(error.kind) {
      return nil
    }
  }

  private enum Progress {
    case ignored
    case more
    case enough
  }

  /// Reads events until there are enough, none came for `quiet`, `longest` is over, or the stream ends.
  private func follow(
    _ response: HTTPClientResponse, quiet: Duration, longest: Duration,
    _ take: @escaping @Sendable (ServerSentEvents.Event) throws -> Progress
  ) async throws {
    let time = transport.timeoutTime
    let start = time.now()
    let lastEvent = Moment(start)
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        var events = ServerSentEvents()
        var size = 0
        for try await buffer in response.body {
          size += buffer.readableBytes
          guard size <= Transport.largestBody else { throw Failure(.tooLarge) }
          for event in events.feed(buffer.readableBytesView) {
            switch try take(event) {
            case .ignored: break
            case .more: lastEvent.set(time.now())
            case .enough: return
            }
          }
        }
        guard events.isBetweenEvents else {
          throw Failure(.unreadable, "a stream that ends in the middle of an event")
        }
      }
      group.addTask {
        while true {
          let end = min(lastEvent.value + quiet, start + longest)
          let now = time.now()
          guard now < end else { return }
          try await time.sleep(end - now)
        }
      }
      try await group.next()
    }
  }
}

/// A moment that one task sets and another reads.
private final class Moment: Sendable {
  private let stored: Mutex<Duration>

  init(_ value: Duration) { stored = Mutex(value) }

  var value: Duration { stored.withLock { $0 } }

  func set(_ value: Duration) { stored.withLock { $0 = value } }
}

extension Instant {
  /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7); nil for anything else.
  init?(httpDate text: String) {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
      return nil
    }
    let twoDigits = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    guard let instant = try? Instant("\(parts[3])-\(twoDigits)-\(parts[1])T\(parts[4])Z") else { return nil }
    self = instant
  }
}
