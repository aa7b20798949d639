/// The lines of a YAML file that is changed in place: what nobody asked to change stays as it was, with comments and
/// order.
package struct YAMLLines: Sendable {
  /// Without what ends them.
  package private(set) var lines: [String]
  /// What ends a line of this file.
  private let ending: String

  package init(_ text: String) {
    ending = text.contains("\r\n") ? "\r\n" : "\n"
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    if lines.last == "" { lines.removeLast() }
  }

  package var text: String { lines.map { $0 + ending }.joined() }

  // MARK: Finding the way

  /// How far a line is indented, if an element of a list begins on it.
  /// - Parameter number: from 1, as of all lines here.
  package func indentOfDash(inLine number: Int) -> Int? {
    guard lines.indices.contains(number - 1) else { return nil }
    let line = lines[number - 1]
    let indent = line.prefix { $0 == " " }.count
    return line.dropFirst(indent).hasPrefix("- ") ? indent : nil
  }

  /// The last line of what begins on a line: those that follow and are indented further, or the elements of a list
  /// right below its key. Blank lines and comments behind it belong to what comes next.
  package func endOfBlock(at number: Int, _ indent: Int) -> Int {
    func isElement(_ content: Substring) -> Bool { content == "-" || content.hasPrefix("- ") }
    let beginsElement = isElement(lines[number - 1].dropFirst(indent))
    var end = number
    for (index, line) in lines.enumerated().dropFirst(number) {
      let content = line.drop { $0 == " " }
      if content.isEmpty || content.hasPrefix("#") { continue }
      let depth = line.count - content.count
      guard depth > indent || depth == indent && !beginsElement && isElement(content) else { break }
      end = index + 1
    }
    return end
  }

  /// The first of some lines on which a comment stands, or what looks like one.
  package func comment(in numbers: ClosedRange<Int>) -> Int? {
    numbers.first { number in
      let line = lines[number - 1]
      return line.contains(" #") || line.contains("\t#") || line.hasPrefix("#")
    }
  }

  /// What stands on a line from a column on; both from 1.
  package func rest(ofLine number: Int, from column: Int) -> Substring {
    lines.indices.contains(number - 1) ? lines[number - 1].dropFirst(column - 1) : ""
  }

  /// How many characters a scalar takes where it stands, with its quotes; nil where it is not written there as it is
  /// read: with escapes, or over several lines.
  package func length(of value: YAMLValue) -> Int? {
    guard let text = value.text else { return nil }
    let rest = rest(ofLine: value.line, from: value.column)
    return [text, "\"\(text)\"", "'\(text)'"].first { rest.hasPrefix($0) }?.count
  }

  // MARK: Changing

  package mutating func insert(_ new: [String], after number: Int) {
    lines.insert(contentsOf: new, at: number)
  }

  package mutating func replace(_ numbers: ClosedRange<Int>, with new: [String] = []) {
    lines.replaceSubrange(numbers.lowerBound - 1..<numbers.upperBound, with: new)
  }

  /// Puts text in place of some characters of a line.
  package mutating func replace(_ length: Int, ofLine number: Int, from column: Int, with text: String) {
    let line = lines[number - 1]
    lines[number - 1] = line.prefix(column - 1) + text + line.dropFirst(column - 1 + length)
  }
}

extension String {
  /// In quotes where it is more than words.
  package var quotedForYAML: String {
    let isPlain = allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || " -._()".contains($0)) }
    guard !isPlain || first?.isLetter != true || hasSuffix(" ") else { return self }
    return "\"" + replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
