/// Pieces of HTML. Text becomes markup here, and only here.
package struct HTML: ExpressibleByStringInterpolation {
  /// Markup.
  package let markup: String

  init(markup: String) { self.markup = markup }

  /// Other people's words, shown as they are.
  package init(_ text: String) {
    var result = ""
    for scalar in printable(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    markup = result
  }

  package init(stringLiteral text: String) { self.init(text) }

  static let empty = HTML(markup: "")

  static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.markup + right.markup) }

  /// An element of HTML or SVG; attributes in their order, those that are nil left out.
  package static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: [HTML]
  ) -> HTML {
    HTML(markup: open(name, attributes) + ">" + content.map(\.markup).joined() + "</\(name)>")
  }

  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: HTML = .empty
  ) -> HTML {
    element(name, attributes, [content])
  }

  /// An element of SVG without content.
  static func shape(_ name: String, _ attributes: KeyValuePairs<String, String?>) -> HTML {
    HTML(markup: open(name, attributes) + "/>")
  }

  private static func open(_ name: String, _ attributes: KeyValuePairs<String, String?>) -> String {
    "<" + name
      + attributes.map { key, value in value.map { " \(key)=\"\(HTML($0).markup)\"" } ?? "" }.joined()
  }
}

extension [HTML] {
  var joined: HTML { HTML(markup: map(\.markup).joined()) }
}
