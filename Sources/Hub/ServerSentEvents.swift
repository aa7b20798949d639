/// Cuts a stream of bytes into server-sent events (HTML Living Standard, "Interpreting an event stream").
package struct ServerSentEvents {
  package struct Event: Hashable {
    package var name = "message"
    package var data = ""
  }

  private var line: [UInt8] = []
  private var lastWasReturn = false
  private var event = Event()
  private var hasData = false

  package init() {}

  /// Nothing of a next event has come yet.
  package var isBetweenEvents: Bool { line.isEmpty && !hasData }

  /// Takes the next bytes, and gives the events that they complete. Comments and empty data (which keep the
  /// connection alive) are none.
  package mutating func feed(_ bytes: some Sequence<UInt8>) -> [Event] {
    var complete: [Event] = []
    for byte in bytes {
      let followsReturn = lastWasReturn
      lastWasReturn = byte == UInt8(ascii: "\r")
      switch byte {
      case UInt8(ascii: "\n") where followsReturn: continue
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if let event = endLine() { complete.append(event) }
      default: line.append(byte)
      }
    }
    return complete
  }

  private mutating func endLine() -> Event? {
    defer { line.removeAll(keepingCapacity: true) }
    guard !line.isEmpty else {
      defer { (event, hasData) = (Event(), false) }
      return event.data.isEmpty ? nil : event
    }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[min(colon + 1, line.endIndex)...]
    if value.first == UInt8(ascii: " ") { value.removeFirst() }
    let text = String(decoding: value, as: UTF8.self)
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "event": event.name = text
    case "data":
      event.data += hasData ? "\n" + text : text
      hasData = true
    default: break
    }
    return nil
  }
}
