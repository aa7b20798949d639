/// `Link: <https://…>; rel="next"` (RFC 8288), as far as pages need it.
package enum LinkHeader {
  /// The target with the relation `next`, as it is written.
  package static func next(in fields: [String]) -> String? {
    for field in fields {
      var rest = Substring(field)
      while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
        let target = rest[rest.index(after: open)..<close]
        // Addresses hold commas too, so a link ends where the next one opens.
        let end = rest[close...].firstIndex(of: "<") ?? rest.endIndex
        if isNext(rest[rest.index(after: close)..<end]) { return String(target) }
        rest = rest[end...]
      }
    }
    return nil
  }

  private static func isNext(_ parameters: Substring) -> Bool {
    parameters.split(whereSeparator: { $0 == ";" || $0 == "," }).contains { parameter in
      let sides = parameter.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != "\"" } }
      guard sides.count == 2, sides[0].filter({ !$0.isWhitespace }).lowercased() == "rel" else {
        return false
      }
      return sides[1].lowercased().split(whereSeparator: \.isWhitespace).contains("next")
    }
  }
}
