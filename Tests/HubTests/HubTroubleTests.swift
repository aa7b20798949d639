import Hub
import Spaces
import Synchronization
import TestSupport
import Testing

private func look(_ hub: Fixture) async -> HubError? {
  await failure { () async throws(HubError) in try await hub.client.runtime(of: chat) }
}

@Test func aReadSurvivesPassingTrouble() async throws {
  let half = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"stage\":"
  let trouble: [[Step]] = [
    [.answer(502)], [.close], [.send(half), .close], [.answer(200, [:], "<html>")],
    [.send("nonsense\r\n\r\n"), .close],
  ]
  try await withHub(Script { _, index in index < trouble.count ? trouble[index] : [.json(running)] }) { hub in
    #expect(await look(hub) == nil)
    #expect(hub.waits.naps == [1, 2, 4, 8, 8])
  }
}

@Test(
  arguments: [
    [.close], [.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"stage\":"), .close],
    [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"sta"), .close],
  ] as [[Step]])
func aChangeThatIsCutIsUnclear(steps: [Step]) async throws {
  try await withHub(Script { _, _ in steps }) { hub in
    let error = await failure { () async throws(HubError) in try await hub.client.restart(chat) }
    #expect(error?.kind == .cutOff)
    #expect(error?.isUnclear == true)
    #expect(hub.server.requests.count == 1)
  }
}

@Test func aSlowReadIsAskedAgainAfterHalfAMinute() async throws {
  let latch = Latch()
  try await withHub(Script { _, index in index == 0 ? [.hold(latch)] : [.json(running)] }) { hub in
    async let error = look(hub)
    await hub.server.received(1)
    await hub.timeouts.advance(by: .seconds(30))
    #expect(await error == nil)
    #expect(hub.waits.naps == [1])
    latch.open()
  }
}

@Test func readsEndInTheEnd() async throws {
  let latch = Latch()
  try await withHub(Script { _, _ in [.hold(latch)] }) { hub in
    async let error = look(hub)
    for _ in 0..<5 { await hub.timeouts.advance(by: .seconds(30)) }
    #expect(await error?.kind == .timedOut)
    latch.open()
  }
}

@Test func aChangeIsWaitedForAMinute() async throws {
  let latch = Latch()
  try await withHub(Script { _, _ in [.hold(latch), .json(running)] }) { hub in
    async let late = failure { () async throws(HubError) in try await hub.client.pause(chat) }
    await hub.server.received(1)
    await hub.timeouts.advance(by: .seconds(60))
    let error = await late
    #expect(error?.kind == .timedOut)
    #expect(error?.isUnclear == true)
    latch.open()
  }
}

@Test func aPatientChange() async throws {
  let latch = Latch()
  try await withHub(Script { _, _ in [.hold(latch), .json(running)] }) { hub in
    async let answer = hub.client.pause(chat)
    await hub.server.received(1)
    latch.open()
    let runtime = try await answer
    #expect(runtime.stage == .running)
  }
}

/// On this machine nothing listens where nothing listens; a network may come up within seconds.
@Test(arguments: [("127.0.0.1", [1.0]), ("0.0.0.0", [1, 2, 4, 8, 8])])
func refusedConnectionsAreClear(host: String, naps: [Double]) async throws {
  // Systems never give this port out by themselves, so nobody listens there.
  let port = 1
  let waits = SkippingClock()
  let told = Mutex<[HubError.Kind]>([])
  let configuration = HubConfiguration(
    endpoint: try HubEndpoint("http://\(host):\(port)", source: "the test"), token: nil)
  let tell: @Sendable (HubError) -> Void = { error in told.withLock { $0.append(error.kind) } }
  await withHubClient(configuration: configuration, version: "1", clock: waits, onRetry: tell) { client in
    let change = await failure { () async throws(HubError) in try await client.pause(chat) }
    #expect(change?.kind == .unreachable)
    #expect(change?.isUnclear == false)
    #expect(change?.message == "Connection refused")
    #expect(change?.advice == "Check the network, and HF_ENDPOINT, which is http://\(host):\(port).")
    #expect(waits.naps.isEmpty)
    let read = await failure { () async throws(HubError) in try await client.runtime(of: chat) }
    #expect(read?.kind == .unreachable)
    #expect(waits.naps == naps)
    #expect(told.withLock { $0 } == [.unreachable])
  }
}

