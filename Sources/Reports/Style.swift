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
