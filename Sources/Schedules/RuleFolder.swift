import LocatedYAML
public import Spaces

/// Why rules have to be written by hand, and where.
public struct RuleFolderProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

/// The texts of a folder of rule files, into which the rules of single Spaces are written: all else stays as it is,
/// with comments and order.
///
/// Where a policy is for the Space alone, it gets the new default and the new rules in place of its rules, templates
/// and idle rule; exceptions go on to hold. Else the Space gets a policy of its own behind the one that it had, with
/// that one's labels and all else that it says. Nothing that somebody wrote down for people is thrown away: where a
/// comment stands among what would have to go, that is a problem.
public struct RuleFolder: Sendable {
  public struct File: Sendable {
    public let name: String
    /// Empty for a file that is new.
    public let before: String
    fileprivate var content: YAMLLines

    public var text: String { content.text }
  }

  private var files: [File]
  private let newFile: String
  private let calendar: @Sendable (String, String) throws -> [UInt8]

  /// - Parameters:
  ///   - files: their names, for messages, and their texts.
  ///   - newFile: the name of the one that is made where none has policies.
  ///   - calendar: as for ``Schedules/read(_:calendar:)``.
  /// - Throws: ``RuleFolderProblem`` where the files have mistakes.
  public init(
    _ files: [(name: String, text: String)], newFile: String,
    calendar: @escaping @Sendable (String, String) throws -> [UInt8] = Schedules.noCalendars
  ) throws(RuleFolderProblem) {
    self.files = files.map { File(name: $0.name, before: $0.text, content: YAMLLines($0.text)) }
    self.newFile = newFile
    self.calendar = calendar
    let (schedules, diagnostics) = read()
    if let mistake = diagnostics.first(where: {
      $0.severity == .error && !schedules.conflicts.contains($0)
    }) {
      throw RuleFolderProblem(description: mistake.description)
    }
  }

  /// Those whose text is another now, in their order.
  public var changed: [File] { files.filter { $0.text != $0.before } }

  /// Writes what a Space should be: a default of hardware, sleep time and copies, and rules.
  ///
  /// - Parameters:
  ///   - policy: for one Space, with a name that is made another where it is taken.
  ///   - names: of the Space, the present one first.
  /// - Throws: ``RuleFolderProblem`` where that can't be done without losing or changing something else; then
  ///   nothing is changed.
  public mutating func put(_ policy: Policy, for names: [SpaceID]) throws(RuleFolderProblem) {
    var folder = self
    try folder.write(policy, for: names)
    self = folder
  }

  private mutating func write(_ policy: Policy, for names: [SpaceID]) throws(RuleFolderProblem) {
    let (schedules, _) = read()
    switch schedules.assignment(of: names) {
    case .policy(let present, _) where present.asks(for: policy): return
    case .policy(let present, let match):
      if !policy.rules.isEmpty, present.zone != policy.zone {
        throw problem(present, "it has another zone than the windows: \(present.zone.ianaName)")
      }
      if present.default.state == .paused { throw problem(present, "its default asks for a pause") }
      if match.isExact, present.patterns == [match.pattern] {
        try change(present, to: policy)
      } else {
        try split(policy, from: present, match, schedules)
      }
    case .unmanaged: try append(policy.named(besides: schedules))
    case .conflict(let policies):
      let list = policies.map { "\($0.name) (\($0.place.fileAndLine))" }.joined(separator: ", ")
      throw RuleFolderProblem(description: "\(policies.count) policies claim it: \(list)")
    }
    try verify(policy, for: names, schedules)
  }

  private func read() -> (schedules: Schedules, diagnostics: [Diagnostic]) {
    Schedules.read(files.map { (name: $0.name, text: $0.text) }, calendar: calendar)
  }

