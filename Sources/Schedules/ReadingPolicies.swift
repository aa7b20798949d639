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
        keys: [
          "name", "spaces", "zone", "default", "templates", "rules", "exceptions", "calendar", "idle",
          "drift", "protect", "granted", "otherwise", "variables", "budget", "priority", "labels", "split",
        ])
    else { return }
    let nameValue = required(members["name"], "name", in: what, at: value)
    let name = nameValue.flatMap { readName($0, as: "a policy's name") }
    let named = readPatterns(members["spaces"], of: value)
    let zone = given(members["zone"]).flatMap { readZone($0) }
    let standard = given(members["default"]).map { readSettings($0, as: "a default") }
    let rules = readRules(members, zone: zone ?? fileZone)
    let exceptions =
      readCalendar(members["calendar"], default: standard?.settings, zone: zone ?? fileZone)
      + elements(members["exceptions"], as: "a policy's exceptions")
      .compactMap { readException($0, zone: zone ?? fileZone) }
    let idle = given(members["idle"]).flatMap { readIdle($0) }
    let drift = given(members["drift"]).flatMap {
      reader.word($0, as: "a way to treat drift", DriftMode.self)
    }
    let protect = members["protect"].flatMap { reader.flag($0, as: "protect") }
    let otherwise = given(members["otherwise"]).flatMap {
      reader.word($0, as: "what to do otherwise", Otherwise.self)
    }
    let variables = members["variables"].flatMap { reader.flag($0, as: "variables") }
    let budget = given(members["budget"]).flatMap { readBudget($0, ofPolicy: name ?? "") }
    let priority = given(members["priority"]).flatMap {
      reader.number($0, as: "a priority", in: -1_000_000...1_000_000)
    }
    let granted = members["granted"].flatMap { reader.flag($0, as: "granted") }
    var labels = Labels()
    labels.ofPolicy = given(members["labels"]).map { readLabels($0) } ?? [:]
    labels.ofSpaces = named.labels
    labels.split = given(members["split"]).map { readSplit($0) } ?? []
    guard let name, let nameValue else { return }
    var policy = Policy(
      name: name, patterns: named.patterns, default: standard?.settings ?? Settings(),
      rules: rules.map(\.rule),
      exceptions: exceptions.map(\.exception), zone: zone ?? fileZone, idle: idle?.rule,
      drift: drift ?? .untilNextBoundary, isProtected: protect ?? false,
      pausesWhereRefused: otherwise == .pause, readsVariables: variables ?? false, budget: budget,
      place: reader.place(of: value))
    policy.labels = labels
    policy.isGranted = granted ?? false
    policy.priority = priority ?? 0
    policies.append(
      ReadPolicy(policy: policy, namePlace: reader.place(of: nameValue), patternPlaces: named.places))
    adviseOnNames(of: rules)
    if let idle, let hardware = idle.rule.set.hardware, let place = idle.set.hardware {
      let others = ([policy.default] + policy.rules.map(\.set)).flatMap { $0.preference?.choices ?? [] }
      idleHardware.append((hardware, others, place))
    }
    // What was meant by something that can't be read is not known.
    guard errorCount == mistakesBefore else { return }
    advise(
      on: policy, at: value, default: standard, rules: rules.map(\.set),
      exceptions: exceptions.compactMap(\.set), idle: idle?.set)
    adviseOnEmptySets(of: policy)
  }

  private var errorCount: Int { reader.diagnostics.count { $0.severity == .error } }

  private enum Otherwise: String, CaseIterable {
    case pause
  }

  /// The Spaces that a policy is for, as it names them.
  private struct NamedSpaces {
    var patterns: [SpacePattern] = []
    var places: [Place] = []
    var labels: [SpacePattern: [String: String]] = [:]
  }

  private mutating func readPatterns(_ value: YAMLValue?, of policy: YAMLValue) -> NamedSpaces {
    var named = NamedSpaces()
    guard let value = required(value, "spaces", in: "a policy", at: policy) else { return named }
    if case .sequence(let elements) = value.content, elements.isEmpty {
      reader.report("a policy's spaces are missing: the list is empty", at: value)
    }
    var known: Set<SpacePattern> = []
    for element in reader.sequence(value, as: "a policy's spaces", ofTexts: true) {
      var (name, labels): (YAMLValue?, [String: String]) = (element, [:])
      if case .mapping = element.content {
        let members = reader.mapping(element, as: "a Space with labels", keys: ["name", "labels"]) ?? [:]
        name = required(members["name"], "name", in: "a Space with labels", at: element)
        labels = given(members["labels"]).map { readLabels($0) } ?? [:]
      }
      guard let name,
        let pattern = reader.read(
          name, as: "a Space or pattern", { text throws(InvalidSpacePattern) in try SpacePattern(text) })
      else { continue }
      if !known.insert(pattern).inserted {
        reader.report("'\(pattern)' is given twice in this policy", at: name, severity: .warning)
      }
      named.patterns.append(pattern)
      named.places.append(reader.place(of: name))
      if !labels.isEmpty { named.labels[pattern] = labels }
    }
    return named
  }

  /// Any keys, with any texts.
  private mutating func readLabels(_ value: YAMLValue) -> [String: String] {
    var labels: [String: String] = [:]
    for (name, key, member) in reader.namedMembers(value, as: "labels") {
      guard readName(key, as: "a label's key") != nil, let text = readName(member, as: "a label")
      else { continue }
      labels[name] = text
    }
    return labels
  }

  /// Names, and each one's part.
  private mutating func readSplit(_ value: YAMLValue) -> [Labels.Share] {
    let members = reader.namedMembers(value, as: "split")
    let shares = members.compactMap { name, key, member -> Labels.Share? in
      guard readName(key, as: "a name that shares the cost") != nil,
        let weight = reader.number(member, as: "a share", in: 1...1_000_000)
      else { return nil }
      return Labels.Share(name: name, weight: weight)
    }
    if case .mapping(let pairs) = value.content, pairs.count < 2 {
      reader.report(
        "'split' shares a cost between several, and here is \(pairs.isEmpty ? "none" : "one")", at: value,
        hint: "such as split: { research: 60, product: 40 }; a label gives all of it to one")
    }
    return shares
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
    if let place = set?.hardware, set?.settings.preference?.others.isEmpty == false {
      reader.report(
        "an idle Space is moved to one hardware, which is cheaper", at: place, hint: "such as cpu-basic")
    }
    if let setValue, case .mapping(let members) = setValue.content, members.isEmpty {
      reader.report("idle sets nothing", at: setValue, hint: "such as { hardware: cpu-basic }")
    }
    guard let after, let set else { return nil }
    return (IdleRule(after: after, set: set.settings), set)
  }
}
