import Cron
import Foundation
import LocatedYAML
import Spaces
import Timelines

extension FileReading {
  /// Reads a policy; what is wrong in it is reported, and the rest of it kept.
  mutating func readPolicy(_ value: YAMLValue, zone fileZone: TimeZone) {
    let what = "a policy"
    let mistakesBefore = errorCount
    guard
      let members = reader.mapping(
        value, as: what,
        keys: ["name", "spaces", "zone", "default", "rules", "idle", "drift", "protect", "otherwise"],
        unsupported: [
          "exceptions", "budget", "granted", "labels", "priority", "variables", "templates", "calendar",
          "split",
        ])
    else { return }
    let nameValue = required(members["name"], "name", in: what, at: value)
    let name = nameValue.flatMap { readName($0, as: "a policy's name") }
    let (patterns, patternPlaces) = readPatterns(members["spaces"], of: value)
    let zone = given(members["zone"]).flatMap { readZone($0) }
    let standard = given(members["default"]).map { readSettings($0, as: "a default") }
    let rules = elements(members["rules"], as: "a policy's rules").compactMap { readRule($0) }
    let idle = given(members["idle"]).flatMap { readIdle($0) }
    let drift = given(members["drift"]).flatMap {
      reader.word($0, as: "a way to treat drift", DriftMode.self)
    }
    let protect = given(members["protect"]).flatMap { reader.flag($0, as: "protect") }
    let otherwise = given(members["otherwise"]).flatMap {
      reader.word($0, as: "what to do otherwise", Otherwise.self)
    }
    guard let name, let nameValue else { return }
    let policy = Policy(
      name: name, patterns: patterns, default: standard?.settings ?? Settings(), rules: rules.map(\.rule),
      zone: zone ?? fileZone, idle: idle?.rule, drift: drift ?? .untilNextBoundary,
      isProtected: protect ?? false,
      pausesWhereRefused: otherwise == .pause, place: reader.place(of: value))
    policies.append(
      ReadPolicy(policy: policy, namePlace: reader.place(of: nameValue), patternPlaces: patternPlaces))
    adviseOnNames(of: rules)
    if let idle, let hardware = idle.rule.set.hardware, let value = idle.set.hardware {
      let others = ([policy.default] + policy.rules.map(\.set)).compactMap(\.hardware)
      idleHardware.append((hardware, others, reader.place(of: value)))
    }
    // What was meant by something that can't be read is not known.
    guard errorCount == mistakesBefore else { return }
    advise(on: policy, at: value, default: standard, rules: rules.map(\.set), idle: idle?.set)
  }

  private var errorCount: Int { reader.diagnostics.count { $0.severity == .error } }

  private enum Otherwise: String, CaseIterable {
    case pause
  }

  private mutating func readPatterns(
    _ value: YAMLValue?, of policy: YAMLValue
  ) -> (patterns: [SpacePattern], places: [Place]) {
    var patterns: [SpacePattern] = []
    var places: [Place] = []
    guard let value = required(value, "spaces", in: "a policy", at: policy) else { return ([], []) }
    if case .sequence(let elements) = value.content, elements.isEmpty {
      reader.report("a policy's spaces are missing: the list is empty", at: value)
    }
    for element in reader.sequence(value, as: "a policy's spaces", ofTexts: true) {
      guard
        let pattern = reader.read(
          element, as: "a Space or pattern", { text throws(InvalidSpacePattern) in try SpacePattern(text) })
      else { continue }
      if patterns.contains(pattern) {
        reader.report("'\(pattern)' is given twice in this policy", at: element, severity: .warning)
      }
      patterns.append(pattern)
      places.append(reader.place(of: element))
    }
    return (patterns, places)
  }

  private mutating func readRule(_ value: YAMLValue) -> ReadRule? {
    let what = "a rule"
    guard let members = reader.mapping(value, as: what, keys: ["name", "cron", "set"]) else { return nil }
    let nameValue = given(members["name"])
    let name = nameValue.flatMap { readName($0, as: "a rule's name") }
    let cronValue = required(members["cron"], "cron", in: what, at: value)
    let cron = cronValue.flatMap { readCron($0) }
    let set = required(members["set"], "set", in: what, at: value).map { readSettings($0, as: "a set") }
    guard let cronValue, let cron, let set else { return nil }
    let rule = Rule(name: name, cron: cron, set: set.settings, place: reader.place(of: cronValue))
    return ReadRule(rule: rule, set: set, name: nameValue)
  }

  private mutating func readCron(_ value: YAMLValue) -> CronExpression? {
    guard let text = reader.text(value, as: "a cron expression") else { return nil }
    do {
      let cron = try CronExpression(text)
      for warning in cron.warnings {
        reader.report(
          "\(warning.field.rawValue): \(warning.reason)", at: value, offset: warning.column - 1,
          severity: .warning)
      }
      return cron
    } catch {
      let field = error.field == .expression ? "" : "\(error.field.rawValue): "
      reader.report(
        field + error.reason, at: value, offset: error.column - 1,
        hint: error.suggestion.map { "did you mean '\($0)'?" })
      return nil
    }
  }

  private mutating func readIdle(_ value: YAMLValue) -> (rule: IdleRule, set: ReadSettings)? {
    let what = "idle"
    guard let members = reader.mapping(value, as: what, keys: ["after", "set"]) else { return nil }
    let after = required(members["after"], "after", in: what, at: value).flatMap { value in
      reader.read(value, as: "a duration") { text throws(InvalidTime) in
        let seconds = try DurationText.seconds(text)
        guard seconds > 0 else {
          throw InvalidTime(text: text, expected: "a time after which a Space is idle")
        }
        return seconds
      }
    }
    if let value = members["after"], let after, after < 600 {
      reader.report(
        "'after: \(DurationText.text(after))' is so short that every break between two visits counts as idle",
        at: value, hint: "such as 1h", severity: .warning)
    }
    let setValue = required(members["set"], "set", in: what, at: value)
    let set = setValue.map { readSettings($0, as: "a set") }
    if let setValue, case .mapping(let members) = setValue.content, members.isEmpty {
      reader.report("idle sets nothing", at: setValue, hint: "such as { hardware: cpu-basic }")
    }
    guard let after, let set else { return nil }
    return (IdleRule(after: after, set: set.settings), set)
  }

  private mutating func readSettings(_ value: YAMLValue, as what: String) -> ReadSettings {
    var read = ReadSettings(value: value)
    guard let members = reader.mapping(value, as: what, keys: ["hardware", "sleep", "state", "replicas"])
    else { return read }
    read.hardware = members["hardware"]
    read.settings.hardware = members["hardware"].flatMap { readHardware($0) }
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

  private static let statesElsewhere: [String: DesiredState] = [
    "stopped": .paused, "stop": .paused, "off": .paused, "started": .running, "start": .running,
    "on": .running, "up": .running, "down": .paused,
  ]

  private mutating func readHardware(_ value: YAMLValue) -> SpaceHardware? {
    if case .sequence = value.content {
      reader.report(
        "a list of hardware is not supported by this version", at: value, hint: "name one, such as a10g-small"
      )
      return nil
    }
    guard let text = reader.text(value, as: "hardware") else { return nil }
    guard !text.isEmpty, !text.contains(where: \.isWhitespace) else {
      reader.report("'\(text)' is not a hardware, such as a10g-small or cpu-basic", at: value)
      return nil
    }
    namedHardware.append((SpaceHardware(rawValue: text), reader.place(of: value)))
    return SpaceHardware(rawValue: text)
  }
}
