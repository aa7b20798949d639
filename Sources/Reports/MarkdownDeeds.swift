import Pricing
import Spaces
import Timelines

/// What spaceplan did about the cost, in a Markdown report.
struct MarkdownDeeds {
  let report: CostReport

  private static let limit = 8

  var section: String {
    let deeds = Deeds(report.spaces.lazy.flatMap(\.actions), prices: report.prices)
    guard !deeds.done.isEmpty || !deeds.troubles.isEmpty else { return "" }
    var text = "## What spaceplan did\n\n"
    let done = deeds.done.map { NumberText.count($0.count, $0.deed.name) }
    text += done.isEmpty ? "Nothing that it tried worked." : "Done: \(done.joined(separator: ", "))."
    if !deeds.otherChoices.isEmpty {
      text += " Not the first choice:\n\n" + deeds.otherChoices.map { "- \(sentence($0))\n" }.joined()
    }
    guard !deeds.troubles.isEmpty else { return text + (deeds.otherChoices.isEmpty ? "\n" : "") }
    text += (deeds.otherChoices.isEmpty ? " " : "\n") + "Not done, or not clear:\n\n"
    for trouble in deeds.troubles.prefix(Self.limit) { text += "- \(sentence(trouble))\n" }
    let rest = deeds.troubles.dropFirst(Self.limit)
    if !rest.isEmpty {
      text += "- \(rest.count) more, tried \(NumberText.count(rest.reduce(0) { $0 + $1.count }, "time"))\n"
    }
    return text
  }

  private func sentence(_ choice: Deeds.OtherChoice) -> String {
    let times = choice.count > 1 ? "\(choice.count) times, last on" : "on"
    return "\(Markdown.code(choice.space.description)): \(Markdown.code(choice.hardware)) \(times) "
      + "\(report.period.minute(choice.at)), \(Markdown.escaped(Self.shortened(choice.reason)))"
  }

  private func sentence(_ trouble: Deeds.Trouble) -> String {
    let action = trouble.action
    let settings = [action.from, action.to].map { setting($0, of: action.kind) }
    let change =
      switch (settings[0], settings[1]) {
      case (_, nil): ""
      case (nil, let to?): " to \(to)"
      case (let from?, let to?): " from \(from) to \(to)"
      }
    let times = trouble.count > 1 ? "\(trouble.count) times, last at " : "at "
    let reason = action.reason.isEmpty ? "" : ": \(Markdown.escaped(Self.shortened(action.reason)))"
    return "\(Markdown.code(action.space.description)): \(trouble.deed.name)\(change) "
      + "\(Self.outcome(action.outcome)) \(times)\(report.period.minute(action.at))\(reason)"
  }

  /// What held or was asked for; nil where a kind of action has none, or it is not known.
  private func setting(_ text: String, of kind: SpaceAction.Kind) -> String? {
    guard !text.isEmpty else { return nil }
    switch kind {
    case .hardware: return Markdown.code(text)
    case .sleep:
      guard let seconds = Int64(text) else { return Markdown.escaped(text) }
      return seconds < 0 ? "never" : NumberText.duration(seconds)
    case .replicas: return Markdown.escaped(text)
    case .pause, .restart: return nil
    }
  }

  private static func outcome(_ outcome: SpaceAction.Outcome?) -> String {
    switch outcome {
    case .done: "done"
    case .refused: "refused"
    case .failed: "failed"
    case .notSent: "not sent"
    case .unknown, nil: "not known to have worked"
    }
  }

  /// On one line, without the middle of what is too long for a line or two.
  private static func shortened(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count <= 240 ? words : "\(words.prefix(160)) … \(words.suffix(70))"
  }
}
