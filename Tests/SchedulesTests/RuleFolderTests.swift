import Cron
import Foundation
import LocatedYAML
import Schedules
import Spaces
import TestSupport
import Testing
import Timelines

private let place = Place(file: "test", line: 1, column: 1)

/// As a recommendation has it.
private func wanted(_ sleep: String, window: String? = nil, of space: String = "acme/chat") throws -> Policy {
  let rules =
    window.map { window in
      [("opening", "0 9 * * MON-FRI", window), ("closing", "0 18 * * MON-FRI", sleep)]
    } ?? []
  return Policy(
    name: "\(try SpaceID(space).name)-recommended", patterns: [try SpacePattern(space)],
    default: Settings(hardware: .t4Small, sleep: try SleepTime(ruleText: sleep)),
    rules: try rules.map { name, cron, sleep in
      Rule(
        name: name, cron: try CronExpression(cron), set: Settings(sleep: try SleepTime(ruleText: sleep)),
        place: place)
    }, zone: try TimeZone(ianaName: "Europe/Paris"), place: place)
}

private let window = """
      rules:
        - { name: opening, cron: "0 9 * * MON-FRI", set: { sleep: 1h } }
        - { name: closing, cron: "0 18 * * MON-FRI", set: { sleep: 5m } }

  """

/// What becomes of the policies of a file.
private func put(
  _ policy: Policy, into policies: String, of space: String = "acme/chat"
) throws -> String {
  let head = "# Ours.\nversion: 1\nzone: Europe/Paris\npolicies:\n"
  var folder = try RuleFolder([("rules.yaml", head + policies)], newFile: "new.yaml")
  try folder.put(policy, for: [SpaceID(space)])
  guard let file = folder.changed.first else { return policies }
  #expect(file.text.hasPrefix(head) && file.before == head + policies)
  // Once more changes nothing.
  var again = try RuleFolder([("rules.yaml", file.text)], newFile: "new.yaml")
  try again.put(policy, for: [SpaceID(space)])
  #expect(again.changed.isEmpty)
  return String(file.text.dropFirst(head.count))
}

/// A policy for the Space alone.
private func alone(_ standard: String, _ rules: String = "") -> String {
  "  - name: chat\n    spaces: [acme/chat]\n    default: \(standard)\n\(rules)    protect: false\n"
}

private func problem(_ policy: Policy, into policies: String) throws -> String {
  let error = #expect(throws: RuleFolderProblem.self) { try put(policy, into: policies) }
  return error?.description ?? ""
}

@Test func aPolicyForOneSpaceGetsItsSleepTimeWhereItStands() throws {
  let others = """
      # About others.
      - { name: others, spaces: ["acme/*"], default: { hardware: cpu-basic } }

    """
  #expect(
    try put(
      wanted("5m"),
      into: """
          - name: chat   # the chat
            spaces: [acme/chat]
            # It sleeps.
            default: { hardware: t4-small, sleep: 1h }   # an hour
            drift: enforce
        \(others)
        """)
        == """
          - name: chat   # the chat
            spaces: [acme/chat]
            # It sleeps.
            default: { hardware: t4-small, sleep: 5m }   # an hour
            drift: enforce
        \(others)
        """)
}

@Test(arguments: [
  ("{ hardware: t4-small }", "{ hardware: t4-small, sleep: 5m }"),
  ("{ sleep: \"2h\" }", "{ hardware: t4-small, sleep: 5m }"),
  ("{ hardware: 'cpu-basic', sleep: never }", "{ hardware: t4-small, sleep: 5m }"),
  ("{}", "{ sleep: 5m, hardware: t4-small}"),
  (
    "\n      hardware: t4-small  # small\n      state: running",
    "\n      hardware: t4-small  # small\n      state: running\n      sleep: 5m"
  ),
  ("\n      sleep: 1h", "\n      hardware: t4-small\n      sleep: 5m"),
]) func aDefaultIsChangedHoweverItIsWritten(before: String, after: String) throws {
  let result = try put(wanted("5m"), into: alone(before))
  if before == "{}" {
    #expect(result.contains("sleep: 5m") && result.contains("hardware: t4-small"))
  } else {
    #expect(result == alone(after))
  }
}

