import Schedules
import Spaces

/// `acme/chat:sleep=15m,hardware=t4-small`: settings for Spaces, from the command line.
struct SettingsArgument: Sendable {
  let pattern: SpacePattern
  private(set) var settings = Settings()

  init(_ text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw Self.invalid("'\(text)' is not a Space and settings, such as acme/chat:sleep=15m")
    }
    pattern = try parsed(parts[0], option: "--set") { try SpacePattern($0) }
    for setting in parts[1].split(separator: ",") {
      let pair = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2 else { throw Self.invalid("'\(setting)' is not a setting, such as sleep=15m") }
      try take(pair[0], pair[1])
    }
  }

  private mutating func take(_ key: String, _ value: String) throws {
    switch key {
    case "hardware": settings.hardware = SpaceHardware(rawValue: value)
    case "sleep": settings.sleep = try parsed(value, option: "--set") { try SleepTime(ruleText: $0) }
    case "state":
      guard let state = DesiredState(rawValue: value) else {
        throw Self.invalid("'\(value)' is no state: running or paused")
      }
      settings.state = state
    case "replicas":
      guard let count = Int(value), count >= 1 else {
        throw Self.invalid("'\(value)' is no number of replicas, 1 or more")
      }
      settings.replicas = count
    default: throw Self.invalid("'\(key)' is none of hardware, sleep, state and replicas")
    }
  }

  private static func invalid(_ text: String) -> Ending { Ending(Ending.Status.usage, "--set: \(text)") }
}
