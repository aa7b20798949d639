/// Pictures of one Space, for a page or a terminal.
package struct PictureSection: Sendable {
  let title: String
  let maps: [HourMap]
  let curve: CostCurve?

  package init(_ title: String, maps: [HourMap], curve: CostCurve?) {
    (self.title, self.maps, self.curve) = (title, maps, curve)
  }

  /// Without the title.
  package func text(_ style: Style, width: Int?) -> String {
    (maps.map(\.text) + [curve?.text(style, width: width)].compactMap(\.self)).joined(separator: "\n")
  }

  var html: HTML {
    .element("h2", [:], HTML(title)) + maps.map { HTMLCharts.hours($0) }.joined
      + (curve.map { HTMLCharts.curve($0) } ?? .empty)
  }
}