  /// The Space is asked for what is wanted, and nothing else has changed.
  private func verify(
    _ policy: Policy, for names: [SpaceID], _ before: Schedules
  ) throws(RuleFolderProblem) {
    let (after, diagnostics) = read()
    if let mistake = diagnostics.first(where: {
      $0.severity == .error && !before.conflicts.contains($0) && !after.conflicts.contains($0)
    }) {
      throw RuleFolderProblem(description: "it would be a mistake: \(mistake.message)")
    }
    let (assignment, new) = (before.assignment(of: names), after.assignment(of: names).policy)
    let expected = before.policies.flatMap { old -> [Policy] in
      guard case .policy(var present, let match) = assignment, present.name == old.name, let new else {
        return [old]
      }
      // All else that is said of the Space must be said still.
      var own = present
      (own.default.preference, own.default.sleep) = (new.default.preference, new.default.sleep)
      own.default.replicas = new.default.replicas
      (own.rules, own.idle) = (new.rules, nil)
      guard new.name != present.name else { return [own] }
      (own.name, own.patterns, own.labels) = (new.name, new.patterns, Labels())
      own.labels.ofPolicy = present.labels.labels(of: match.pattern)
      if match.isExact { present.patterns.removeAll { $0 == match.pattern } }
      return [present, own]
    }.map(\.unplaced)
    let found = after.policies.map(\.unplaced)
    guard new?.asks(for: policy) == true, expected.allSatisfy(found.contains),
      after.conflicts.count == before.conflicts.count, after.accounts == before.accounts
    else {
      throw RuleFolderProblem(description: "it can't be written without changing what is there")
    }
  }

  // MARK: A policy for one Space

  private mutating func change(_ present: Policy, to policy: Policy) throws(RuleFolderProblem) {
    let file = try index(of: present)
    // Each is looked for anew, as lines move.
    for key in ["idle", "rules", "templates"] {
      guard let member = member(key, of: present, in: file) else { continue }
      let block = try lines(of: member, present, in: file)
      if let line = files[file].content.comment(in: block) {
        throw problem(present, "a comment stands where its \(key) would have to go", line: line)
      }
      files[file].content.replace(block)
    }
    try changeDefault(of: present, to: policy, in: file)
    guard !policy.rules.isEmpty else { return }
    guard let member = member("default", of: present, in: file) else {
      throw problem(present, "it has no default")
    }
    let block = try lines(of: member, present, in: file)
    files[file].content.insert(
      policy.ruleLines.map { String(repeating: " ", count: member.key.column - 1) + $0 },
      after: block.upperBound)
  }

  private mutating func changeDefault(
    of present: Policy, to policy: Policy, in file: Int
  ) throws(RuleFolderProblem) {
    guard let standard = member("default", of: present, in: file), !standard.value.isNull else {
      guard let spaces = member("spaces", of: present, in: file) else { return }
      let block = try lines(of: spaces, present, in: file)
      if let empty = member("default", of: present, in: file) {
        throw problem(present, "its default is empty", line: empty.key.line)
      }
      files[file].content.insert(
        [String(repeating: " ", count: spaces.key.column - 1) + policy.defaultLine], after: block.upperBound)
      return
    }
    let settings = policy.default
    if present.default.preference != settings.preference, let hardware = settings.hardware {
      try set("hardware", to: hardware.rawValue, before: true, in: standard.value, of: present, file)
    }
    if present.default.sleep != settings.sleep {
      try set("sleep", to: settings.sleep?.ruleText, of: present, in: file)
    }
    if present.default.replicas ?? 1 != settings.replicas ?? 1 {
      try set("replicas", to: settings.replicas.map { "\($0)" }, of: present, in: file)
    }
  }

  /// Gives a key of a default another value, or takes it out: lines may have moved.
  private mutating func set(
    _ key: String, to text: String?, of present: Policy, in file: Int
  ) throws(RuleFolderProblem) {
    guard let standard = member("default", of: present, in: file) else { return }
    if let text {
      try set(key, to: text, before: false, in: standard.value, of: present, file)
    } else {
      try remove(key, from: standard.value, of: present, file)
    }
  }

  /// Takes a key out of a default that has another.
  private mutating func remove(
    _ key: String, from value: YAMLValue, of present: Policy, _ file: Int
  ) throws(RuleFolderProblem) {
    guard case .mapping(let members) = value.content,
      let index = members.firstIndex(where: { $0.key.text == key })
    else { return }
    let (name, old) = members[index]
    guard let length = files[file].content.length(of: old) else {
      throw problem(present, "the \(key) of its default is no plain word", line: old.line)
    }
    guard files[file].content.rest(ofLine: value.line, from: value.column).hasPrefix("{") else {
      guard files[file].content.lines[name.line - 1].prefix(name.column - 1).allSatisfy({ $0 == " " }) else {
        throw problem(present, "the \(key) of its default can't be taken out by itself", line: old.line)
      }
      if let line = files[file].content.comment(in: name.line...old.line) {
        throw problem(
          present, "a comment stands where the \(key) of its default would have to go", line: line)
      }
      files[file].content.replace(name.line...old.line)
      return
    }
    // With the comma before it or, where it is the first, behind it.
    var (start, end) = (name.column, old.column + length)
    if index > 0, case let before = members[index - 1].value,
      let width = files[file].content.length(of: before), before.line == old.line
    {
      start = before.column + width
    } else if index == 0, members.count > 1, members[1].key.line == old.line {
      end = members[1].key.column
    } else {
      throw problem(present, "the \(key) of its default can't be taken out by itself", line: old.line)
    }
    files[file].content.replace(end - start, ofLine: old.line, from: start, with: "")
  }

