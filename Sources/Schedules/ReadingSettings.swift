import LocatedYAML
import Money
import Spaces
import Timelines

extension FileReading {
  mutating func readSettings(_ value: YAMLValue, as what: String) -> ReadSettings {
    var read = readSettingsToComplete(value, as: what)
    settleWithin(&read)
    return read
  }

  /// Those that a template may complete: see ``settleWithin(_:)``.
  mutating func readSettingsToComplete(_ value: YAMLValue, as what: String) -> ReadSettings {
    var read = ReadSettings(place: reader.place(of: value))
    guard
      let members = reader.mapping(
        value, as: what, keys: ["hardware", "within", "sleep", "state", "replicas"])
    else { return read }
    read.hardware = members["hardware"].map { reader.place(of: $0) }
    read.settings.preference = members["hardware"].flatMap { readPreference($0) }
    read.within = members["within"].map {
      (readDuration($0, as: "within", from: 60, to: 6 * 3600), reader.place(of: $0))
    }
    read.settings.sleep = members["sleep"].flatMap { value in
      reader.read(value, as: "a sleep time") { text throws(InvalidTime) in try SleepTime(ruleText: text) }
    }
    read.settings.state = members["state"].flatMap {
      reader.word($0, as: "a state", DesiredState.self, others: Self.statesElsewhere)
    }
    read.settings.replicas = members["replicas"].flatMap {
      reader.number($0, as: "replicas", in: 1...1000)
    }
    return read
  }

  /// `within`, once it is known which hardware it is for.
  mutating func settleWithin(_ read: inout ReadSettings) {
    guard let within = read.within else { return }
    read.within = nil
    guard let preference = read.settings.preference, !preference.others.isEmpty else {
      reader.report(
        "'within' says when the next of several hardware is asked for, and here is only one",
        at: within.place, hint: "such as hardware: [a10g-small, t4-medium]")
      return
    }
    guard let seconds = within.seconds else { return }
    read.settings.preference = HardwarePreference(
      preference.first, others: preference.others, within: seconds)
  }

  private static let statesElsewhere: [String: DesiredState] = [
    "stopped": .paused, "stop": .paused, "off": .paused, "started": .running, "start": .running,
    "on": .running, "up": .running, "down": .paused,
  ]

  private mutating func readPreference(_ value: YAMLValue) -> HardwarePreference? {
    guard case .sequence(let elements) = value.content else {
      return readHardware(value).map { HardwarePreference($0) }
    }
    if elements.isEmpty {
      reader.report("the list of hardware is empty", at: value, hint: "such as [a10g-small, t4-medium]")
    }
    var choices: [SpaceHardware] = []
    for element in elements {
      guard let hardware = readHardware(element) else { continue }
      if choices.contains(hardware) {
        reader.report("'\(hardware)' is in this list already", at: element)
      }
      choices.append(hardware)
    }
    return choices.first.map { HardwarePreference($0, others: Array(choices.dropFirst())) }
  }

  private mutating func readHardware(_ value: YAMLValue) -> SpaceHardware? {
    guard let text = reader.text(value, as: "hardware") else { return nil }
    guard !text.isEmpty, !text.contains(where: \.isWhitespace) else {
      reader.report("'\(text)' is not a hardware, such as a10g-small or cpu-basic", at: value)
      return nil
    }
    namedHardware.append((SpaceHardware(rawValue: text), reader.place(of: value)))
    return SpaceHardware(rawValue: text)
  }

  /// Seconds within limits, both included.
  mutating func readDuration(
    _ value: YAMLValue, as what: String, from least: Int64, to most: Int64
  ) -> Int64? {
    reader.read(value, as: "a duration") { text throws(InvalidTime) in
      let seconds = try DurationText.seconds(text)
      guard (least...most).contains(seconds) else {
        throw InvalidTime(
          text: text,
          expected: "a time for '\(what)', which is \(DurationText.text(least)) to \(DurationText.text(most))"
        )
      }
      return seconds
    }
  }
}