/// A recommendation has as many copies as today's rules ask for, in the default or in rules, which go.
@Test(arguments: [
  ("{ hardware: t4-small, sleep: 1h, replicas: 2 }", "{ hardware: t4-small, sleep: 5m, replicas: 2 }"),
  ("{ hardware: t4-small, sleep: 5m }", "{ hardware: t4-small, sleep: 5m, replicas: 2 }"),
  ("{ replicas: 3 }", "{ sleep: 5m, hardware: t4-small, replicas: 2 }"),
  ("\n      hardware: t4-small", "\n      hardware: t4-small\n      sleep: 5m\n      replicas: 2"),
]) func copiesAreWritten(before: String, after: String) throws {
  var wanted = try wanted("5m")
  wanted.default.replicas = 2
  let rules = "    rules: [{ cron: '0 8 * * *', set: { replicas: 2 } }]\n"
  let result = try put(wanted, into: alone(before, rules))
  #expect(result.contains("replicas: 2") && result.contains("hardware: t4-small"))
  if before != "{ replicas: 3 }" { #expect(result == alone(after)) }
  // And without: one is what there is where nobody asks for more.
  wanted.default.replicas = nil
  #expect(
    try put(wanted, into: alone(after))
      == alone(after.replacing(", replicas: 2", with: "").replacing("\n      replicas: 2", with: "")))
}

/// In the hours of today's rules the hardware stays, also a list of them.
@Test func aListOfHardwareStaysWhereOnlyTheSleepTimeIsAnother() throws {
  var wanted = try wanted("5m")
  wanted.default.preference = HardwarePreference(.t4Small, others: [.a10gSmall])
  let text =
    "  - name: chat\n    spaces: [acme/chat]\n    default: { hardware: [t4-small, a10g-small], sleep: 1h }\n"
  #expect(try put(wanted, into: text) == text.replacing("sleep: 1h", with: "sleep: 5m"))
}

@Test func aPolicyOfItsOwnHasItsCopies() throws {
  var wanted = try wanted("5m")
  wanted.default.replicas = 2
  let all = "  - name: all\n    spaces: [\"acme/*\"]\n    default: { hardware: t4-small, replicas: 3 }\n"
  let result = try put(wanted, into: all)
  #expect(result.hasPrefix(all))
  #expect(result.contains("default: { hardware: t4-small, sleep: 5m, replicas: 2 }"), "\(result)")
}

/// On free hardware nobody sets a sleep time.
@Test(arguments: [
  ("{ hardware: t4-small, sleep: 1h }", "{ hardware: cpu-basic }"),
  ("{ sleep: \"1h\", hardware: t4-small }", "{ hardware: cpu-basic }"),
  ("{ sleep: 1h }", "{ hardware: cpu-basic }"),
  ("{ hardware: t4-small, sleep: 1h, state: running }", "{ hardware: cpu-basic, state: running }"),
  ("\n      hardware: t4-small  # small\n      sleep: 1h", "\n      hardware: cpu-basic  # small"),
]) func aDefaultOfFreeHardwareHasNoSleepTime(before: String, after: String) throws {
  var wanted = try wanted("5m")
  wanted.default = Settings(hardware: .cpuBasic)
  #expect(try put(wanted, into: alone(before)) == alone(after))
  let commented = alone("\n      hardware: t4-small\n      sleep: 1h  # as ever")
  #expect(try problem(wanted, into: commented).contains("a comment stands where the sleep"))
  let tabbed = alone("\n      hardware: t4-small\n      sleep: 1h\t# as ever")
  #expect(try problem(wanted, into: tabbed).contains("a comment stands where the sleep"))
  let anchored = alone("&usual { hardware: t4-small, sleep: 1h }")
  #expect(try problem(wanted, into: anchored).contains("the sleep of its default can't be taken out"))
}

