import Hub
import Spaces
import Testing

private let head =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\n\r\n"

private func line(_ text: String, _ time: String) -> String {
  #"data: {"data":"\#(text)\n","timestamp":"2026-11-02T\#(time).123Z"}"# + "\n\n"
}

@Test func eventsAreCutFromAnyPieces() {
  let text =
    ": hello\r\ndata: a\r\n\r\nevent: metric\rdata:b\rdata: c\r\rdata:\n\nid: 3\ndata\n\ndata: last\n"
  let bytes = Array(text.utf8)
  for size in 1...bytes.count {
    var events = ServerSentEvents()
    var found: [String] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      found += events.feed(bytes[start..<min(start + size, bytes.count)]).map { "\($0.name)=\($0.data)" }
    }
    #expect(found == ["message=a", "metric=b\nc"])
  }
}

@Test func aLogEndsAtTheFirstLineAfterTheAsking() async throws {
  let latch = Latch()
  let script = Script { _, _ in
    [
      .send(head + "data:\n\n" + line("one", "09:00:00") + line("two", "10:00:00") + line("new", "10:00:01")),
      .hold(latch),
    ]
  }
  try await withHub(script) { hub in
    let tail = try await hub.client.logTail(of: chat, lines: 10)
    #expect(
      tail.lines.map { "\($0.at) \($0.text)" } == [
        "2026-11-02T09:00:00Z one", "2026-11-02T10:00:00Z two", "2026-11-02T10:00:01Z new",
      ])
    #expect(!tail.isTruncated)
    #expect(hub.server.requests.map(\.path) == ["/api/spaces/acme/chat/logs/run?tail=10"])
    latch.open()
  }
}

@Test func aLogEndsAfterFiveQuietSeconds() async throws {
  let (first, last) = (Latch(), Latch())
  let script = Script { _, _ in
    [.send(head), .hold(first), .send(line("one", "09:00:00")), .hold(last), .send("data:\n\n")]
  }
  try await withHub(script) { hub in
    async let tail = hub.client.logTail(of: chat, lines: 1)
    await hub.timeouts.reading(whileSomebodySleepsUntil: .seconds(5)) { first.open() }
    await hub.timeouts.advance(by: .seconds(5))
    let found = try await tail
    #expect(found.lines.map(\.text) == ["one"])
    #expect(found.isTruncated)
    last.open()
  }
}

/// No time passes: who asks for one line does not wait for more.
@Test func theLastLineIsNotWaitedFor() async throws {
  let latch = Latch()
  try await withHub(Script { _, _ in [.send(head + "data:\n\n" + line("one", "09:00:00")), .hold(latch)] }) {
    hub in
    let found = try await hub.client.lastLogLine(of: chat)
    #expect(found?.text == "one")
    #expect(hub.server.requests.map(\.path) == ["/api/spaces/acme/chat/logs/run?tail=1"])
    latch.open()
  }
  try await withHub(Script { _, _ in [.send(head), .close] }) { hub in
    let found = try await hub.client.lastLogLine(of: chat)
    #expect(found == nil)
  }
}

@Test func aLogThatEnds() async throws {
  try await withHub(Script { _, _ in [.send(head + line("a", "09:00:00") + line("b", "09:00:01")), .close] })
  {
    hub in
    let tail = try await hub.client.logTail(of: chat, lines: 1)
    #expect(tail.lines.map(\.text) == ["b"])
    #expect(tail.isTruncated)
  }
  try await withHub(Script { _, _ in [.answer(400, [:], #"{"error":"not running"}"#)] }) { hub in
    let error = await failure { () async throws(HubError) in try await hub.client.logTail(of: chat, lines: 1)
    }
    #expect(error?.kind == .badRequest)
  }
}

@Test(arguments: [
  "data: <html>\n\n", "data: {\"data\":\"x\"}\n\n", "data: {\"data\":\"x\",\"timestamp\":\"today\"}\n\n",
])
func aLogThatCanNotBeRead(event: String) async throws {
  try await withHub(Script { _, _ in [.send(head + event), .close] }) { hub in
    let error = await failure { () async throws(HubError) in try await hub.client.logTail(of: chat, lines: 1)
    }
    #expect(error?.kind == .unreadable)
  }
}

private func metric(_ replica: String, _ percent: String) -> String {
  "event: metric\ndata: {\"cpu_usage_pct\":\(percent),\"rx_bps\":3,\"gpus\":{\"d9\":{\"utilization\":40}},\"replica\":\"\(replica)\"}\n\n"
}

@Test func metricsOfEachReplica() async throws {
  let latch = Latch()
  let events =
    head + metric("b", "0") + metric("b", "1.5") + "event: other\ndata: {\"x\":1}\n\n" + metric("a", "7")
  try await withHub(Script { _, _ in [.send(events), .hold(latch)] }) { hub in
    let samples = try await hub.client.metricsSample(of: chat, replicas: 2)
    #expect(samples?.map(\.replica) == ["a", "b"])
    #expect(samples?.map(\.cpuPercent) == [7, 1.5])
    #expect(samples?[0].gpuPercent == ["d9": 40])
    #expect(samples?[0].receivedBytesPerSecond == 3)
    latch.open()
  }
}

@Test func metricsMayBeMissing() async throws {
  for status in [400, 403, 404, 405] {
    try await withHub(Script { _, _ in [.answer(status)] }) { hub in
      let found = try await hub.client.metricsSample(of: chat)
      #expect(found == nil)
    }
  }
  try await withHub(Script { _, _ in [.send(head + "data: {\"status\":\"x\"}\n\n"), .close] }) { hub in
    let found = try await hub.client.metricsSample(of: chat)
    #expect(found == nil)
  }
  let latch = Latch()
  try await withHub(Script { _, _ in [.send(head), .hold(latch)] }) { hub in
    async let samples = hub.client.metricsSample(of: chat)
    await hub.timeouts.advance(by: .seconds(3))
    let found = try await samples
    #expect(found == nil)
    latch.open()
  }
}

@Test func troubleInMetricsIsAnError() async throws {
  try await withHub(Script { _, _ in [.answer(503)] }) { hub in
    let error = await failure { () async throws(HubError) in try await hub.client.metricsSample(of: chat) }
    #expect(error?.kind == .serverTrouble)
    #expect(hub.server.requests.count == 1)
  }
}