@Test func answersThatAreTooLarge() async throws {
  let endless = String(repeating: " ", count: 1 << 20) + running
  try await withHub(Script { _, _ in [.json(endless)] }) { hub in
    #expect(await look(hub)?.kind == .tooLarge)
    let change = await failure { () async throws(HubError) in try await hub.client.pause(chat) }
    #expect(change?.kind == .tooLarge)
    #expect(change?.isUnclear == true)
    #expect(hub.server.requests.count == 2)
  }
  let list = String(repeating: " ", count: 2 << 20) + "[]"
  try await withHub(Script { _, _ in [.json(list)] }) { hub in
    let spaces = try await hub.client.spaces(of: "acme")
    #expect(spaces.isEmpty)
  }
}

@Test(
  arguments: [
    (["RateLimit": "\"api\";r=0;t=55", "Retry-After": "7"], [56]),
    (["RateLimit": "\"api\";r=30;t=55", "Retry-After": "7"], [7]),
    (["Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT"], [1]), ([:], [1]),
  ] as [([String: String], [Double])])
func oneTooManyIsSentAgain(headers: [String: String], naps: [Double]) async throws {
  try await withHub(Script { _, index in index == 0 ? [.answer(429, headers)] : [.json(running)] }) { hub in
    _ = try await hub.client.restart(chat)
    #expect(hub.server.requests.count == 2)
    #expect(hub.waits.naps == naps)
  }
}

@Test func tooManyTooOftenIsAnError() async throws {
  try await withHub(Script { _, _ in [.answer(429)] }) { hub in
    let error = await failure { () async throws(HubError) in try await hub.client.restart(chat) }
    #expect(error?.kind == .rateLimited)
    #expect(error?.isUnclear == false)
    #expect(hub.waits.naps == [1, 2, 4, 8, 8])
    #expect(hub.server.requests.count == 6)
  }
}

@Test func nobodyWaitsForMoreThanTenMinutes() async throws {
  try await withHub(Script { _, _ in [.answer(429, ["RateLimit": "\"api\";r=0;t=900"])] }) { hub in
    for _ in 0..<2 {
      let error = await look(hub)
      #expect(error?.kind == .rateLimited)
      #expect(error?.message == "the Hub asks to wait for 16 minutes")
    }
    #expect(hub.server.requests.count == 1)
    #expect(hub.waits.naps.isEmpty)
  }
}

/// Whatever number it tells.
@Test(arguments: [
  (429, ["Retry-After": "\(Int.max)"]), (429, ["RateLimit": "\"api\";r=0;t=\(Int.max)"]),
  (200, ["RateLimit": "\"api\";r=0;t=\(Int.max);w=\(Int.max)"]),
])
func nobodyWaitsForEver(status: Int, headers: [String: String]) async throws {
  try await withHub(Script { _, _ in [.answer(status, headers, running)] }) { hub in
    for attempt in 0..<2 {
      let error = await look(hub)
      if status == 200, attempt == 0 { continue }
      #expect(error?.message?.hasPrefix("the Hub asks to wait for 52560") == true)
    }
    #expect(hub.server.requests.count == 1)
  }
}

@Test func zeroLeftIsHonouredBeforeItIsRefused() async throws {
  try await withHub(
    Script { request, index in
      [
        .answer(
          200, index == 0 ? ["RateLimit": "\"api\";r=0;t=9"] : [:],
          request.path.contains("whoami") ? #"{"name":"me"}"# : running)
      ]
    }
  ) { hub in
    #expect(await look(hub) == nil)
    // It has a limit of its own.
    let account = try await hub.client.whoami()
    #expect(account.name == "me")
    #expect(hub.waits.naps.isEmpty)
    #expect(await look(hub) == nil)
    #expect(hub.waits.naps == [10])
  }
}

@Test func eightAtOnce() async throws {
  let latch = Latch()
  try await withHub(Script { _, _ in [.hold(latch), .json(running)] }) { hub in
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<40 {
        group.addTask { _ = try await hub.client.runtime(of: id("acme/chat-\(number)")) }
      }
      await hub.server.received(8)
      latch.open()
      try await group.waitForAll()
    }
    #expect(hub.server.requests.count == 40)
    #expect(hub.server.mostUnanswered == 8)
  }
}

@Test func whoWaitsCanBeCancelled() async throws {
  let latch = Latch()
  try await withHub(Script { _, _ in [.hold(latch), .json(running)] }) { hub in
    let errors = await withTaskGroup(of: HubError.Kind?.self) { group in
      for number in 0..<20 {
        group.addTask {
          await failure { () async throws(HubError) in
            try await hub.client.runtime(of: id("acme/chat-\(number)"))
          }?.kind
        }
      }
      await hub.server.received(8)
      group.cancelAll()
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(errors == Array(repeating: .cancelled, count: 20))
    latch.open()
    #expect(await look(hub) == nil)
  }
}