  /// Gives a key of a default another value, or adds it.
  private mutating func set(
    _ key: String, to text: String, before: Bool, in value: YAMLValue, of present: Policy, _ file: Int
  ) throws(RuleFolderProblem) {
    guard case .mapping(let members) = value.content else {
      throw problem(present, "its default has no keys")
    }
    if let old = members.first(where: { $0.key.text == key })?.value {
      guard let length = files[file].content.length(of: old) else {
        throw problem(present, "the \(key) of its default is no plain word", line: old.line)
      }
      files[file].content.replace(length, ofLine: old.line, from: old.column, with: text)
      return
    }
    let pair = "\(key): \(text)"
    let isFlow = files[file].content.rest(ofLine: value.line, from: value.column).hasPrefix("{")
    guard let neighbour = before ? members.first : members.last else {
      guard isFlow else { throw problem(present, "its default is empty", line: value.line) }
      files[file].content.replace(0, ofLine: value.line, from: value.column + 1, with: " \(pair)")
      return
    }
    if !isFlow {
      let indent = neighbour.key.column - 1
      let end =
        before ? neighbour.key.line - 1 : files[file].content.endOfBlock(at: neighbour.key.line, indent)
      files[file].content.insert([String(repeating: " ", count: indent) + pair], after: end)
    } else if before {
      files[file].content.replace(
        0, ofLine: neighbour.key.line, from: neighbour.key.column, with: "\(pair), ")
    } else if let length = files[file].content.length(of: neighbour.value) {
      files[file].content.replace(
        0, ofLine: neighbour.value.line, from: neighbour.value.column + length, with: ", \(pair)")
    } else {
      // Behind a list there is no telling where it ends.
      files[file].content.replace(
        0, ofLine: neighbour.key.line, from: neighbour.key.column, with: "\(pair), ")
    }
  }

  // MARK: A policy of its own

  private mutating func split(
    _ policy: Policy, from present: Policy, _ match: Match, _ schedules: Schedules
  ) throws(RuleFolderProblem) {
    let file = try index(of: present)
    if present.isGranted || present.budget != nil || !present.labels.split.isEmpty
      || !present.exceptions.isEmpty
    {
      throw problem(
        present,
        "it is for other Spaces, too, and its grant, budget, split or exceptions would hold for this one no more"
      )
    }
    var own = policy.named(besides: schedules)
    own.labels.ofPolicy = present.labels.labels(of: match.pattern)
    own.default.state = present.default.state
    (own.zone, own.drift, own.pausesWhereRefused) = (present.zone, present.drift, present.pausesWhereRefused)
    (own.readsVariables, own.priority) = (present.readsVariables, present.priority)
    guard let indent = files[file].content.indentOfDash(inLine: present.place.line) else {
      throw problem(present, "it does not begin on a line of its own with '- '")
    }
    let end = files[file].content.endOfBlock(at: present.place.line, indent)
    let namesZone = member("zone", of: present, in: file) != nil
    files[file].content.insert([""] + own.lines(indent: indent, namesZone: namesZone), after: end)
    if match.isExact { try takeOut(match.pattern, of: present, in: file) }
  }

  /// Two policies must not give the same name.
  private mutating func takeOut(
    _ pattern: SpacePattern, of present: Policy, in file: Int
  ) throws(RuleFolderProblem) {
    guard let spaces = member("spaces", of: present, in: file),
      case .sequence(let elements) = spaces.value.content,
      let index = elements.firstIndex(where: { $0.text == pattern.description }),
      let length = files[file].content.length(of: elements[index])
    else { throw problem(present, "the name of the Space can't be taken out of its list by itself") }
    let (line, column) = (elements[index].line, elements[index].column)
    let before = files[file].content.lines[line - 1].prefix(column - 1)
    let after = files[file].content.rest(ofLine: line, from: column + length)
    if before.allSatisfy({ $0 == " " || $0 == "-" }), after.allSatisfy({ $0 == " " }) {
      files[file].content.replace(line...line)
    } else if let comma = after.prefix(while: { $0 == " " || $0 == "," }).firstIndex(of: ",") {
      // In a list on one line with its comma, and the space behind that.
      let gap = after[after.index(after: comma)...].prefix { $0 == " " }
      let taken = after.distance(from: after.startIndex, to: gap.endIndex)
      files[file].content.replace(length + taken, ofLine: line, from: column, with: "")
    } else if let comma = before.lastIndex(of: ","), before[comma...].dropFirst().allSatisfy({ $0 == " " }) {
      let start = before.distance(from: before.startIndex, to: comma)
      files[file].content.replace(column - 1 - start + length, ofLine: line, from: start + 1, with: "")
    } else {
      throw problem(present, "the name of the Space can't be taken out of its list by itself", line: line)
    }
  }

