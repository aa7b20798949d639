/// A line of a web server's log in the common or the combined format:
/// `203.0.113.7 - anna [10/Oct/2026:13:55:36 +0200] "GET / HTTP/1.1" 200 2326`, and whatever follows; in the combined
/// format ` "https://example.org/" "Mozilla/5.0 …"`, where the visitor came from and by which user agent.
///
/// Each request is a visit, whatever it asked for and was answered, as each wakes a Space.
struct AccessLogLine {
  private static let quote = UInt8(ascii: "\"")
  private static let space = UInt8(ascii: " ")

  /// When the request came, in seconds since 1970.
  let second: Int64
  /// What follows the status.
  private let rest: ArraySlice<UInt8>

  init(_ line: ArraySlice<UInt8>, _ instants: inout InstantField) throws(LineProblem) {
    // Names of users may have brackets too.
    var from = line.startIndex
    while let open = line[from...].position(of: UInt8(ascii: "[")) {
      let close = open + 27
      if close < line.endIndex, line[close] == UInt8(ascii: "]"),
        let second = try instants.logTime(line[(open + 1)..<close])
      {
        guard let rest = Self.afterStatus(line[(close + 1)...]) else {
          throw LineProblem("after the time there is no request in quotes and a status: \(line.excerpt)")
        }
        (self.second, self.rest) = (second, rest)
        return
      }
      from = open + 1
    }
    throw LineProblem("it has no time in brackets, such as [10/Oct/2026:13:55:36 +0200]: \(line.excerpt)")
  }

  /// The user agent; nil where the line is not in the combined format.
  var agent: ArraySlice<UInt8>? {
    guard let open = rest.position(of: Self.quote) else { return nil }
    var from = open + 1
    // Quotes may stand inside of where the visitor came from; the next text follows a space.
    while let end = rest[from...].position(of: Self.quote) {
      if end + 2 < rest.endIndex, rest[end + 1] == Self.space, rest[end + 2] == Self.quote {
        let agent = rest[(end + 3)...]
        return agent.position(of: Self.quote).map { agent[..<$0] }
      }
      from = end + 1
    }
    return nil
  }

  /// What follows a request in quotes and a status of three digits; nil where these are missing. Some servers leave
  /// quotes inside a request as they are, so it ends with the first quote that a status follows.
  private static func afterStatus(_ rest: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard rest.starts(with: [space, quote]) else { return nil }
    var from = rest.startIndex + 2
    while let end = rest[from...].position(of: quote) {
      let status = rest[(end + 1)...]
      if status.count >= 4, status.first == space, status.dropFirst().prefix(3).number != nil,
        status.count == 4 || status[status.startIndex + 4] == space
      {
        return status.dropFirst(4)
      }
      from = end + 1
    }
    return nil
  }
}
