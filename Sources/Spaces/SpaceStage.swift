/// Where a Space is in its life, such as `RUNNING`: the Hub's own word, whether known here or not.
public struct SpaceStage: Vocabulary {
  public let word: Word
  public init(_ word: Word) { self.word = word }

  public static let noAppFile = Self(rawValue: "NO_APP_FILE")
  public static let configError = Self(rawValue: "CONFIG_ERROR")
  public static let building = Self(rawValue: "BUILDING")
  public static let buildError = Self(rawValue: "BUILD_ERROR")
  public static let running = Self(rawValue: "RUNNING")
  /// An older copy serves while a new one is built.
  public static let runningBuilding = Self(rawValue: "RUNNING_BUILDING")
  public static let runtimeError = Self(rawValue: "RUNTIME_ERROR")
  public static let deleting = Self(rawValue: "DELETING")
  public static let stopped = Self(rawValue: "STOPPED")
  public static let paused = Self(rawValue: "PAUSED")
  public static let appStarting = Self(rawValue: "APP_STARTING")
  /// An older copy serves while a new one starts.
  public static let runningAppStarting = Self(rawValue: "RUNNING_APP_STARTING")
  /// Sent by the Hub though its client's list lacks it.
  public static let sleeping = Self(rawValue: "SLEEPING")

  /// Our own word: the Hub has no such Space, or shows it to this token no more.
  public static let gone = Self(rawValue: "GONE")

  /// Nobody came for the sleep time; the next visit wakes it. The Hub has two words for it.
  public var isAsleep: Bool { self == .sleeping || self == .stopped }

  /// A build is under way, with or without an older copy that serves.
  public var isBuilding: Bool { self == .building || self == .runningBuilding }

  /// A copy serves visitors.
  public var isRunning: Bool { self == .running || self == .runningBuilding || self == .runningAppStarting }

  /// It can't start before somebody mends its code or settings, whatever it runs on.
  public var needsMending: Bool { self == .buildError || self == .configError || self == .noAppFile }

  /// Paused or failed: it stays so until somebody acts.
  public var isHalted: Bool { self == .paused || self == .runtimeError || needsMending }
}
