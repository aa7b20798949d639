public import History
public import Schedules
public import Timelines
public import Webhooks

/// Sends the messages that wait in the database, until each is taken.
///
/// A message is ended only after its receiver has said that it took it, so that a crash in between sends it once more;
/// its id is the same then.
public struct Outbox: Sendable {
  let history: History
  let receivers: [Receiver]
  /// The environment.
  let variable: @Sendable (String) -> String?
  let send: @Sendable (WebhookRequest) async -> WebhookAnswer
  let clock: @Sendable () -> Instant
  let sleep: @Sendable (Duration) async throws -> Void

  public init(
    history: History, receivers: [Receiver], variable: @escaping @Sendable (String) -> String?,
    send: @escaping @Sendable (WebhookRequest) async -> WebhookAnswer,
    clock: @escaping @Sendable () -> Instant,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.history = history
    self.receivers = receivers
    self.variable = variable
    self.send = send
    self.clock = clock
    self.sleep = sleep
  }

  /// Waits between attempts of one run.
  private static let patience: [Duration] = [.seconds(1), .seconds(5)]
  private static let longestWait: Int64 = 6 * 3600
  /// Then the month that a message tells of is over, and the next one well under way.
  private static let lifetime: Int64 = 45 * 86_400

  /// Sends what is due. Receivers are told at once, each in the order of its messages; while a receiver takes nothing,
  /// its others wait for a later run. A message that it refuses for what it is, is not sent again.
  ///
  /// - Returns: whom nothing could be sent to, for people.
  public func deliver() async throws -> [String] {
    let waiting = Dictionary(grouping: try history.waitingMessages(), by: \.message.receiver)
    let lines = await inOrder(waiting.sorted { $0.key < $1.key }) { name, messages in
      await Result { () async throws -> String? in
        guard let receiver = receivers.first(where: { $0.name == name }) else {
          for message in messages {
            try history.end(message, at: clock(), failure: "the rules name no such receiver any more")
          }
          return nil
        }
        return try await deliver(messages, to: receiver)
      }
    }
    return try lines.compactMap { try $0.get() }
  }

  private func deliver(_ messages: [WaitingMessage], to receiver: Receiver) async throws -> String? {
    for message in messages where clock() - message.createdAt >= Self.lifetime {
      try history.end(message, at: clock(), failure: message.failure ?? "nobody took it for 45 days")
    }
    let due = messages.filter { clock() - $0.createdAt < Self.lifetime }
    guard let first = due.first, first.nextAt <= clock() else { return nil }
    let url: String
    let secret: WebhookSecret?
    do {
      (url, secret) = (try self.url(of: receiver), try self.secret(of: receiver))
    } catch {
      return "notify: \(receiver.name) is not told: \(error)"
    }
    var refusals: [String] = []
    for (index, message) in due.enumerated() {
      var attempts = message.attempts
      var answer = await send(request(message.message, url, secret))
      attempts += 1
      for wait in Self.patience {
        guard case .failed(_, isPassing: true) = answer else { break }
        try await sleep(wait)
        answer = await send(request(message.message, url, secret))
        attempts += 1
      }
      switch answer {
      case .taken: try history.end(message, at: clock())
      case .refused(let reason):
        try history.end(message, at: clock(), failure: reason)
        refusals.append("\(reason) for \(message.message.body.prefix(200))")
      case .failed(let reason, _):
        let wait = min(Self.longestWait, 60 << Int64(min(attempts, 12)))
        try history.postpone(message, attempts: attempts, until: clock() + wait, failure: reason)
        let count = due.count - index
        return
          "notify: \(receiver.name) does not take messages: \(reason); \(count) \(count == 1 ? "waits" : "wait") for a later run"
      }
    }
    return refusals.isEmpty
      ? nil : "notify: \(receiver.name) refuses what is not sent again: \(refusals.joined(separator: "; "))"
  }

  private func request(_ message: Message, _ url: String, _ secret: WebhookSecret?) -> WebhookRequest {
    let now = clock()
    var headers = [
      (name: "webhook-id", value: message.name),
      (name: "webhook-timestamp", value: "\(now.secondsSince1970)"),
    ]
    if let secret {
      headers.append(
        (name: "webhook-signature", value: secret.signature(id: message.name, at: now, body: message.body)))
    }
    return WebhookRequest(url: url, headers: headers, body: message.body)
  }

  private struct Unset: Error, CustomStringConvertible {
    let description: String
  }

  private func url(of receiver: Receiver) throws -> String {
    switch receiver.url {
    case .text(let url): return url
    case .variable(let name):
      guard let url = variable(name), !url.isEmpty else {
        throw Unset(description: "the variable \(name), which has its address, is not set")
      }
      if Receiver.problem(ofURL: url) != nil {
        throw Unset(description: "what the variable \(name) has is no address that anything is sent to")
      }
      return url
    }
  }

  private func secret(of receiver: Receiver) throws -> WebhookSecret? {
    guard let name = receiver.secretVariable else { return nil }
    guard let text = variable(name), !text.isEmpty else {
      throw Unset(description: "the variable \(name), which has its key, is not set")
    }
    do {
      return try WebhookSecret(text)
    } catch {
      throw Unset(description: "of the variable \(name): \(error)")
    }
  }
}

extension Result where Failure == any Error, Success: Sendable {
  fileprivate init(_ body: () async throws -> Success) async {
    do {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
