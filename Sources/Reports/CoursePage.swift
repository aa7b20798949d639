package import Pricing
package import Timelines

/// A page that is made of Markdown and of what Spaces ran on: of a simulation.
package enum CoursePage {
  /// - Parameters:
  ///   - markdown: as this module writes it, with its heading.
  ///   - paid: hardware that costs money, in the order of its colours.
  ///   - sections: pictures of single Spaces, below.
  package static func text(
    markdown: String, strips: [CourseStrip], in range: Range<Instant>, caption: String, paid: [String],
    sections: [PictureSection] = []
  ) -> String {
    var text = MarkdownAsHTML(markdown)
    let blocks = text.blocks()
    let picture =
      strips.isEmpty
      ? HTML.empty : HTMLCharts.strips(strips, in: range, title: caption, HardwareColours(paid))
    return HTMLPage.text(
      title: text.title, header: .element("h1", [:], HTML(text.title)),
      main: blocks.joined + picture + sections.map(\.html).joined)
  }
}

/// What one Space ran on, for a picture.
package struct CourseStrip: Sendable {
  let title: String
  let course: Timeline<Billed?>
  /// Where nobody looked.
  let gaps: [Range<Instant>]

  package init(_ title: String, _ course: Timeline<Billed?>, gaps: [Range<Instant>] = []) {
    self.title = title
    self.course = course
    self.gaps = gaps
  }

  var hardware: [String] { course.segments.compactMap { $0.value?.hardware.rawValue } }

  /// The same in words: `t4-small 10.0 h; nobody looked for 1.0 h`.
  var words: String {
    let times = course.segments.reduce(into: [String: Int64]()) { times, segment in
      if let billed = segment.value { times[billed.hardware.rawValue, default: 0] += segment.range.seconds }
    }
    func hours(_ seconds: Int64) -> String { NumberText.hours(BilledTime(seconds: Int128(seconds))) }
    let list = times.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      "\($0.key) \(hours($0.value)) h"
    }
    let unwatched = gaps.reduce(0) { $0 + $1.seconds }
    let parts = [list.isEmpty ? "never billed" : list.joined(separator: ", ")]
    return (parts + (unwatched > 0 ? ["nobody looked for \(hours(unwatched)) h"] : [])).joined(
      separator: "; ")
  }
}
