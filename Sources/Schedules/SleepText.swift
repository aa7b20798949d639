public import Spaces
public import Timelines

extension SleepTime {
  /// Reads `never` or a duration, as rules write it.
  public init(ruleText text: String) throws(InvalidTime) {
    if text == "never" {
      self = .never
      return
    }
    var invalid = InvalidTime(
      text: text, expected: "a sleep time: a duration, such as 30m, 2h or 1h30m, or never")
    let seconds: Int64
    do {
      seconds = try DurationText.seconds(text)
    } catch {
      invalid.hint = error.hint
      throw invalid
    }
    guard seconds > 0, seconds <= Int64(Int32.max) else { throw invalid }
    self = .after(seconds: Int(seconds))
  }

  /// As rules write it: `30m`, or `never`.
  public var ruleText: String {
    switch self {
    case .never: "never"
    case .after(let seconds): DurationText.text(Int64(seconds))
    }
  }
}
