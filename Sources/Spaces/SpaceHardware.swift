/// What a Space runs on, such as `a10g-small`: the Hub's own word, whether known here or not.
///
/// New hardware appears every few months; an unknown value is kept, shown, stored and sent as it is. What
/// hardware costs and consists of is in the pricing table, not here.
public struct SpaceHardware: Vocabulary {
  public let word: Word
  public init(_ word: Word) { self.word = word }

  /// Free, sleeps after 48 hours without a visit, which can't be changed; has one replica.
  public static let cpuBasic = Self(rawValue: "cpu-basic")
  public static let cpuUpgrade = Self(rawValue: "cpu-upgrade")
  /// ZeroGPU: costs its host nothing, whatever GPU is behind it.
  public static let zeroA10G = Self(rawValue: "zero-a10g")
  public static let t4Small = Self(rawValue: "t4-small")
  public static let t4Medium = Self(rawValue: "t4-medium")
  public static let l4x1 = Self(rawValue: "l4x1")
  public static let l4x4 = Self(rawValue: "l4x4")
  public static let l40sx1 = Self(rawValue: "l40sx1")
  public static let l40sx4 = Self(rawValue: "l40sx4")
  public static let l40sx8 = Self(rawValue: "l40sx8")
  public static let a10gSmall = Self(rawValue: "a10g-small")
  public static let a10gLarge = Self(rawValue: "a10g-large")
  public static let a10gLargex2 = Self(rawValue: "a10g-largex2")
  public static let a10gLargex4 = Self(rawValue: "a10g-largex4")
  public static let a100Large = Self(rawValue: "a100-large")
  public static let a100x4 = Self(rawValue: "a100x4")
  public static let a100x8 = Self(rawValue: "a100x8")
}

/// Persistent storage of a Space (deprecated by the Hub, still billed where it is): `small`, `medium`, `large`.
public struct SpaceStorage: Vocabulary {
  public let word: Word
  public init(_ word: Word) { self.word = word }

  public static let small = Self(rawValue: "small")
  public static let medium = Self(rawValue: "medium")
  public static let large = Self(rawValue: "large")
}