  /// Behind the last policy of the last file that has one; a file of its own where none has.
  private mutating func append(_ policy: Policy) throws(RuleFolderProblem) {
    for file in files.indices.reversed() {
      guard let last = policies(of: file).last,
        let indent = files[file].content.indentOfDash(inLine: last.line)
      else { continue }
      let end = files[file].content.endOfBlock(at: last.line, indent)
      files[file].content.insert([""] + policy.lines(indent: indent), after: end)
      return
    }
    guard !files.contains(where: { $0.name == newFile }) else {
      throw RuleFolderProblem(description: "\(newFile) has no list of policies with a line for each")
    }
    files.append(
      File(name: newFile, before: "", content: YAMLLines("version: 1\npolicies:\n" + policy.yaml())))
  }

  // MARK: Finding the way

  private func index(of policy: Policy) throws(RuleFolderProblem) -> Int {
    guard let index = files.firstIndex(where: { $0.name == policy.place.file }) else {
      throw problem(policy, "its file is not in this folder")
    }
    return index
  }

  private func policies(of file: Int) -> [YAMLValue] {
    guard let root = YAMLReader(file: files[file].name, text: files[file].text).root,
      case .mapping(let keys) = root.content,
      case .sequence(let policies)? = keys.first(where: { $0.key.text == "policies" })?.value.content
    else { return [] }
    return policies
  }

  private func member(_ key: String, of policy: Policy, in file: Int) -> (key: YAMLValue, value: YAMLValue)? {
    for value in policies(of: file) {
      guard case .mapping(let members) = value.content,
        members.contains(where: { $0.key.text == "name" && $0.value.text == policy.name })
      else { continue }
      return members.first { $0.key.text == key }
    }
    return nil
  }

  /// The lines of a key of a policy and what belongs to it: no other key may stand on them.
  private func lines(
    of member: (key: YAMLValue, value: YAMLValue), _ policy: Policy, in file: Int
  ) throws(RuleFolderProblem) -> ClosedRange<Int> {
    let (line, indent) = (member.key.line, member.key.column - 1)
    let content = files[file].content
    guard content.lines[line - 1].prefix(indent).allSatisfy({ $0 == " " }) else {
      throw problem(policy, "its keys do not stand on lines of their own", line: line)
    }
    return line...content.endOfBlock(at: line, indent)
  }

  private func problem(_ policy: Policy, _ why: String, line: Int? = nil) -> RuleFolderProblem {
    RuleFolderProblem(
      description: "policy \(policy.name) (\(policy.place.file):\(line ?? policy.place.line)): \(why)")
  }
}

extension Policy {
  /// Whether it makes of its Spaces what another would, but for exceptions: the same default hardware, sleep time and
  /// copies, and the same rules.
  fileprivate func asks(for other: Policy) -> Bool {
    idle == nil && `default`.preference == other.default.preference && `default`.sleep == other.default.sleep
      && `default`.state != .paused && `default`.replicas ?? 1 == other.default.replicas ?? 1
      && rules.map(\.unplaced) == other.rules.map(\.unplaced)
      && (rules.isEmpty || zone == other.zone)
  }

  /// What it says, wherever it stands.
  fileprivate var unplaced: Policy {
    var policy = self
    policy.place = .inNoFile
    policy.budget?.place = .inNoFile
    policy.rules = rules.map(\.unplaced)
    policy.exceptions = exceptions.map { exception in
      var exception = exception
      exception.place = .inNoFile
      return exception
    }
    return policy
  }

  /// The same under a name that nobody has.
  fileprivate func named(besides schedules: Schedules) -> Policy {
    let taken = Set(schedules.policies.map(\.name))
    var policy = self
    var count = 1
    while taken.contains(policy.name) {
      count += 1
      policy.name = "\(name)-\(count)"
    }
    return policy
  }
}

extension Rule {
  fileprivate var unplaced: Rule {
    var rule = self
    rule.place = .inNoFile
    return rule
  }
}