/// Many write the elements of a list right below its key.
@Test func listsNeedNoIndent() throws {
  let result = try put(
    wanted("5m", window: "1h"),
    into: """
        - name: chat
          spaces:
          - acme/chat
          rules:
          - name: late
            cron: "0 20 * * *"
            set: { hardware: cpu-basic }
          default: { hardware: t4-small, sleep: 30m }
        - name: others
          spaces:
          - acme/others
          default: { hardware: cpu-basic }

      """)
  #expect(
    result == """
        - name: chat
          spaces:
          - acme/chat
          default: { hardware: t4-small, sleep: 5m }
      \(window)  - name: others
          spaces:
          - acme/others
          default: { hardware: cpu-basic }

      """)
}

@Test func windowsComeBehindTheDefault() throws {
  #expect(
    try put(
      wanted("5m", window: "1h"),
      into: "  - name: chat\n    spaces:\n      - acme/chat\n\n    # To be discussed.\n    drift: report\n")
      == "  - name: chat\n    spaces:\n      - acme/chat\n    default: { hardware: t4-small, sleep: 5m }\n"
      + window
      + "\n    # To be discussed.\n    drift: report\n")
}

@Test func rulesAreReplacedAndExceptionsStay() throws {
  let exceptions = """
        exceptions:
          # The board comes.
          - { name: board, from: 2026-12-01, until: 2026-12-02, set: { sleep: never } }

    """
  let result = try put(
    wanted("5m", window: "1h"),
    into: """
        - name: chat
          spaces: [acme/chat]
          templates: office-hours
          default: { hardware: t4-small, sleep: 30m }
          idle: { after: 2h, set: { hardware: cpu-basic } }
          rules:
            - name: late
              cron: "0 20 * * *"
              set: { hardware: cpu-basic }

      \(exceptions)
      """)
  #expect(
    result
      == "  - name: chat\n    spaces: [acme/chat]\n    default: { hardware: t4-small, sleep: 5m }\n" + window
      + "\n"
      + exceptions)
}

@Test func aPatternKeepsItsOtherSpaces() throws {
  let all =
    "  - name: all\n    spaces: [\"acme/*\"]\n    labels: { team: \"R & D\" }\n    drift: enforce\n    priority: 7\n"
  let next = "  # The next.\n  - { name: next, spaces: [labs/x] }\n"
  #expect(
    try put(wanted("5m", window: "1h"), into: all + next) == all + """

        - name: chat-recommended
          spaces: [acme/chat]
          zone: Europe/Paris
          labels: { team: "R & D" }
          drift: enforce
          priority: 7
          default: { hardware: t4-small, sleep: 5m }

      """ + window + next)
}

@Test(arguments: [
  ("[acme/chat, acme/other]", "[acme/other]"), ("[acme/other, acme/chat]", "[acme/other]"),
  ("[\"acme/a-*\", 'acme/chat' ,acme/b]", "[\"acme/a-*\", acme/b]"),
  ("\n      - acme/chat\n      - acme/other  # stays", "\n      - acme/other  # stays"),
]) func aNameIsTakenOutOfTheListOfOthers(before: String, after: String) throws {
  let result = try put(
    wanted("5m"), into: "  - name: some\n    spaces: \(before)\n    default: { hardware: cpu-basic }\n")
  #expect(
    result
      == "  - name: some\n    spaces: \(after)\n    default: { hardware: cpu-basic }\n\n" + """
          - name: chat-recommended
            spaces: [acme/chat]
            default: { hardware: t4-small, sleep: 5m }

        """)
}

@Test func whoHasNoPolicyComesAtTheEnd() throws {
  let other = "  - name: chat-recommended\n    spaces: [labs/chat]\n"
  #expect(
    try put(wanted("5m"), into: other)
      == other
      + "\n  - name: chat-recommended-2\n    spaces: [acme/chat]\n    default: { hardware: t4-small, sleep: 5m }\n"
  )
  var folder = try RuleFolder([], newFile: "new.yaml")
  try folder.put(wanted("5m"), for: [SpaceID("acme/chat")])
  try folder.put(wanted("1h", window: "2h", of: "labs/chat"), for: [SpaceID("labs/chat")])
  let file = try #require(folder.changed.first)
  #expect(file.name == "new.yaml" && file.before.isEmpty && folder.changed.count == 1)
  let (schedules, mistakes) = Schedules.read([(file.name, file.text)])
  #expect(mistakes.isEmpty && schedules.policies.map(\.name) == ["chat-recommended", "chat-recommended-2"])
}

