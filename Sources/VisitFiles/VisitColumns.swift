import CSV

/// The columns of a CSV file of visits, in any order.
struct VisitColumns {
  static let expected = "at,space,count"
  private static let names = ["at", "space", "count"]

  let at: Int
  let space: Int?
  let count: Int?
  /// How many columns there are.
  let width: Int

  /// - Parameter line: the first of the file.
  /// - Returns: nil where it names no columns, so that this is no CSV file.
  init?(header line: ArraySlice<UInt8>) throws(LineProblem) {
    let names = (Self.fields(line) ?? []).map { field in
      String(decoding: field, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
    }
    guard let at = names.firstIndex(of: "at"), Set(names).isSubset(of: Self.names) else {
      if let problem = Self.misnamed(line) { throw problem }
      return nil
    }
    if Set(names).count < names.count { throw LineProblem("the header names a column twice") }
    self.at = at
    space = names.firstIndex(of: "space")
    count = names.firstIndex(of: "count")
    width = names.count
  }

  /// The fields of a line; nil where a quote is not closed.
  static func fields(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
    guard !line.contains(UInt8(ascii: "\"")) else {
      var reader = CSVReader(Array(line))
      return reader.next()?.fields.map { ArraySlice($0.utf8) }
    }
    return line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
  }

  /// What is wrong with a line that names columns which are not these; nil for one that names none.
  private static func misnamed(_ line: ArraySlice<UInt8>) -> LineProblem? {
    let text = String(decoding: line, as: UTF8.self)
    for (separator, separators) in [(",", "commas"), (";", "semicolons"), ("\t", "tabs")] {
      let columns = text.split(separator: separator, omittingEmptySubsequences: false).map { field in
        field.split { $0.isWhitespace || $0 == "\"" }.joined(separator: " ")
      }
      let hasTime = columns.contains { $0.lowercased() == names[0] }
      guard columns.count > 1, hasTime || columns.allSatisfy(isName) else { continue }
      let areNamed = hasTime && columns.allSatisfy { names.contains($0.lowercased()) }
      let isCSV = separator == ","
      let cures = [
        areNamed ? nil : "rename them in the first line, and leave out all others",
        isCSV ? nil : "write commas between them on each line",
      ]
      let given = columns.prefix(mostShown).map { ArraySlice($0.utf8).excerpt }.joined(separator: ", ")
      let more = columns.count > mostShown ? " and \(columns.count - mostShown) more" : ""
      return LineProblem(
        "its columns are \(given)\(more)\(isCSV ? "" : ", separated by \(separators)"); "
          + "expected are at, and optionally space and count\(isCSV ? "" : ", separated by commas"): "
          + cures.compactMap(\.self).joined(separator: "; "))
    }
    return nil
  }

  private static let mostShown = 10

  /// Whether somebody may call a column so: no time, no number, and nothing of a line of a log.
  private static func isName(_ text: String) -> Bool {
    text.first.map { $0.isLetter || $0 == "_" } == true
      && text.allSatisfy { $0.isLetter || $0.isNumber || " _-.()".contains($0) }
  }
}
