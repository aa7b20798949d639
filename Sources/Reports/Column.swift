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
