import Foundation
import JSON
import Timelines

/// An answer, and how it gets to the client.
struct Reply: Sendable {
  enum Manner: Sendable {
    case whole
    case late(milliseconds: Int64)
    case half
    case never
  }

  var answer: HubAnswer
  var manner = Manner.whole
}

extension SimulatedHub {
  /// Receives a call, does what it asks, and says what is to be answered.
  func reply(to call: HubCall) -> Reply {
    var reply = call.path.first == "_simulator" ? Reply(answer: controlAnswer(to: call)) : hubReply(to: call)
    reply.answer.headers.append(("Date", now.httpDate))
    return reply
  }

  private func hubReply(to call: HubCall) -> Reply {
    let real = ContinuousClock.now
    let isAdmitted = rateLimit.admit(virtual: now.secondsSince1970, real: real)
    var reply = faultyReply(to: call, isAdmitted: isAdmitted)
    let limits = rateLimit.headers(virtual: now.secondsSince1970, real: real)
    let named = Set(reply.answer.headers.map { $0.name.lowercased() })
    reply.answer.headers += limits.filter { !named.contains($0.name.lowercased()) }
    reply.answer.headers.append(("X-Request-Id", call.trace ?? "request-\(requests.count + 1)"))
    let status: Int? = if case .never = reply.manner { nil } else { reply.answer.status }
    let body = call.body.isEmpty ? nil : try? JSONValue(parsing: call.body)
    requests.append(
      RecordedRequest(
        method: call.method, path: call.barePath, query: call.bareQuery,
        body: body ?? .text(call.body.isEmpty ? nil : String(decoding: call.body, as: UTF8.self)),
        status: status, at: now))
    return reply
  }

  private func faultyReply(to call: HubCall, isAdmitted: Bool) -> Reply {
    guard let fault = faults.fault(for: call) else {
      return Reply(answer: isAdmitted ? answer(to: call) : tooMany)
    }
    switch fault.kind {
    case .status:
      return Reply(answer: fault.answer)
    case .delay:
      return Reply(answer: answer(to: call), manner: .late(milliseconds: fault.milliseconds))
    case .drop:
      return Reply(answer: fault.isDone ? answer(to: call) : fault.answer, manner: .never)
    case .cut:
      return Reply(answer: answer(to: call), manner: .half)
    case .garbage:
      return Reply(answer: HubAnswer(status: 200, body: .text(Fault.page("Welcome"), type: "text/html")))
    case .rateLimit:
      var refused = tooMany
      refused.headers.append(("RateLimit", "\"api\";r=0;t=\((fault.milliseconds + 999) / 1000)"))
      refused.headers += fault.headers
      return Reply(answer: refused)
    case .applyThenFail:
      _ = answer(to: call)
      return Reply(answer: fault.answer)
    case .end:
      var answer = answer(to: call)
      if case .stream(var stream) = answer.body {
        stream.endsWhenDrained = true
        answer.body = .stream(stream)
      }
      return Reply(answer: answer)
    }
  }

  private var tooMany: HubAnswer {
    Refusal(429, "We had to rate limit you, you hit the quota of \(rateLimit.quota) api requests").answer
  }

  private func answer(to call: HubCall) -> HubAnswer {
    do {
      return try hubAnswer(to: call)
    } catch {
      return error.answer
    }
  }
}

extension Fault {
  fileprivate var answer: HubAnswer {
    var answer = Refusal(status, message).answer
    if isHTML {
      answer = HubAnswer(status: status, body: .text(Self.page(message), type: "text/html"))
    }
    answer.headers += headers
    return answer
  }

  fileprivate static func page(_ text: String) -> String {
    "<!doctype html><html><head><title>\(text)</title></head><body><h1>\(text)</h1></body></html>\n"
  }
}

extension Instant {
  /// As the `Date` header has it: `Mon, 02 Nov 2026 10:00:00 GMT` (RFC 9110, 5.6.7).
  var httpDate: String {
    let wall = WallTime(secondsSinceEpoch: secondsSince1970)
    let (year, month, day) = wall.date.components
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let date = "\(day < 10 ? "0" : "")\(day) \(months[month - 1]) \(year)"
    return "\(weekdays[wall.date.weekday]), \(date) \(wall.timeOfDay) GMT"
  }

  /// As the Hub stamps things: `2026-11-02T10:00:00.000Z`.
  var stamp: String { description.dropLast() + ".000Z" }
}
