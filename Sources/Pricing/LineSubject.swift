public import Spaces
public import Timelines

extension LineItem {
  /// What a line is charged for. In order of the names (by code point).
  public enum Subject: Hashable, Comparable, Sendable, CustomStringConvertible {
    case hardware(SpaceHardware)
    case storage(SpaceStorage)
    /// What became known of a closed month, which is its first day.
    case adjustment(ofMonth: CivilDate)

    private static let (storage, adjustment) = ("storage-", "adjustment-")

    /// As reports and exports name it: `t4-small`, `storage-small`, `adjustment-2026-09`.
    public var name: String {
      switch self {
      case .hardware(let hardware): hardware.rawValue
      case .storage(let storage): Self.storage + storage.rawValue
      case .adjustment(let month): Self.adjustment + month.yearAndMonth
      }
    }

    /// What reports and exports name so: hardware, where it is nothing else.
    public init(name: String) {
      if name.hasPrefix(Self.storage) {
        self = .storage(SpaceStorage(rawValue: String(name.dropFirst(Self.storage.count))))
      } else if name.hasPrefix(Self.adjustment),
        let month = try? CivilDate(month: String(name.dropFirst(Self.adjustment.count)))
      {
        self = .adjustment(ofMonth: month)
      } else {
        self = .hardware(SpaceHardware(rawValue: name))
      }
    }

    public var description: String { name }

    public static func < (left: Self, right: Self) -> Bool { left != right && left.name < right.name }

    public var isAdjustment: Bool {
      if case .adjustment = self { true } else { false }
    }

    /// Nil for what is no hardware.
    public var hardware: SpaceHardware? {
      if case .hardware(let hardware) = self { hardware } else { nil }
    }
  }
}
