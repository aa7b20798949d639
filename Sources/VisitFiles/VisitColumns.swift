import CSV

/// The columns of a CSV file of visits, in any order.
struct VisitColumns {
  static let expected = "at,space,count"

  let at: Int
  let space: Int?
  let count: Int?
  /// How many columns there are.
  let width: Int

  /// - Parameter line: the first of the file.
  /// - Returns: nil where it names no column `at`, so that this is no CSV file of visits.
  init?(header line: ArraySlice<UInt8>) throws(LineProblem) {
    let names = Self.fields(line)?.map { field in
      String(decoding: field, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
    }
    guard let names, let at = names.firstIndex(of: "at") else { return nil }
    if let stranger = names.first(where: { !["at", "space", "count"].contains($0) }) {
      throw LineProblem("the header names a column '\(stranger)'; columns are \(Self.expected)")
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
}
