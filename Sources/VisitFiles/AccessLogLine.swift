/// A line of a web server's log in the common or the combined format:
/// `203.0.113.7 - anna [10/Oct/2026:13:55:36 +0200] "GET / HTTP/1.1" 200 2326`, and whatever follows.
///
/// Each request is a visit, whatever it asked for and was answered, as each wakes a Space.
enum AccessLogLine {
  private static let quote = UInt8(ascii: "\"")
  private static let space = UInt8(ascii: " ")

  /// - Returns: when the request came, in seconds since 1970.
  static func seconds(_ line: ArraySlice<UInt8>, _ instants: inout InstantField) throws(LineProblem) -> Int64
  {
    // Names of users may have brackets too.
    var from = line.startIndex
    while let open = line[from...].firstIndex(of: UInt8(ascii: "[")) {
      let close = open + 27
      if close < line.endIndex, line[close] == UInt8(ascii: "]"),
        let second = try instants.logTime(line[(open + 1)..<close])
      {
        guard hasRequest(line[(close + 1)...]) else {
          throw LineProblem("after the time there is no request in quotes and a status: \(line.excerpt)")
        }
        return second
      }
      from = open + 1
    }
    throw LineProblem("it has no time in brackets, such as [10/Oct/2026:13:55:36 +0200]: \(line.excerpt)")
  }

  /// Whether a request in quotes and a status of three digits follow. Some servers leave quotes inside a request as
  /// they are, so it ends with the first quote that a status follows.
  private static func hasRequest(_ rest: ArraySlice<UInt8>) -> Bool {
    guard rest.starts(with: [space, quote]) else { return false }
    var from = rest.startIndex + 2
    while let end = rest[from...].firstIndex(of: quote) {
      let status = rest[(end + 1)...]
      if status.count >= 4, status.first == space, status.dropFirst().prefix(3).number != nil,
        status.count == 4 || status[status.startIndex + 4] == space
      {
        return true
      }
      from = end + 1
    }
    return false
  }
}
