/// A column of a table: its head, and on which side its cells stand.
public struct Column: Hashable, Sendable {
  public enum Alignment: Sendable { case left, right }

  public let title: String
  public let alignment: Alignment
  /// Markdown leaves a column out that would tell nothing here, with its cells.
  let isShown: Bool

  /// Text stands left.
  public static func left(_ title: String) -> Column { left(title, if: true) }
  /// Numbers stand right.
  public static func right(_ title: String) -> Column { right(title, if: true) }

  static func left(_ title: String, if isShown: Bool) -> Column {
    Column(title: title, alignment: .left, isShown: isShown)
  }

  static func right(_ title: String, if isShown: Bool) -> Column {
    Column(title: title, alignment: .right, isShown: isShown)
  }
}

/// A table for a terminal: columns two spaces apart, padded by display width.
public struct TextTable: Sendable {
  public struct Cell: Hashable, Sendable, ExpressibleByStringInterpolation {
    public let text: String
    public let emphasis: Style.Emphasis?

    public init(_ text: String, _ emphasis: Style.Emphasis? = nil) {
      self.text = printable(text)
      self.emphasis = emphasis
    }

    public init(stringLiteral text: String) { self.init(text) }
  }

  private let columns: [Column]
  private var rows: [[Cell]] = []

  public init(_ columns: [Column]) {
    self.columns = columns
  }

  /// - Parameter row: a cell for each column; those that are missing stay empty.
  public mutating func add(_ row: [Cell]) {
    rows.append(row)
  }

  /// The heads and the rows, a line each, without spaces at the ends of lines.
  ///
  /// - Parameter width: the columns of the terminal; where the table is wider, the last cell of each row stands
  ///   below it, indented. Nil where no line is too long.
  public func text(_ style: Style = .plain, width: Int? = nil) -> String {
    let heads = columns.map { Cell($0.title, .bold) }
    let lines = [heads] + rows
    let widths = columns.indices.map { column in
      lines.map { column < $0.count ? $0[column].text.displayWidth : 0 }.max() ?? 0
    }
    guard let width, widths.reduce(0, +) + 2 * (columns.count - 1) > width, columns.count > 1 else {
      return lines.map { text(of: $0, widths, style) }.joined()
    }
    let first = columns.count - 1
    return text(of: heads.prefix(first), widths, style)
      + rows.map { row in
        text(of: row.prefix(first), widths, style)
          + row.dropFirst(first).map { wrapped($0.text, to: width - 4, style, $0.emphasis) }.joined()
      }.joined()
  }

  private func text(of line: some RandomAccessCollection<Cell>, _ widths: [Int], _ style: Style) -> String {
    let cells = Array(line)
    let last = cells.lastIndex { !$0.text.isEmpty } ?? 0
    return zip(columns.indices, cells.prefix(last + 1)).map { index, cell in
      let isLast = index == last && columns[index].alignment == .left
      let padded =
        isLast ? cell.text : cell.text.padded(to: widths[index], alignment: columns[index].alignment)
      return cell.emphasis.map { style.apply($0, to: padded) } ?? padded
    }.joined(separator: "  ") + "\n"
  }

  /// Lines of whole words, indented by four.
  private func wrapped(_ text: String, to width: Int, _ style: Style, _ emphasis: Style.Emphasis?) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let line = lines.last, line.displayWidth + 1 + word.description.displayWidth <= width {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { line in "    " + (emphasis.map { style.apply($0, to: line) } ?? line) + "\n" }.joined()
  }
}

/// Whether text is emphasised, as a terminal does it. Emphasis only repeats what the words say.
public enum Style: Sendable {
  /// Not a terminal, or one whose user wants no colours.
  case plain
  /// ECMA-48 control sequences.
  case terminal

  public enum Emphasis: Sendable {
    case bold, dim, warning, failure
  }

  public func apply(_ emphasis: Emphasis, to text: String) -> String {
    guard self == .terminal else { return text }
    let code =
      switch emphasis {
      case .bold: 1
      case .dim: 2
      case .warning: 33
      case .failure: 31
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}

/// Other people's words on one line, without characters that steer a terminal.
public func printable(_ text: String) -> String {
  String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: " "
        default: scalar
        }
      }))
}
