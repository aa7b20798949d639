/// Pieces of GitHub-flavoured Markdown.
package enum Markdown {
  /// Other people's words, shown as they are: nothing in them is markup, a mention or a reference.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in printable(text).unicodeScalars {
      if "\\`*_{}[]<>&~|$".unicodeScalars.contains(scalar) { result += "\\" }
      result.unicodeScalars.append(scalar)
      // A word joiner, which nobody sees, keeps @name from notifying people and #12 from becoming a link.
      if scalar == "@" || scalar == "#" { result += "\u{2060}" }
    }
    return result
  }

  /// Text in a code span, fenced by more backticks than it has in a row.
  package static func code(_ text: String) -> String {
    let text = printable(text)
    guard !text.isEmpty else { return "(none)" }
    let longest = text.split { $0 != "`" }.map(\.count).max() ?? 0
    let fence = String(repeating: "`", count: longest + 1)
    let padding = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    return fence + padding + text + padding + fence
  }

  package static func bold(_ text: String) -> String { text.isEmpty ? "" : "**\(text)**" }

  /// A table that reads as one in its source too.
  /// - Parameter rows: of Markdown; pipes are escaped here, unless they are already.
  package static func table(_ columns: [Column], _ rows: [[String]]) -> String {
    let shown = columns.indices.filter { columns[$0].isShown }
    let lines = ([columns.map(\.title)] + rows).map { cells in shown.map { escapingPipes(cells[$0]) } }
    let columns = shown.map { columns[$0] }
    let widths = columns.indices.map { column in
      max(4, lines.map { $0[column].displayWidth }.max() ?? 0)
    }
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    let delimiters = zip(columns, widths).map { column, width in
      let dashes = String(repeating: "-", count: width - 1)
      return column.alignment == .left ? ":" + dashes : dashes + ":"
    }
    var padded = lines.map { cells in
      line(
        columns.indices.map { cells[$0].padded(to: widths[$0], alignment: columns[$0].alignment) })
    }
    padded.insert(line(delimiters), at: 1)
    return padded.joined()
  }

  /// A pipe ends a cell even inside a code span.
  private static func escapingPipes(_ cell: String) -> String {
    var result = ""
    var isEscaped = false
    for character in cell {
      if character == "|", !isEscaped { result += "\\" }
      isEscaped = character == "\\" && !isEscaped
      result.append(character)
    }
    return result
  }
}
