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

  /// The heads and the rows.
  private var lines: [[Cell]] { [columns.map { Cell($0.title, .bold) }] + rows }

  private var widths: [Int] {
    let lines = lines
    return columns.indices.map { column in
      lines.map { column < $0.count ? $0[column].text.displayWidth : 0 }.max() ?? 0
    }
  }

  /// Whether no line is longer than the columns of a terminal, nil for any.
  func fits(_ width: Int?) -> Bool {
    width.map { widths.reduce(0, +) + 2 * (columns.count - 1) <= $0 } ?? true
  }

  /// The heads and the rows, a line each, without spaces at the ends of lines.
  ///
  /// - Parameter width: the columns of the terminal; where the table is wider, the last cell of each line stands
  ///   below it, indented. Nil where no line is too long.
  public func text(_ style: Style = .plain, width: Int? = nil) -> String {
    let widths = widths
    guard let width, !fits(width), columns.count > 1 else {
      return lines.map { text(of: $0, widths, style) }.joined()
    }
    let first = columns.count - 1
    return lines.map { line in
      text(of: line.prefix(first), widths, style)
        + line.dropFirst(first).map { wrapped($0.text, to: width - 4, style, $0.emphasis) }.joined()
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
