import Acting
import History
import LocatedYAML
import Schedules
import Spaces
import Synchronization
import TestSupport
import Testing
import Timelines
import Webhooks

private let place = Place(file: "", line: 1, column: 1)

private func receiver(_ name: String) -> Receiver {
  Receiver(name: name, url: .text("http://127.0.0.1/\(name)"), place: place)
}

private func event(_ number: Int) -> BudgetEvent {
  BudgetEvent(budget: "all", month: Instant(secondsSince1970: 0), nanoDollars: 1, name: "event \(number)")
}

private func outbox(
  _ history: History, _ receivers: [Receiver], at clock: OfficeTime,
  variable: @escaping @Sendable (String) -> String? = { _ in nil },
  send: @escaping @Sendable (WebhookRequest) async -> WebhookAnswer
) -> Outbox {
  Outbox(
    history: history, receivers: receivers, variable: variable, send: send, clock: { clock.now },
    sleep: { _ in })
}

/// Receivers that fail, hang, or answer 500 though they have taken the message, and programs that end after any of
/// it: each message is taken at least once, under one id, and in order.
@Test(arguments: UInt64(0)..<100)
func everyMessageIsTaken(seed: UInt64) async throws {
  let random = Mutex(SplitMix64(seed: seed))
  let clock = OfficeTime(Instant(secondsSince1970: 1_791_187_200))
  let history = try History()
  let receivers = [receiver("a"), receiver("b")]
  let taken = Mutex<[String: [String]]>([:])
  for number in 0..<6 {
    try history.remember([], [event(number)], at: clock.now) { _ in
      receivers.map { Message(name: "m\(number)", receiver: $0.name, body: "\(number)") }
    }
    // The same event makes no second message.
    try history.remember([], [event(number)], at: clock.now) { _ in
      receivers.map { Message(name: "again", receiver: $0.name, body: "") }
    }
    clock.pass(3600)
    _ = try? await outbox(history, receivers, at: clock) { request in
      func take() {
        let id = request.headers.first { $0.name == "webhook-id" }?.value ?? ""
        taken.withLock { $0[request.url, default: []].append(id) }
      }
      switch random.withLock({ Int.random(in: 0..<5, using: &$0) }) {
      case 0: return .failed(reason: "HTTP 503", isPassing: true)
      case 1: return .failed(reason: "HTTP 404", isPassing: false)
      case 2:
        take()
        return .failed(reason: "HTTP 500", isPassing: true)
      case 3:
        // It was taken, and the program ends before that is written down: as if nothing was heard of it.
        take()
        return .failed(reason: "cut", isPassing: false)
      default:
        take()
        return .taken
      }
    }.deliver()
  }
  clock.pass(day)
  let notes = try await outbox(history, receivers, at: clock) { request in
    let id = request.headers.first { $0.name == "webhook-id" }?.value ?? ""
    taken.withLock { $0[request.url, default: []].append(id) }
    return .taken
  }.deliver()
  #expect(notes.isEmpty)
  #expect(try history.waitingMessages().isEmpty)
  #expect(taken.withLock { $0.count } == 2)
  for (url, ids) in taken.withLock({ $0 }) {
    var distinct: [String] = []
    for id in ids where !distinct.contains(id) { distinct.append(id) }
    #expect(distinct == (0..<6).map { "m\($0)" }, "\(url): \(ids)")
  }
}

private let day: Int64 = 86_400

@Test func whoDoesNotAnswerIsToldAndTriedLessOften() async throws {
  let clock = OfficeTime(Instant(secondsSince1970: 1_791_187_200))
  let history = try History()
  try history.remember([], [event(1), event(2)], at: clock.now) {
    [Message(name: $0.name, receiver: "a", body: "{}")]
  }
  let count = Mutex(0)
  func deliver() async throws -> [String] {
    try await outbox(history, [receiver("a")], at: clock) { _ in
      count.withLock { $0 += 1 }
      return .failed(reason: "no answer within 10 s", isPassing: true)
    }.deliver()
  }
  #expect(
    try await deliver() == [
      "notify: a does not take messages: no answer within 10 s; 2 wait for a later run"
    ])
  // Three tries at once, and then nothing for minutes.
  #expect(count.withLock { $0 } == 3)
  clock.pass(60)
  #expect(try await deliver() == [] && count.withLock { $0 } == 3)
  clock.pass(3600)
  #expect(try await deliver().count == 1)
  clock.pass(46 * day)
  #expect(try await deliver() == [])
  #expect(try history.waitingMessages().isEmpty)
}

@Test func whatIsMissingIsTold() async throws {
  let clock = OfficeTime(Instant(secondsSince1970: 1_791_187_200))
  let history = try History()
  try history.remember([], [event(1)], at: clock.now) { _ in
    ["a", "b", "c", "gone"].map { Message(name: "m", receiver: $0, body: "{}") }
  }
  let receivers = [
    Receiver(name: "a", url: .variable("URL"), place: place),
    Receiver(name: "b", url: .text("http://127.0.0.1/"), secretVariable: "KEY", place: place),
    Receiver(name: "c", url: .variable("WRONG"), place: place),
  ]
  let notes = try await outbox(
    history, receivers, at: clock, variable: { ["KEY": "no key!", "WRONG": "http://a.example"][$0] },
    send: { _ in .taken }
  ).deliver()
  #expect(
    notes == [
      "notify: a is not told: the variable URL, which has its address, is not set",
      "notify: b is not told: of the variable KEY: it is no key: that is base64, if need be after whsec_, such as `openssl rand -base64 32` makes",
      "notify: c is not told: what the variable WRONG has is no address that anything is sent to",
    ])
  // What is mended can still be sent; who is not named any more is dropped.
  #expect(try history.waitingMessages().map(\.message.receiver) == ["a", "b", "c"])
}

/// A message that its receiver will not have is no reason to keep the others from it.
@Test func aRefusedMessageBlocksNoOther() async throws {
  let clock = OfficeTime(Instant(secondsSince1970: 1_791_187_200))
  let history = try History()
  try history.remember([], (0..<3).map(event), at: clock.now) {
    [Message(name: $0.name, receiver: "a", body: "{}")]
  }
  let names = Mutex<[String]>([])
  let notes = try await outbox(history, [receiver("a")], at: clock) { request in
    let name = request.headers.first { $0.name == "webhook-id" }?.value ?? ""
    names.withLock { $0.append(name) }
    return name == "event 1" ? WebhookAnswer(status: 400) : .taken
  }.deliver()
  #expect(names.withLock { $0 } == ["event 0", "event 1", "event 2"])
  #expect(notes == ["notify: a refuses what is not sent again: HTTP 400 for {}"])
  #expect(try history.waitingMessages().isEmpty)
}

/// The example of the specification, Standard Webhooks 1.0.
@Test func messagesAreSignedAsStandardWebhooksAre() throws {
  let secret = try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
  let signature = secret.signature(
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: Instant(secondsSince1970: 1_614_265_330),
    body: "{\"test\": 2432232314}")
  #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  #expect(throws: WebhookSecret.Invalid.self) { try WebhookSecret("") }
}
