import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// A simulated Hub on the loopback network.
public struct HubServer: Service {
  private let hub: SimulatedHub
  private let port: Int
  private let onListening: @Sendable (Int) async -> Void

  /// - Parameters:
  ///   - port: 0 for any that is free.
  ///   - onListening: told the port once calls are taken.
  public init(_ hub: SimulatedHub, port: Int = 0, onListening: @escaping @Sendable (Int) async -> Void) {
    self.hub = hub
    self.port = port
    self.onListening = onListening
  }

  /// Serves until the task is cancelled or shut down gracefully.
  public func run() async throws {
    let logger = Logger(label: "spaceplan-hub") { _ in SwiftLogNoOpLogHandler() }
    let server = try HTTPServerBuilder.http1().buildServer(
      configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port)),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger
    ) { [hub] request, writer, _ in
      try await Self.respond(to: request, writer, hub)
    } onServerRunning: { [onListening] channel in
      await onListening(channel.localAddress?.port ?? 0)
    }
    try await server.run()
  }

  private static let largestBody = 64 * 1024 * 1024

  private static func respond(
    to request: Request, _ writer: consuming ResponseWriter, _ hub: SimulatedHub
  ) async throws {
    let body = try await request.body.collect(upTo: largestBody)
    let authorization = request.headers[.authorization] ?? ""
    let call = HubCall(
      method: request.method.rawValue, target: request.uri.string, body: Data(body.readableBytesView),
      token: authorization.lowercased().hasPrefix("bearer ") ? String(authorization.dropFirst(7)) : nil,
      host: request.head.authority ?? "127.0.0.1",
      trace: HTTPField.Name("X-Amzn-Trace-Id").flatMap { request.headers[$0] })
    let reply = await hub.reply(to: call)
    switch reply.manner {
    case .never: throw Unanswered()
    case .late(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
    case .whole, .half: break
    }
    try await write(reply, writer, hub)
  }

  private static func write(
    _ reply: Reply, _ writer: consuming ResponseWriter, _ hub: SimulatedHub
  ) async throws {
    var head = HTTPResponse(status: .init(code: reply.answer.status))
    for (name, value) in reply.answer.headers {
      if let name = HTTPField.Name(name) { head.headerFields[name] = value }
    }
    let text: String
    switch reply.answer.body {
    case .empty: text = ""
    case .json(let json):
      head.headerFields[.contentType] = "application/json; charset=utf-8"
      text = json.text
    case .text(let content, let type):
      head.headerFields[.contentType] = type
      text = content
    case .stream(let stream):
      head.headerFields[.contentType] = "text/event-stream"
      try await write(stream, writer.writeHead(head), hub, cut: reply.isHalf)
      return
    }
    let bytes = ByteBuffer(string: text)
    head.headerFields[.contentLength] = "\(bytes.readableBytes)"
    guard reply.isHalf else {
      try await writer.write(response: head, body: ResponseBody(byteBuffer: bytes))
      return
    }
    var body = try await writer.writeHead(head)
    try await body.write(
      bytes.getSlice(at: bytes.readerIndex, length: bytes.readableBytes / 2) ?? ByteBuffer())
    throw Unanswered()
  }

  /// Keep-alives come when so much real time has passed without an event: longer than the 5 seconds after
  /// which a client takes what it has for everything.
  private static let keepAlive = Duration.seconds(15)

  private static func write(
    _ stream: EventStream, _ writer: consuming some ResponseBodyWriter, _ hub: SimulatedHub, cut: Bool
  ) async throws {
    var position = EventStream.Position()
    var latest = ContinuousClock.now
    while !Task.isShuttingDownGracefully {
      guard let events = await hub.events(of: stream, after: &position) else { break }
      if !events.isEmpty {
        let bytes = ByteBuffer(string: cut ? String(events.prefix(events.count / 2)) : events)
        try await writer.write(bytes)
        if cut { throw Unanswered() }
        latest = .now
      } else if .now - latest >= keepAlive {
        try await writer.write(ByteBuffer(string: "data:\n\n"))
        latest = .now
      }
      if stream.endsWhenDrained { break }
      try await Task.sleep(for: stream.interval)
    }
    try await writer.finish(nil)
  }
}

/// Serves a simulated Hub on any free port of the loopback network while a body runs, and hands it the
/// endpoint, such as `http://127.0.0.1:40123`.
public func withHubServer<Result>(
  _ hub: SimulatedHub, _ body: (String) async throws -> Result
) async throws -> Result {
  let (ports, listening) = AsyncStream<Int>.makeStream()
  let server = HubServer(hub) { listening.yield($0) }
  let quiet = Logger(label: "spaceplan-hub") { _ in SwiftLogNoOpLogHandler() }
  let services = ServiceGroup(configuration: .init(services: [server], logger: quiet))
  return try await withThrowingTaskGroup { tasks in
    tasks.addTask {
      defer { listening.finish() }
      try await services.run()
    }
    guard let port = await ports.first(where: { _ in true }) else {
      try await tasks.waitForAll()
      throw CancellationError()
    }
    do {
      let result = try await body("http://127.0.0.1:\(port)")
      await services.triggerGracefulShutdown()
      try await tasks.waitForAll()
      return result
    } catch {
      await services.triggerGracefulShutdown()
      throw error
    }
  }
}

/// Thrown to make the connection close before the answer is whole.
private struct Unanswered: Error {}

extension Reply {
  fileprivate var isHalf: Bool {
    if case .half = manner { true } else { false }
  }
}
