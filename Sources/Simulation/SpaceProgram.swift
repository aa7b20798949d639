public import Spaces

/// How the program of a Space behaves: how long it takes to build and to start, and where it can't.
public struct SpaceProgram: Hashable, Sendable {
  /// Seconds from the beginning of a start until it serves, 0 or more, on hardware that ``startups`` lacks.
  public var startup: Int64
  /// The same for hardware that takes longer, or less long.
  public var startups: [SpaceHardware: Int64]
  /// Seconds that a build takes, 0 or more.
  public var build: Int64
  /// Hardware on which each start ends in `RUNTIME_ERROR`: a GPU program on a CPU.
  public var failsOn: Set<SpaceHardware>
  /// The stage in which it stays whenever it should start, until somebody mends its code: `BUILD_ERROR`,
  /// `CONFIG_ERROR` or `NO_APP_FILE`. Nil for a program that can start. A life that begins in such a
  /// stage stays in it by itself.
  public var mending: SpaceStage?

  /// Seconds that a start is taken to take where nothing tells.
  public static let usualStartup: Int64 = 60

  public init(
    startup: Int64 = Self.usualStartup, startups: [SpaceHardware: Int64] = [:], build: Int64 = 0,
    failsOn: Set<SpaceHardware> = [], mending: SpaceStage? = nil
  ) {
    self.startup = startup
    self.startups = startups
    self.build = build
    self.failsOn = failsOn
    self.mending = mending
  }

  /// Seconds from the beginning of a start until it serves.
  public func startup(on hardware: SpaceHardware) -> Int64 { startups[hardware] ?? startup }
}
