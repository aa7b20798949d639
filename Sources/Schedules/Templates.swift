import LocatedYAML
import Spelling

/// A set of rules with a name, which policies use and override in part.
struct Template {
  let name: String
  let rules: [RuleDraft]
  let place: Place
  let isBuiltIn: Bool

  /// A policy's default is what its Spaces run on while they are used; templates take them down in between.
  /// A rule with an empty set brings the default back.
  private static let builtInText = """
    version: 1
    templates:
      - name: office-hours
        rules:
          - { name: opening, cron: "0 8 * * MON-FRI", set: {} }
          - { name: closing, cron: "0 18 * * MON-FRI", set: { hardware: cpu-basic } }
      - name: nights-off
        rules:
          - { name: morning, cron: "0 7 * * *", set: {} }
          - { name: evening, cron: "0 20 * * *", set: { hardware: cpu-basic } }
      - name: weekend-off
        rules:
          - { name: monday, cron: "0 7 * * MON", set: {} }
          - { name: friday, cron: "0 20 * * FRI", set: { hardware: cpu-basic } }
    """

  /// `office-hours`, `nights-off` and `weekend-off`.
  static let builtIn: [Template] = {
    var reading = FileReading(YAMLReader(file: "built-in templates", text: builtInText), templates: [])
    return reading.readTemplates(areBuiltIn: true)
  }()
}

extension FileReading {
  /// The templates that a file defines.
  mutating func readTemplates(areBuiltIn: Bool = false) -> [Template] {
    guard let members else { return [] }
    var templates: [Template] = []
    for value in elements(members["templates"], as: "templates") {
      guard let template = readTemplate(value, isBuiltIn: areBuiltIn) else { continue }
      templates.append(template)
    }
    return templates
  }

  private mutating func readTemplate(_ value: YAMLValue, isBuiltIn: Bool) -> Template? {
    let what = "a template"
    guard let members = reader.mapping(value, as: what, keys: ["name", "rules"]),
      let nameValue = required(members["name"], "name", in: what, at: value),
      let name = readName(nameValue, as: "a template's name"),
      let rulesValue = required(members["rules"], "rules", in: what, at: value)
    else { return nil }
    if !isBuiltIn, Template.builtIn.contains(where: { $0.name == name }) {
      reader.report(
        "the template '\(name)' is built in", at: nameValue,
        hint: "choose another name, or override its rules in the policy that uses it")
    }
    var rules: [RuleDraft] = []
    for element in reader.sequence(rulesValue, as: "a template's rules") {
      guard let draft = readDraft(element, zone: nil) else { continue }
      guard
        required(draft.namePlace == nil ? nil : element, "name", in: "a template's rule", at: element) != nil,
        required(draft.cron == nil ? nil : element, "cron", in: "a template's rule", at: element) != nil,
        required(draft.set == nil ? nil : element, "set", in: "a template's rule", at: element) != nil
      else { continue }
      if rules.contains(where: { $0.name == draft.name }) {
        reader.report("this template has a rule '\(draft.name ?? "")' already", at: element)
      }
      rules.append(draft)
    }
    return Template(name: name, rules: rules, place: reader.place(of: nameValue), isBuiltIn: isBuiltIn)
  }

  /// The templates that a policy uses, with where it names them.
  mutating func readTemplates(of value: YAMLValue?) -> [(template: Template, value: YAMLValue)] {
    guard let value = given(value) else { return [] }
    let names: [YAMLValue]
    if value.text != nil {
      names = [value]
    } else {
      names = reader.sequence(value, as: "a policy's templates", ofTexts: true)
    }
    var used: [(template: Template, value: YAMLValue)] = []
    for name in names {
      guard let text = reader.text(name, as: "a template's name") else { continue }
      let known = Template.builtIn + templates
      guard let template = known.first(where: { $0.name == text }) else {
        let nearest = Spelling.nearest(to: text, among: known.map(\.name))
        reader.report(
          "there is no template '\(text)'", at: name,
          hint: nearest.map { "did you mean '\($0)'?" }
            ?? "known: \(known.map(\.name).joined(separator: ", "))")
        continue
      }
      if used.contains(where: { $0.template.name == text }) {
        reader.report("'\(text)' is given twice in this policy", at: name, severity: .warning)
        continue
      }
      used.append((template, name))
    }
    return used
  }

  /// What is off for the weekend must not come back on Saturday morning.
  mutating func warnOfWeekends(_ rules: [ReadRule], of templates: [Template], at value: YAMLValue?) {
    let names = templates.filter(\.isBuiltIn).map(\.name)
    guard let value, names.contains("nights-off"), names.contains("weekend-off"),
      let morning = rules.first(where: { $0.rule.name == "morning" }),
      morning.rule.cron.description == "0 7 * * *"
    else { return }
    reader.report(
      "'morning' of nights-off fires on Saturday as well, and ends what weekend-off has taken down",
      at: value, hint: "override it: rules: [{ name: morning, cron: \"0 7 * * MON-FRI\" }]",
      severity: .warning)
  }
}
