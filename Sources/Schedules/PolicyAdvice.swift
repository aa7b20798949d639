import LocatedYAML
import Spaces

/// What a policy says that is correct, but probably not meant or easily overlooked.
extension FileReading {
  /// Settings as read, with their places, which may be a template's in another file.
  struct ReadSettings {
    var settings = Settings()
    var place: Place
    var hardware: Place?
    /// Not part of the settings yet, as a template may have the hardware that it is for.
    var within: (seconds: Int64?, place: Place)?

    /// What these say, and the rest from a template's.
    func completed(by template: ReadSettings) -> ReadSettings {
      var read = self
      read.settings = settings.completed(by: template.settings)
      read.hardware = hardware ?? template.hardware
      return read
    }
  }

  /// A rule as read, with what is needed to say where its name stands.
  struct ReadRule {
    var rule: Rule
    var set: ReadSettings
    var name: Place?
  }

  /// Reasons and reports name rules: two of one name can't be told apart.
  mutating func adviseOnNames(of rules: [ReadRule]) {
    var places: [String: Place] = [:]
    for rule in rules {
      guard let name = rule.rule.name, let place = rule.name else { continue }
      if let known = places[name] {
        let line = known.file == place.file ? "in line \(known.line)" : "at \(known.file):\(known.line)"
        reader.report("this policy has a rule '\(name)' already, \(line)", at: place, severity: .warning)
      } else {
        places[name] = place
      }
    }
  }

  mutating func advise(
    on policy: Policy, at value: YAMLValue, default standard: ReadSettings?, rules: [ReadSettings],
    exceptions: [ReadSettings], idle: ReadSettings?
  ) {
    let asksForNothing =
      standard?.settings.isEmpty ?? true && rules.isEmpty && exceptions.isEmpty && idle == nil
    if policy.isProtected {
      if !asksForNothing {
        reader.report(
          "'\(policy.name)' is protected: nothing that it says about its Spaces is done", at: value,
          severity: .note)
      }
      return
    }
    // One may only say what reports are to know.
    if asksForNothing, policy.labels == Labels(), !policy.isGranted {
      reader.report(
        "'\(policy.name)' asks for nothing: it has no default, no rules and no idle", at: value,
        hint: "to keep its Spaces from being changed, say so: protect: true", severity: .warning)
    }
    for settings in [standard].compactMap(\.self) + rules + exceptions where idle == nil {
      adviseOnSleep(settings, default: policy.default)
    }
    for settings in rules + exceptions + [idle].compactMap(\.self) { adviseOnCPUBasic(settings) }
    if let idle, rules.isEmpty { adviseOnIdle(idle, default: policy.default) }
  }

  private mutating func adviseOnSleep(_ read: ReadSettings, default standard: Settings) {
    let free: [SpaceHardware] = [.cpuBasic, .zeroA10G]
    let settings = read.settings.completed(by: standard)
    guard let place = read.hardware, let preference = read.settings.preference,
      !preference.choices.allSatisfy(free.contains), settings.sleep == nil, settings.state != .paused
    else { return }
    reader.report(
      "nothing names 'sleep' for '\(preference)': a Space that comes from cpu-basic then never sleeps",
      at: place, hint: "name it here or in the default: sleep: 1h, or sleep: never if that is meant",
      severity: .warning)
  }

  private mutating func adviseOnCPUBasic(_ read: ReadSettings) {
    guard let place = read.hardware, read.settings.hardware == .cpuBasic else { return }
    let ignored = [
      read.settings.sleep.map { _ in "sleep" }, read.settings.replicas.flatMap { $0 > 1 ? "replicas" : nil },
    ].compactMap(\.self)
    guard !ignored.isEmpty else { return }
    reader.report(
      "'\(ignored.joined(separator: "' and '"))' can't be chosen on cpu-basic, which sleeps after 48h and has "
        + "one replica", at: place, severity: .warning)
  }

  /// An empty set is the default again. What that does not name stays as another rule, or idle, has set it.
  mutating func adviseOnEmptySets(of policy: Policy) {
    // A Space that is paused then costs nothing, whatever else is set.
    guard !policy.isProtected, policy.default.state != .paused else { return }
    for rule in policy.rules where rule.set.isEmpty {
      let lost = policy.lostInDefault
      guard !lost.isEmpty else { continue }
      let names = lost.map { "'\($0.setting.rawValue)'" }.joined(separator: " and ")
      var setters: [String] = []
      for setter in lost.flatMap(\.setters) where !setters.contains(setter) { setters.append(setter) }
      let (it, set) = (lost.count == 1 ? "it" : "them", setters.count == 1 ? "sets" : "set")
      reader.report(
        "policy \(policy.name): '\(rule.label)' does not bring back \(names), which "
          + "\(setters.joined(separator: " and ")) \(set): its set is empty, so the default holds, which does not name \(it)",
        at: rule.place,
        hint: "name \(it) there, such as default: { \(policy.defaultToWrite(lost.map(\.setting))) }; "
          + "else Spaces stay as they are then",
        severity: .warning)
    }
  }

  /// The midnight of a policy without rules does not end what idle has set.
  private mutating func adviseOnIdle(_ idle: ReadSettings, default standard: Settings) {
    let settings = idle.settings
    let isContrary =
      settings.completed(by: standard) != standard.completed(by: settings)
    reader.report(
      "once idle, nothing brings a Space back but a person: the policy has no rules"
        + (isContrary ? ", and its default does not hold again by itself" : ""),
      at: idle.place, hint: "a rule such as '0 8 * * MON-FRI' would bring it back",
      severity: isContrary ? .warning : .note)
  }
}

extension Policy {
  /// What rules or idle set and the default does not name, with who does, for people.
  fileprivate var lostInDefault: [(setting: Setting, setters: [String])] {
    // A pause of ours ends by itself where nothing asks for it any more.
    [Setting.hardware, .sleep, .replicas].compactMap { setting in
      guard !`default`.names(setting), !isIgnored(setting, in: `default`) else { return nil }
      let rules = rules.filter { $0.set.names(setting) && !isIgnored(setting, in: $0.set) }
        .map { "'\($0.label)'" }
      let setsIdle = idle.map { $0.set.names(setting) && !isIgnored(setting, in: $0.set) } ?? false
      let setters = rules + (setsIdle ? ["idle"] : [])
      return setters.isEmpty ? nil : (setting, setters)
    }
  }

  /// On `cpu-basic` sleep time and replicas can't be chosen.
  private func isIgnored(_ setting: Setting, in settings: Settings) -> Bool {
    setting != .hardware && settings.completed(by: `default`).hardware == .cpuBasic
  }

  /// A default that names these, and a sleep time where it names hardware, as examples.
  fileprivate func defaultToWrite(_ settings: [Setting]) -> String {
    var example = Settings()
    if settings.contains(.hardware) { example.hardware = .t4Small }
    if settings.contains(.sleep) || settings.contains(.hardware) {
      example.sleep = `default`.sleep ?? .after(seconds: 3600)
    }
    if settings.contains(.replicas) { example.replicas = 1 }
    return "\(example.completed(by: `default`))"
  }
}