@Test func linesKeepTheirEnds() throws {
  let text =
    "version: 1\r\npolicies:\r\n  - name: chat\r\n    spaces: [acme/chat]\r\n    default: { hardware: t4-small }\r\n"
  var folder = try RuleFolder([("rules.yaml", text)], newFile: "new.yaml")
  try folder.put(wanted("5m"), for: [SpaceID("acme/chat")])
  #expect(folder.changed.first?.text == text.replacing("t4-small", with: "t4-small, sleep: 5m"))
}

@Test func whatCantBeWrittenSafelyIsSaidWithItsPlace() throws {
  let own = "  - name: chat\n    spaces: [acme/chat]\n    default: { hardware: t4-small }\n"
  #expect(
    try problem(
      wanted("5m"),
      into: own + "    rules:\n      # Nights are quiet.\n      - { cron: \"0 20 * * *\", set: {} }\n")
      == "policy chat (rules.yaml:9): a comment stands where its rules would have to go")
  #expect(
    try problem(wanted("5m", window: "1h"), into: own + "    zone: Asia/Tokyo\n")
      .contains("another zone than the windows: Asia/Tokyo"))
  #expect(
    try problem(
      wanted("5m"),
      into: "  - name: chat\n    spaces: [acme/chat]\n    default: { hardware: [a10g-small, t4-small] }\n")
      == "policy chat (rules.yaml:7): the hardware of its default is no plain word")
  #expect(
    try problem(wanted("5m"), into: "  - { name: all, spaces: [\"acme/*\"], budget: { monthly: 9 } }\n")
      .contains("its grant, budget, split or exceptions"))
  #expect(
    try problem(
      wanted("5m"), into: "  - { name: a, spaces: [acme/chat] }\n  - { name: b, spaces: [acme/chat] }\n")
      == "2 policies claim it: a (rules.yaml:5), b (rules.yaml:6)")
  #expect(
    try problem(
      wanted("5m", window: "1h"), into: "  - { name: chat, spaces: [acme/chat], default: { sleep: 1h } }\n"
    )
    .contains("its keys do not stand on lines of their own"))
  // In one line, a sleep time can be changed all the same.
  #expect(
    try put(
      wanted("5m"),
      into: "  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }\n")
      == "  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 5m } }\n")
}

@Test func aPolicyOfItsOwnKeepsWhatTheOldOneSays() throws {
  let all = """
      - name: all
        spaces: ["acme/*"]
        zone: Asia/Tokyo
        labels: { team: chat }
        drift: report
        otherwise: pause
        variables: true
        priority: 7
        default: { hardware: cpu-basic, state: running }

    """
  let result = try put(wanted("5m"), into: all)
  #expect(
    result == all + """

        - name: chat-recommended
          spaces: [acme/chat]
          zone: Asia/Tokyo
          labels: { team: chat }
          drift: report
          otherwise: pause
          variables: true
          priority: 7
          default: { hardware: t4-small, sleep: 5m, state: running }

      """)
}

@Test(arguments: [
  ("granted: true", "policy all (rules.yaml:5): it is for other Spaces, too, and its grant"),
  ("default: { state: paused }", "its default asks for a pause"),
  ("protect: true", "it can't be written without changing what is there"),
]) func whatAPolicyOfItsOwnWouldLoseIsRefused(key: String, message: String) throws {
  let told = try problem(wanted("5m"), into: "  - { name: all, spaces: [\"acme/*\"], \(key) }\n")
  #expect(told.contains(message), "\(told)")
}

@Test func windowsAreNotMovedToAnotherZone() throws {
  let told = try problem(
    wanted("5m", window: "1h"), into: "  - { name: all, spaces: [\"acme/*\"], zone: Asia/Tokyo }\n")
  #expect(told.contains("another zone than the windows: Asia/Tokyo"), "\(told)")
}

@Test func filesWithMistakesAreNotWritten() throws {
  let error = #expect(throws: RuleFolderProblem.self) {
    try RuleFolder([("rules.yaml", "version: 1\npolicies: 5\n")], newFile: "new.yaml")
  }
  #expect(error?.description.contains("rules.yaml:2") == true)
}
