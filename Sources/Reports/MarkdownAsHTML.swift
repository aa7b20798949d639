/// The Markdown that reports are made of, as HTML: so that the page says what the Markdown says, to the cent.
///
/// It reads what this module writes and no other Markdown: headings, paragraphs, tables, lists, details, code spans,
/// bold words and escapes.
package struct MarkdownAsHTML {
  private var lines: ArraySlice<Substring>
  /// The heading of the whole, which the page shows itself.
  package private(set) var title = ""

  package init(_ markdown: String) {
    lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)[...]
    if let first = lines.first, first.hasPrefix("# ") {
      title = String(first.dropFirst(2))
      lines.removeFirst()
    }
  }

  /// The blocks, in order.
  package mutating func blocks() -> [HTML] {
    var blocks: [HTML] = []
    while let line = lines.first {
      if line.isEmpty {
        lines.removeFirst()
      } else if line.hasPrefix("## ") {
        lines.removeFirst()
        blocks.append(.element("h2", [:], Self.inline(line.dropFirst(3))))
      } else if line.hasPrefix("| ") {
        blocks.append(table())
      } else if line.hasPrefix("- ") {
        blocks.append(list())
      } else if line.hasPrefix("<details>") || line.hasPrefix("</details>") {
        lines.removeFirst()
        blocks.append(HTML(markup: String(line)))
      } else if line.hasPrefix("<summary>"), line.hasSuffix("</summary>") {
        lines.removeFirst()
        blocks.append(.element("summary", [:], Self.inline(line.dropFirst(9).dropLast(10))))
      } else {
        lines.removeFirst()
        blocks.append(.element("p", [:], Self.inline(line)))
      }
    }
    return blocks
  }

  private mutating func take(while belongs: (Substring) -> Bool) -> [Substring] {
    let taken = lines.prefix(while: belongs)
    lines = lines.dropFirst(taken.count)
    return Array(taken)
  }

  /// A list; what is indented below an item is a list of its own.
  private mutating func list(mark: String = "- ") -> HTML {
    var items: [HTML] = []
    while let line = lines.first, line.hasPrefix(mark) {
      lines.removeFirst()
      var item = [Self.inline(line.dropFirst(mark.count))]
      if lines.first?.hasPrefix("  " + mark) == true { item.append(list(mark: "  " + mark)) }
      items.append(.element("li", [:], item))
    }
    return .element("ul", [:], items)
  }

  private mutating func table() -> HTML {
    let rows = take { $0.hasPrefix("|") }.map(Self.cells)
    guard rows.count >= 2 else { return .empty }
    let isNumber = rows[1].map { $0.hasSuffix(":") }
    func row(_ cells: [String], _ isHead: Bool) -> HTML {
      .element(
        "tr", [:],
        cells.enumerated().map { index, cell in
          let isFirst = index == 0 && !isHead
          return .element(
            // A head without words is none.
            isHead && !cell.isEmpty || isFirst ? "th" : "td",
            [
              "scope": isHead ? (cell.isEmpty ? nil : "col") : isFirst ? "row" : nil,
              "class": index < isNumber.count && isNumber[index] ? "number" : nil,
            ], Self.inline(cell[...]))
        })
    }
    return .element(
      "div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": "Table"],
      .element(
        "table", [:],
        [
          .element("thead", [:], row(rows[0], true)),
          .element("tbody", [:], rows.dropFirst(2).map { row($0, false) }),
        ]))
  }

  /// The cells of a row: a pipe that is escaped ends none.
  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in line.dropFirst() {
      if character == "|", !isEscaped {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cells.dropLast().map { cell in
      var cell = cell[...]
      while cell.first == " " { cell.removeFirst() }
      while cell.last == " " { cell.removeLast() }
      return String(cell)
    }
  }

  /// Code spans, bold words and escapes.
  package static func inline(_ text: Substring) -> HTML {
    var markup = ""
    var plain = ""
    var isBold = false
    var rest = text
    func flush() {
      markup += HTML(plain).markup
      plain = ""
    }
    while let character = rest.first {
      if character == "\\", let next = rest.dropFirst().first {
        plain.append(next)
        rest = rest.dropFirst(2)
      } else if rest.hasPrefix("**") {
        flush()
        markup += isBold ? "</strong>" : "<strong>"
        isBold.toggle()
        rest = rest.dropFirst(2)
      } else if character == "`" {
        let fence = rest.prefix { $0 == "`" }
        let inside = rest.dropFirst(fence.count)
        guard let end = inside.range(of: fence)?.lowerBound else {
          plain.append(character)
          rest = rest.dropFirst()
          continue
        }
        flush()
        // A pipe is escaped in the cells of tables, even in a code span.
        let code = String(inside[..<end]).replacing("\\|", with: "|")
        markup += HTML.element("code", [:], HTML(code)).markup
        rest = inside[end...].dropFirst(fence.count)
      } else {
        plain.append(character)
        rest = rest.dropFirst()
      }
    }
    flush()
    return HTML(markup: markup + (isBold ? "</strong>" : ""))
  }
}

extension Substring {
  fileprivate func range(of other: Substring) -> Range<Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].starts(with: other) { return index..<self.index(index, offsetBy: other.count) }
      index = self.index(after: index)
    }
    return nil
  }
}
