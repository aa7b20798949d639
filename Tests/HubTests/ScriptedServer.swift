import NIOCore
import NIOPosix
import Synchronization

/// A request as it came over the wire.
struct RecordedRequest: Sendable {
  var method = ""
  /// With the query.
  var path = ""
  /// Names in lower case.
  var headers: [String: String] = [:]
  var body = ""
}

/// What the server does to answer one request, in order.
enum Step: Sendable {
  /// Sends these bytes, whatever they mean.
  case send(String)
  /// Waits until the test opens the latch.
  case hold(Latch)
  /// Closes the connection.
  case close

  /// A whole answer, after which the connection stays open.
  static func answer(_ status: Int = 200, _ headers: [String: String] = [:], _ body: String = "") -> Step {
    var text = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.utf8.count)\r\n"
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
    return .send(text + "\r\n" + body)
  }

  static func json(_ body: String) -> Step { .answer(200, ["Content-Type": "application/json"], body) }
}

/// Opens once; whoever waits goes on.
final class Latch: Sendable {
  private let (stream, continuation) = AsyncStream.makeStream(of: Never.self)

  func open() { continuation.finish() }

  func wait() async { for await _ in stream {} }
}

/// How a server answers each request; the index counts all that came.
struct Script: Sendable {
  let steps: @Sendable (_ request: RecordedRequest, _ index: Int) -> [Step]

  init(_ steps: @escaping @Sendable (_ request: RecordedRequest, _ index: Int) -> [Step]) {
    self.steps = steps
  }
}

/// An HTTP server on loopback that sends exactly the bytes that a test's script says, and records what came.
final class ScriptedServer: Sendable {
  private struct State {
    var port = 0
    var requests: [RecordedRequest] = []
    var unanswered = 0
    var mostUnanswered = 0
    var watchers: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
  }

  private let script: Script
  private let state = Mutex(State())

  fileprivate init(script: Script) { self.script = script }

  fileprivate func listens(on port: Int) { state.withLock { $0.port = port } }

  var port: Int { state.withLock { $0.port } }
  var url: String { "http://127.0.0.1:\(port)" }
  var requests: [RecordedRequest] { state.withLock { $0.requests } }
  /// The most requests that were in flight at once.
  var mostUnanswered: Int { state.withLock { $0.mostUnanswered } }

  /// Returns when so many requests have come.
  func received(_ count: Int) async {
    await withCheckedContinuation { wake in
      let isEnough = state.withLock { state in
        if state.requests.count < count { state.watchers.append((count, wake)) }
        return state.requests.count >= count
      }
      if isEnough { wake.resume() }
    }
  }

  private func steps(for request: RecordedRequest) -> [Step] {
    let (index, woken) = state.withLock { state in
      state.requests.append(request)
      state.unanswered += 1
      state.mostUnanswered = max(state.mostUnanswered, state.unanswered)
      let count = state.requests.count
      let woken = state.watchers.filter { $0.count <= count }
      state.watchers.removeAll { $0.count <= count }
      return (count - 1, woken)
    }
    for watcher in woken { watcher.wake.resume() }
    return script.steps(request, index)
  }

  /// Carries out the script for one request.
  fileprivate func answer(_ request: RecordedRequest, on connection: any Channel) async throws {
    var isAnswered = false
    for step in steps(for: request) {
      switch step {
      case .send(let text):
        if !isAnswered { state.withLock { $0.unanswered -= 1 } }
        isAnswered = true
        try await connection.writeAndFlush(ByteBuffer(string: text))
      case .hold(let latch): await latch.wait()
      case .close: try await connection.close()
      }
    }
  }
}

/// Reads the requests of one connection.
private final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let server: ScriptedServer
  private var received = ByteBuffer()

  init(server: ScriptedServer) { self.server = server }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    received.writeBuffer(&bytes)
    while let request = RecordedRequest(takenFrom: &received) {
      let (server, channel) = (server, context.channel)
      // A client that hangs up is part of what is tested.
      Task { try? await server.answer(request, on: channel) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

func withScriptedServer<Value: Sendable>(
  _ script: Script, _ body: (ScriptedServer) async throws -> Value
) async throws -> Value {
  let server = ScriptedServer(script: script)
  let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
    .childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(Connection(server: server))
      }
    }
    .bind(host: "127.0.0.1", port: 0).get()
  server.listens(on: listener.localAddress?.port ?? 0)
  do {
    let value = try await body(server)
    try await listener.close()
    return value
  } catch {
    try await listener.close()
    throw error
  }
}

extension RecordedRequest {
  /// Takes one whole request from the bytes; nil while it is not all there.
  init?(takenFrom bytes: inout ByteBuffer) {
    let text = String(buffer: bytes)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    var lines = text[..<end.lowerBound].split(separator: "\r\n")
    let words = lines.removeFirst().split(separator: " ")
    guard words.count == 3 else { return nil }
    for line in lines {
      let sides = line.split(separator: ":", maxSplits: 1)
      headers[sides[0].lowercased()] = sides.count == 2 ? String(sides[1].drop { $0 == " " }) : ""
    }
    let head = text[..<end.upperBound].utf8.count
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    guard bytes.readableBytes >= head + length else { return nil }
    (method, path) = (String(words[0]), String(words[1]))
    bytes.moveReaderIndex(forwardBy: head)
    body = bytes.readString(length: length) ?? ""
  }
}
