/// The colours of hardware on a page: the dearest first, so that the same hardware looks the same in every chart.
struct HardwareColours {
  private let names: [String]
  private static let count = 8

  init(_ report: CostReport) {
    names = report.hardware.filter { ($0.cost ?? .zero) > .zero || $0.isUnpriced }.map(\.subject.name)
  }

  init(_ names: [String]) { self.names = names }

  /// A class of the style sheet: the last colour is for all that are left.
  func name(of hardware: String) -> String {
    names.firstIndex(of: hardware).map { "c\(min($0, Self.count - 1))" } ?? "free"
  }

  /// Of the hardware that is given, a sample of each colour beside its name.
  func legend(_ shown: some Sequence<String>, others: [(name: String, title: String)] = []) -> HTML {
    let shown = Set(shown)
    let entries = names.filter(shown.contains).map { (name: name(of: $0), title: $0) } + others
    return .element(
      "ul", ["class": "legend"],
      entries.map { entry in
        .element(
          "li", [:],
          .element(
            "svg", ["viewBox": "0 0 10 10", "aria-hidden": "true"],
            .shape("rect", ["class": entry.name, "width": "10", "height": "10"])) + HTML(entry.title))
      })
  }
}
