import Cron
import Foundation
import LocatedYAML
import Spelling
import Timelines

/// A rule as written: a template's, or a policy's that may leave to a template what it does not say.
struct RuleDraft {
  var name: String?
  var namePlace: Place?
  var cron: (expression: CronExpression, place: Place)?
  var set: FileReading.ReadSettings?
  var cycle: WeekCycle?
  var validity: Range<Instant>?
  /// `ready`; nil inside where it says false, as it may take back what a template says.
  var lead: Lead??
  var value: YAMLValue

  /// What this one says, and the rest from a template's; of `set`, key by key.
  func completed(by template: RuleDraft) -> RuleDraft {
    var draft = self
    draft.cron = cron ?? template.cron
    draft.cycle = cycle ?? template.cycle
    draft.lead = lead ?? template.lead
    draft.set = template.set.map { set?.completed(by: $0) ?? $0 } ?? set
    return draft
  }
}

extension RuleDraft {
  /// Makes all that may be wrong with it be told of a place.
  fileprivate mutating func move(to place: Place) {
    namePlace = place
    cron?.place = place
    set?.place = place
    if set?.hardware != nil { set?.hardware = place }
  }
}

extension FileReading {
  /// The rules of a policy: those of its templates, with what it says of them, and its own.
  mutating func readRules(_ members: [String: YAMLValue], zone: TimeZone) -> [ReadRule] {
    var drafts = elements(members["rules"], as: "a policy's rules").compactMap { readDraft($0, zone: zone) }
    var rules: [ReadRule] = []
    let templates = readTemplates(of: members["templates"])
    for (template, value) in templates {
      for var inherited in template.rules {
        // A person looks for a built-in rule where its template is asked for.
        if template.isBuiltIn { inherited.move(to: reader.place(of: value)) }
        if rules.contains(where: { $0.rule.name == inherited.name }) {
          reader.report(
            "the template '\(template.name)' has a rule '\(inherited.name ?? "")', as another template of this policy has",
            at: value, hint: "write that rule yourself, and use one of the two templates")
          continue
        }
        if let own = drafts.firstIndex(where: { $0.name == inherited.name }) {
          inherited = drafts.remove(at: own).completed(by: inherited)
        }
        rules += [rule(inherited)].compactMap(\.self)
      }
    }
    warnOfWeekends(rules, of: templates.map(\.template), at: members["templates"])
    let overridable = templates.flatMap { $0.template.rules.compactMap(\.name) }
    for draft in drafts {
      if let name = draft.name, let place = draft.namePlace, !overridable.isEmpty,
        draft.cron == nil || draft.set == nil
      {
        reader.report(
          rules.contains { $0.rule.name == name }
            ? "the rule '\(name)' is overridden already"
            : "no template of this policy has a rule '\(name)' to override",
          at: place,
          hint: Spelling.nearest(to: name, among: overridable).map {
            $0 == name ? "write it once" : "did you mean '\($0)'?"
          }
            ?? "their rules: \(overridable.joined(separator: ", "))")
        continue
      }
      _ = required(draft.cron == nil ? nil : draft.value, "cron", in: "a rule", at: draft.value)
      _ = required(draft.set == nil ? nil : draft.value, "set", in: "a rule", at: draft.value)
      rules += [rule(draft)].compactMap(\.self)
    }
    return rules
  }

  private mutating func rule(_ draft: RuleDraft) -> ReadRule? {
    guard let cron = draft.cron, var set = draft.set else { return nil }
    settleWithin(&set)
    let rule = Rule(
      name: draft.name, cron: cron.expression, set: set.settings, cycle: draft.cycle,
      validity: draft.validity ?? Instant.distantPast..<Instant.distantFuture, lead: draft.lead ?? nil,
      place: cron.place)
    return ReadRule(rule: rule, set: set, name: draft.namePlace)
  }

  /// - Parameter zone: nil for a template's rule, which has no dates of its own.
  mutating func readDraft(_ value: YAMLValue, zone: TimeZone?) -> RuleDraft? {
    let dates = zone == nil ? [] : ["from", "until"]
    guard
      let members = reader.mapping(
        value, as: "a rule", keys: ["name", "cron", "set", "every", "starting", "ready"] + dates)
    else { return nil }
    var draft = RuleDraft(value: value)
    let name = given(members["name"])
    draft.namePlace = name.map { reader.place(of: $0) }
    draft.name = name.flatMap { readName($0, as: "a rule's name") }
    var isReadable = true
    if let cron = given(members["cron"]) {
      let expression = readCron(cron)
      draft.cron = expression.map { ($0, reader.place(of: cron)) }
      isReadable = expression != nil
    }
    draft.set = given(members["set"]).map { value in
      // Nothing completes a template's rule.
      zone == nil ? readSettings(value, as: "a set") : readSettingsToComplete(value, as: "a set")
    }
    draft.cycle = readCycle(members["every"], starting: members["starting"], of: draft.cron?.expression)
    if let zone { draft.validity = readValidity(members["from"], members["until"], zone: zone) }
    draft.lead = given(members["ready"]).map { readLead($0) }
    // What can't be read is told once; that it is there, counts.
    return isReadable ? draft : nil
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

  private mutating func readCycle(
    _ every: YAMLValue?, starting: YAMLValue?, of cron: CronExpression?
  ) -> WeekCycle? {
    guard let every = given(every) else {
      if let starting = given(starting) {
        reader.report(
          "'starting' says which week is the first of 'every', which is missing", at: starting,
          hint: "such as every: 2w; a rule that is valid from a date on says from:")
      }
      return nil
    }
    let weeks = reader.read(every, as: "a number of weeks") { text throws(InvalidTime) in
      guard text.wholeMatch(of: #/[0-9]+w/#) != nil, let weeks = Int64(text.dropLast()),
        (1...52).contains(weeks)
      else {
        throw InvalidTime(
          text: text, expected: "a number of weeks from 1w to 52w", hint: "every second week is 2w")
      }
      return weeks
    }
    guard let starting = required(starting, "starting", in: "a rule with 'every'", at: every) else {
      return nil
    }
    let start = reader.read(starting, as: "a date") { text throws(InvalidTime) in try CivilDate(text) }
    guard let weeks, let start else { return nil }
    return WeekCycle(weeks: weeks, from: start)
  }

  /// `[from, until)`; an end that is not given is none.
  mutating func readValidity(_ from: YAMLValue?, _ until: YAMLValue?, zone: TimeZone) -> Range<Instant>? {
    func instant(_ value: YAMLValue, _ reader: inout YAMLReader) -> Instant? {
      reader.read(value, as: "a date or an instant") { text throws(InvalidTime) in
        try Instant(text, zone: zone)
      }
    }
    let (from, until) = (given(from), given(until))
    let start = from.map { instant($0, &reader) } ?? .distantPast
    let end = until.map { instant($0, &reader) } ?? .distantFuture
    guard let start, let end else { return nil }
    guard start < end else {
      if let until {
        reader.report(
          "it ends before it begins: 'until' is exclusive and later than 'from'", at: until,
          hint: "the day after the last, for whole days")
      } else if let from {
        reader.report(
          "it never begins: no time comes after this", at: from, hint: "to switch a rule off, remove it")
      }
      return nil
    }
    return start..<end
  }

  private mutating func readLead(_ value: YAMLValue) -> Lead? {
    switch value.text {
    case "true": return .measured
    case "false": return nil
    default:
      return readDuration(value, as: "ready", from: 1, to: 6 * 3600).map { .fixed($0) }
    }
  }
}
