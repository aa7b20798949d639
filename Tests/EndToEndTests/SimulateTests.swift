import Foundation
import JSON
import Money
import Testing
import Timelines

private let trace = """
  at,count
  2026-10-05T08:00:00Z,2
  2026-10-05T08:00:30Z,1
  2026-10-05T08:10:00Z,1
  2026-10-05T12:00:00Z,1

  """

struct SimulateTests {
  @Test func aTraceUnderFixedSleepTimes() throws {
    let workplace = try Workplace()
    try workplace.write(trace, to: "visits.csv")
    let json = try workplace.spaceplan(
      "simulate", "--trace", "visits.csv", "--hardware", "t4-small", "--sleep", "0,300,1h,never",
      "--startup", "60", "--cold-start-cost", "0.05", "--format", "json", "--now", "2026-11-01")
    #expect(json.status == 0, "\(json.errors)")
    let result = try JSONValue(parsing: Data(json.output.utf8))
    #expect(result["per_hour"]?.string == "0.4")
    #expect(result["visits"]?.integer == 5)
    let sleeps = result["results"]?.array ?? []
    #expect(sleeps.map { $0["cold_starts"]?.integer } == [3, 3, 2, 1])
    // The one at 08:00:30 waits for the second half of the start; those in the first second wait for all of it.
    #expect(sleeps.map { $0["delayed"]?.integer } == [1, 1, 1, 1])
    #expect(sleeps.first?["wait_seconds"]?.integer == 270)
    #expect(sleeps.last?["sleep"] == .null)
    // Asleep from 08:05:30, cold at 08:10 and at 12:00, where the second after it ends it.
    #expect(sleeps[1]["awake_seconds"]?.integer == 631)
    let table = try workplace.spaceplan(
      "simulate", "--trace", "visits.csv", "--hardware", "t4-small", "--now", "2026-11-01")
    #expect(table.output.contains("5 visits from 2026-10-05T08:00:00Z to 2026-10-05T12:00:01Z, on t4-small"))
    #expect(table.output.contains("Best fixed sleep time, of those as long as a start or longer: 1m, "))
    let shortest = "With that it is asleep again once it is up, unless somebody else came meanwhile.\n"
    #expect(table.output.contains(shortest))
    let dear = try workplace.spaceplan(
      "simulate", "--trace", "visits.csv", "--hardware", "t4-small", "--cold-start-cost", "5", "--now",
      "2026-11-01")
    #expect(dear.status == 0 && !dear.output.contains(shortest), "\(dear)")
    // What reports are written as by habit is no word for a trace.
    let habit = try workplace.shell(
      "SPACEPLAN_FORMAT=csv spaceplan simulate --trace visits.csv --hardware t4-small --now 2026-11-01")
    #expect(habit.output == table.output)
  }

  /// Nothing is imported, and there is no --space to leave out.
  @Test(arguments: [
    ("at\nyesterday\n", "visits.csv:2: not one line can be read: "),
    ("at,at\n", "visits.csv:1: the header names a column twice"),
    (
      "at,space\n1,acme/a\n2,acme/b\n", "visits.csv: a trace is of one Space, and these are 2: acme/a, acme/b"
    ),
  ])
  func whatIsWrongWithTheFileOfATraceIsSaid(text: String, message: String) throws {
    let workplace = try Workplace()
    try workplace.write(text, to: "visits.csv")
    let outcome = try workplace.spaceplan("simulate", "--trace", "visits.csv", "--hardware", "t4-small")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(!outcome.errors.contains("imported") && !outcome.errors.contains("--space"), "\(outcome.errors)")
  }

  @Test func timesOfATraceWithoutAZoneTakeTheOneGiven() throws {
    let workplace = try Workplace()
    try workplace.write("at\n2026-10-05T08:00:00\n2026-10-05T12:00:00\n", to: "visits.csv")
    let command = "spaceplan simulate --trace visits.csv --hardware t4-small --now 2026-11-01"
    let given = try workplace.shell("\(command) --zone Europe/Paris")
    #expect(given.output.hasPrefix("2 visits from 2026-10-05T06:00:00Z to 2026-10-05T10:00:01Z"), "\(given)")
    let not = try workplace.shell("SPACEPLAN_ZONE=Europe/Paris \(command)")
    #expect(not.status == 65 && not.errors.contains("has no zone: name that of all such times"), "\(not)")
  }

  @Test func aTraceMayLeaveOutMonitors() throws {
    let workplace = try Workplace()
    let lines = (10..<14).map { second in
      "203.0.113.7 - - [05/Oct/2026:08:00:\(second) +0000] \"GET / HTTP/1.1\" 200 1 \"-\" "
        + "\"\(second < 12 ? "kube-probe/1.29" : "Mozilla/5.0")\"\n"
    }
    try workplace.write(lines.joined(), to: "access.log")
    let command = "spaceplan simulate --trace access.log --hardware t4-small --now 2026-11-01"
    let made = "monitors and crawlers made 2 of 4 requests (kube-probe 2)"
    let all = try workplace.shell(command)
    #expect(all.output.hasPrefix("4 visits from "), "\(all)")
    #expect(
      all.errors
        == "\(made): they wake a Space and keep it up as people do, and count; --people-only leaves them out\n"
    )
    let people = try workplace.shell("\(command) --people-only")
    #expect(people.output.hasPrefix("2 visits from 2026-10-05T08:00:12Z"), "\(people)")
    #expect(people.errors == "\(made), which are left out\n")
    let misplaced = try workplace.shell("spaceplan simulate --set acme/chat:sleep=1h --people-only")
    #expect(misplaced.status == 64 && misplaced.errors.contains("--people-only go with --trace."))
  }

  @Test func aTraceMayNameItsSpace() throws {
    let workplace = try Workplace()
    try workplace.write(trace, to: "visits.csv")
    try workplace.write(
      trace.replacing("at,count", with: "at,count,space").replacing(#/,(\d)\n/#) { ",\($0.1),acme/chat\n" },
      to: "named.csv")
    func result(_ files: String) throws -> String {
      try workplace.shell(
        "spaceplan simulate --trace \(files) --hardware t4-small --now 2026-11-01 --sleep 5m --from 2026-10-05"
      ).output
    }
    #expect(try result("visits.csv").contains("5 visits"))
    #expect(try result("named.csv") == result("visits.csv"))
    // One that names it and one that does not are of the same.
    #expect(try result("named.csv visits.csv").contains("10 visits"))
  }

  @Test(arguments: [
    (["--hardware", "t4"], 64, "'t4' has no price on 2026-11-01T00:00:00Z; did you mean 't4-small'?"),
    (["--hardware", "t4-small", "--sleep", "5x"], 64, "--sleep: '5x' is not a duration"),
    (
      ["--hardware", "t4-small", "--cold-start-cost=-1"], 64,
      "--cold-start-cost: '-1' is not an amount of 0 or more"
    ),
    (["--hardware", "t4-small", "--from", "2026-12-01"], 64, "nothing lies between"),
    (["--hardware", "t4-small", "--until", "2026-10-01", "--from", "2026-09-01"], 65, "nobody came between"),
    ([], 64, "--trace needs --hardware."),
    (["--hardware", "t4-small", "--month", "2026-10"], 64, "--month goes with --schedules or --set; "),
    (["--hardware", "t4-small", "--schedules", "x"], 64, "Give --schedules or --set, or else --trace."),
    (["--hardware", "t4-small", "--format", "csv"], 64, "a trace is shown as table or json"),
  ])
  func whatIsWrongWithATraceIsSaid(arguments: [String], status: Int, message: String) throws {
    let workplace = try Workplace()
    try workplace.write(trace, to: "visits.csv")
    workplace.now = try Instant("2026-11-01T00:00:00Z")
    let command = (["simulate", "--trace", "visits.csv"] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let outcome = try workplace.shell("spaceplan \(command)")
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func otherRulesOnWhatWasRecorded() throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }")
    try workplace.write(
      """
      version: 1
      policies:
        - name: chat
          spaces: [acme/chat]
          default: { hardware: t4-small, sleep: 1h }
          rules:
            - { name: late, cron: "0 12 * * *", set: { state: running } }
            - { name: off, cron: "0 18 * * *", set: { hardware: cpu-basic } }
            - { name: on, cron: "0 9 * * MON-FRI", set: { hardware: t4-small } }

      """, to: "new/rules.yaml")
    let first = try workplace.spaceplan("simulate", "--schedules", "new", "--format", "json")
    #expect(first.status == 0, "\(first.errors)")
    let result = try JSONValue(parsing: Data(first.output.utf8))
    let space = try #require(result["spaces"]?.array?.first)
    #expect(space["demand"]?["sources"] == ["inferred"])
    // 20 days of 10 hours; the least demand keeps it up just as long.
    #expect(space["actual"]?["estimate"]?.string == "80.000000000")
    #expect(result["actual"]?["estimate"]?.string == "80.000000000")
    #expect(space["current"]?["cost"]?["estimate"]?.string == "80.000000000")
    #expect(
      try workplace.spaceplan("simulate", "--schedules", "new", "--format", "json").output == first.output)
    let table = try workplace.spaceplan("simulate", "--schedules", "new", "--open-questions")
    #expect(table.output.contains("acme/chat"))
    #expect(table.output.contains("Both differ most in the hours of "))
    #expect(table.output.contains("- acme/chat: visits are inferred; unknown for "))
    for format in ["markdown", "csv", "html"] {
      let text = try workplace.spaceplan("simulate", "--schedules", "new", "--format", format)
      #expect(text.status == 0 && text.output.contains("acme/chat"))
    }
  }

  @Test func aMonthIsReplayed() throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }")
    func simulate(_ range: String) throws -> Workplace.Outcome {
      try workplace.shell("spaceplan simulate --set acme/chat:sleep=15m \(range) || exit $?")
    }
    let october = try simulate("--month 2026-10")
    #expect(october.output.hasPrefix("From 2026-10-05T00:00:00Z to 2026-11-01T00:00:00Z"), "\(october)")
    #expect(try october.output == simulate("--from 2026-10-01 --until 2026-11-01").output)
    // One that is not over goes up to now, and months are those of the zone.
    workplace.now = try Instant("2026-10-20T12:00:00Z")
    #expect(try simulate("--month 2026-10").output.contains(" to 2026-10-20T12:00:00Z"))
    workplace.now = try Instant("2026-11-01T12:00:00Z")
    #expect(
      try simulate("--month 2026-10 --zone America/New_York").output.contains(" to 2026-11-01T04:00:00Z"))
    let coming = try simulate("--month 2026-12")
    #expect(coming.status == 64)
    #expect(coming.errors.contains("--month: December 2026 has not begun"), "\(coming.errors)")
    let both = try simulate("--month 2026-10 --from 2026-10-07")
    #expect(both.status == 64)
    #expect(both.errors.contains("Give --month, or --from and --until."), "\(both.errors)")
  }

  @Test func aSimulationIsWrittenToAFile() throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }")
    try workplace.write(trace, to: "visits.csv")
    for command in [
      "--set acme/chat:sleep=15m --open-questions", "--set acme/chat:sleep=15m --format html",
      "--trace visits.csv --hardware t4-small",
    ] {
      let shown = try workplace.shell("spaceplan simulate \(command)").output
      let written = try workplace.shell("spaceplan simulate \(command) --output result")
      #expect(written.status == 0 && written.output.isEmpty, "\(written)")
      #expect(try workplace.read("result") == shown)
      #expect(try workplace.shell("spaceplan simulate \(command) --output -").output == shown)
    }
    // The file's ending is a format, but where another is given.
    let html = try workplace.shell("spaceplan simulate --set acme/chat:sleep=15m --format html").output
    #expect(try workplace.shell("spaceplan simulate --set acme/chat:sleep=15m --output new.html").status == 0)
    #expect(try workplace.read("new.html") == html)
    let csv = try workplace.shell(
      "spaceplan simulate --trace visits.csv --hardware t4-small --output new.csv || exit $?")
    #expect(csv.status == 64 && csv.errors.contains("--format csv goes with --schedules or --set"), "\(csv)")
    // On a terminal, too: colours are for those who look at it.
    let onTerminal = "script -qec \"spaceplan simulate --set acme/chat:sleep=15m"
    #expect(try workplace.shell("TERM=xterm \(onTerminal)\" /dev/null").output.contains("\u{1B}["))
    #expect(try workplace.shell("TERM=xterm \(onTerminal) --output result\" /dev/null").status == 0)
    #expect(try !workplace.read("result").contains("\u{1B}["))
    let nowhere = try workplace.shell("spaceplan simulate --set acme/chat:sleep=15m --output no/x || exit $?")
    #expect(nowhere.status == 74 && nowhere.errors.contains("no/x can't be written"), "\(nowhere)")
  }

  /// Forty Spaces of which the same is open are told once.
  @Test func whatIsOpenOfManySpacesIsSaidOnce() throws {
    let workplace = try Workplace()
    var looks = "observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas\n"
    let start = try Instant("2026-10-05T00:00:00Z")
    for number in 10..<50 {
      for look in 0..<96 where number < 48 || look >= 48 {
        let isUp = (32..<(number == 10 ? 48 : 72)).contains(look)
        looks += "\(start + Int64(look) * 900),acme/s\(number),"
        looks += isUp ? "RUNNING,t4-small,t4-small,3600,1\n" : "SLEEPING,,t4-small,3600,1\n"
      }
    }
    try workplace.write(looks, to: "looks.csv")
    #expect(try workplace.spaceplan("import", "history", "--observations", "looks.csv").status == 0)
    workplace.now = try Instant("2026-10-06T00:00:00Z")
    let command = "spaceplan simulate --set 'acme/*:sleep=15m' --from 2026-10-05 --open-questions --format"
    for format in ["table", "markdown", "json"] {
      let text = try workplace.shell("\(command) \(format)").output
      #expect(
        text.contains(
          #/40 Spaces \(acme\/s10, acme\/s11, acme\/s12 and 37 more\): visits are inferred; unknown for [\d.]+ % to [\d.]+ % of the time\./#
        ), "\(text)")
      #expect(text.contains("acme/s48: known from 2026-10-05T12:00:00Z on."), "\(text)")
      #expect(text.split(separator: "visits are inferred").count == 2)
    }
  }

  @Test func tenWhoComeTogetherWaitAsLongAsOne() throws {
    let workplace = try Workplace()
    try workplace.write(
      "at,count\n2026-10-05T08:00:00Z,10\n2026-10-05T10:00:00Z,10\n", to: "visits.csv")
    let table = try workplace.spaceplan(
      "simulate", "--trace", "visits.csv", "--hardware", "t4-small", "--sleep", "5m", "--now", "2026-11-01")
    #expect(table.output.contains(" 1 min ") && !table.output.contains("10 min"), "\(table.output)")
  }

  @Test func hardwareWithoutAPriceIsNotFree() throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }")
    try workplace.write(
      "version: 1\npolicies: [{ name: chat, spaces: [acme/chat], default: { hardware: t5, sleep: 1h } }]\n",
      to: "new/rules.yaml")
    let table = try workplace.spaceplan("simulate", "--schedules", "new")
    #expect(
      table.output.contains("No price is known of t5: ")
        && table.output.contains(" hours of acme/chat under the new rules are in no sum."), "\(table.output)")
    let json = try JSONValue(
      parsing: Data(
        try workplace.spaceplan("simulate", "--schedules", "new", "--format", "json").output.utf8))
    #expect(json["spaces"]?.array?.first?["new"]?["unpriced_minutes"]?["t5"]?.string != nil)
    let typo = try workplace.spaceplan("simulate", "--set", "acme/chat:hardware=t4-smal")
    #expect(typo.status == 64 && typo.errors.contains("did you mean 't4-small'?"), "\(typo.errors)")
  }

  @Test func rulesForSpacesThatNobodySawAreNamed() throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }")
    try workplace.write(
      "version: 1\npolicies: [{ name: other, spaces: [x/nope], default: { hardware: t4-small } }]\n",
      to: "new/rules.yaml")
    let table = try workplace.spaceplan("simulate", "--schedules", "new")
    #expect(table.status == 0)
    #expect(
      table.errors.contains("policy other: the history knows no Space x/nope"),
      "\(table.errors)")
    #expect(table.errors.contains("the new rules are for none of these Spaces"))
    let other = try workplace.spaceplan("simulate", "--schedules", "new", "--policy", "other")
    #expect(other.status == 65 && other.errors.contains("the history knows no Space under policy 'other'"))
  }

  /// On two days each hour of the week came once at most.
  @Test func anHourOfTheWeekDiffersByWhatItCostWheneverItCame() throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }")
    let table = try workplace.spaceplan(
      "simulate", "--set", "acme/chat:sleep=never", "--from", "2026-10-07", "--until", "2026-10-09")
    #expect(table.output.contains("Both differ most in the hours of ") && table.output.contains(" (+0.40), "))
    #expect(table.output.contains("Boundaries crossed: 0 → 0."), "\(table.output)")
  }

  /// People and programs read the same sign: what the rules replayed cost more than what happened.
  /// Nobody waits on free hardware, and nobody has what they came for.
  @Test func whoIsServedOnFreeHardwareIsCounted() throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: all, spaces: [\"acme/*\"], default: { hardware: t4-small, sleep: 1h } }")
    let free = try workplace.spaceplan("simulate", "--set", "acme/chat:hardware=cpu-basic")
    #expect(
      free.output.contains(
        #/\nVisitors who find it on cpu-basic, wait for nothing and have no paid hardware: 0 → [1-9][0-9]*\.\n/#
      ),
      "\(free.output)")
    let same = try workplace.spaceplan("simulate", "--set", "acme/chat:sleep=15m")
    #expect(!same.output.contains("on cpu-basic"), "\(same.output)")
    let misspelt = try workplace.spaceplan("simulate", "--set", "acme/chat:sleep=15m", "--policy", "al")
    #expect(misspelt.errors.hasSuffix("--policy: no policy is called 'al'; did you mean 'all'?\n"))
  }

  @Test(arguments: [("sleep: never", "+"), ("hardware: cpu-basic", "-")])
  func whatTheModelDoesNotExplainIsToldInOneDirection(settings: String, sign: String) throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { \(settings) } }")
    let command = "spaceplan simulate --set 'acme/chat:sleep=1h' --format"
    let result = try JSONValue(parsing: Data(try workplace.shell("\(command) json").output.utf8))
    func money(_ path: String...) throws -> Money {
      try Money(path.reduce(result) { $0?[$1] }?.string ?? "")
    }
    #expect(result["zone"] == "UTC")
    let error = try money("model_error")
    #expect(try error == money("current", "estimate") - money("actual", "estimate"))
    let amount = sign + error.magnitude.text(decimals: 2...2)
    for format in ["table", "markdown"] {
      let text = try workplace.shell("\(command) \(format)").output
      #expect(
        text.contains("The current rules replayed come to \(amount) USD beside what happened; "), "\(text)")
    }
  }

  /// What a run would leave alone is told, whoever asks for what.
  @Test func whomNoRunChangesIsTold() throws {
    let workplace = try recorded()
    try workplace.write(
      """
      version: 1
      policies:
        - { name: one, spaces: [acme/chat], default: { hardware: t4-small } }
        - { name: two, spaces: [acme/chat], default: { hardware: cpu-basic } }

      """, to: "new/rules.yaml")
    let conflict =
      "the new rules leave acme/chat alone: policies one and two both claim it; give its exact name to one of them"
    try workplace.rules("  - { name: chat, spaces: [acme/chat], protect: true }")
    for (arguments, note) in [
      ("--schedules new", conflict),
      ("--set acme/chat:sleep=15m", "no run would do what --set asks of acme/chat: protected"),
    ] {
      let outcome = try workplace.shell("spaceplan simulate --open-questions \(arguments)")
      #expect(outcome.status == 0 && outcome.errors.contains("note: \(note)\n"), "\(outcome.errors)")
      #expect(outcome.output.contains("\n- \(note)\n"), "\(outcome.output)")
    }
    // What --set asks for and what rules leave alone are two things.
    try workplace.shell("mkdir both && mv new/rules.yaml both/ && cp schedules/rules.yaml new/")
    let both = try workplace.shell(
      "spaceplan simulate --current both --schedules new --set acme/chat:sleep=15m")
    for note in [
      conflict.replacing("the new", with: "the present"), "no run would do what --set asks of acme/chat",
    ] {
      #expect(both.errors.contains("note: \(note)"), "\(both.errors)")
    }
    try workplace.shell("mv both/rules.yaml new/")
    // Not of whom nobody asked.
    let other = try workplace.shell("spaceplan simulate --schedules new --set acme/shop:sleep=15m || true")
    #expect(!other.errors.contains("note: no run"), "\(other.errors)")
    let advice = try workplace.spaceplan("recommend", "acme/chat", "--schedules", "new")
    #expect(advice.output.contains("acme/chat: policies one and two both claim it"), "\(advice.output)")
  }

  /// Who woke it does not tell how early a rule has to act: it goes by starts that rules asked for, in runs as here.
  @Test func aRuleActsAsEarlyAsInRuns() throws {
    let workplace = try recorded()
    try workplace.rules(
      """
        - name: chat
          spaces: [acme/chat]
          default: { hardware: cpu-basic }
          rules:
            - { name: on, cron: "0 9 * * MON-FRI", ready: true, set: { hardware: t4-small, sleep: never } }
            - { name: off, cron: "0 10 * * MON-FRI", set: { hardware: cpu-basic } }
      """, in: "new")
    let json = try workplace.shell("spaceplan simulate --schedules new --from 2026-10-06 --format json")
    let result = try JSONValue(parsing: Data(json.output.utf8))
    // Five minutes early on 19 days, as no start was asked for yet.
    #expect(
      result["spaces"]?.array?.first?["new"]?["awake_minutes"]?["t4-small"] == .string("\(19 * 65)"),
      "\(json.output)")
  }

  @Test func aQuestionAboutASpaceOfAnotherPolicySaysSo() throws {
    let workplace = try recorded()
    try workplace.write(observations().replacing("acme/chat", with: "acme/shop"), to: "shop.csv")
    #expect(try workplace.spaceplan("import", "history", "--observations", "shop.csv").status == 0)
    try workplace.rules("  - { name: shop, spaces: [acme/shop] }")
    let outcome = try workplace.shell("spaceplan simulate --set acme/chat:sleep=1h --policy shop")
    #expect(outcome.status == 64)
    #expect(outcome.errors == "spaceplan: --set: no Space that acme/chat matches is under policy 'shop'\n")
  }

  /// What was saved is no more certain than when visitors came.
  @Test func theHeadlineHasTheBoundsOfWhatIsInferred() throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }")
    let command = "spaceplan simulate --set 'acme/chat:sleep=15m' --format"
    let result = try JSONValue(parsing: Data(try workplace.shell("\(command) json").output.utf8))
    func saved(_ bound: String) throws -> Money {
      try Money(result["current"]?[bound]?.string ?? "") - (try Money(result["new"]?[bound]?.string ?? ""))
    }
    let (least, most) = (try saved("high"), try saved("low"))
    #expect(least < most)
    let amounts = [most, least, most].map { $0.text(decimals: 2...2) }
    for format in ["table", "markdown"] {
      let text = try workplace.shell("\(command) \(format)").output
      #expect(
        text.contains(
          "The new rules would have saved \(amounts[0]) USD (between \(amounts[1]) and \(amounts[2]); "),
        "\(text)")
    }
    // Where all visits are known there is nothing between.
    try workplace.write("at,count\n2026-10-05T00:00:00Z,1\n2026-11-02T00:00:00Z,1\n", to: "visits.csv")
    #expect(try workplace.spaceplan("import", "activity", "visits.csv", "--space", "acme/chat").status == 0)
    let known = try workplace.shell("\(command) table").output
    #expect(known.contains("The new rules would have ") && !known.contains("between"), "\(known)")
  }

  @Test func picturesTellWhenItIsBilledForNobody() throws {
    let workplace = try recorded()
    try workplace.rules(
      "  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: never } }")
    // Every workday at 10:00 and 10:20, and that is all.
    let start = try Instant("2026-10-05T00:00:00Z")
    var visits = "at,count\n2026-10-05T00:00:00Z,1\n"
    for day in 0..<28 where day % 7 < 5 {
      for minute in [600, 620] { visits += "\(start + Int64(day * 86_400 + minute * 60)),1\n" }
    }
    visits += "2026-11-01T23:59:00Z,1\n"
    try workplace.write(visits, to: "visits.csv")
    #expect(try workplace.spaceplan("import", "activity", "visits.csv", "--space", "acme/chat").status == 0)
    let page = try workplace.spaceplan(
      "simulate", "--set", "acme/chat:sleep=30m", "--from", "2026-10-05", "--format", "html")
    #expect(page.status == 0, "\(page.errors)")
    #expect(page.output.contains("<h2>acme/chat</h2>"))
    #expect(page.output.contains("Visits by hour of the week (UTC); most at Mon 10:00."))
    #expect(page.output.contains("Billed hours without visitors under today's rules"))
    // It sleeps at 10:50.
    #expect(page.output.contains("<li>the new rules: "), "\(page.output)")
    #expect(page.output.contains("<li>all visits known beforehand (a start is "))
    let text = try workplace.spaceplan("recommend", "acme/chat", "--cold-start-cost", "0.05")
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output.contains("  Visits by hour of the week (UTC); most at Mon 10:00.\n       0     3"))
    // 20 workdays of 10 hours were billed, of which somebody came in one.
    #expect(
      text.output.contains("180.0 of 200.0 billed hours lie in hours of the clock in which nobody came."),
      "\(text.output)")
    #expect(
      text.output.contains("today's rules")
        && text.output.contains("best fixed in hindsight (a start is 0.05): "))
    // Of several Spaces there are none.
    #expect(try !workplace.spaceplan("recommend").output.contains("hour of the week"))
  }

  @Test func aQuickQuestionNeedsNoFile() throws {
    let workplace = try recorded()
    let paused = try workplace.spaceplan("simulate", "--set", "acme/*:state=paused", "--format", "json")
    #expect(paused.status == 0, "\(paused.errors)")
    let result = try JSONValue(parsing: Data(paused.output.utf8))
    #expect(result["new"]?["estimate"]?.string == "0.000000000")
    #expect(result["spaces"]?.array?.first?["new"]?["turned_away"]?.integer.map { $0 > 0 } == true)
    let never = try workplace.spaceplan("simulate", "--set", "acme/chat:sleep=never", "--format", "json")
    let dear = try JSONValue(parsing: Data(never.output.utf8))
    // Once woken on Monday at 8 it stays up: 664 hours, but for the quarter of an hour between two looks.
    #expect(dear["new"]?["estimate"]?.string.map { $0.hasPrefix("265.") } == true, "\(never.output)")
  }

  @Test(arguments: [
    (["--set", "acme/chat"], "'acme/chat' is not a Space and settings"),
    (["--schedules", "a", "--schedules=b"], "--schedules is given more than once; it takes one value"),
    (["--set", "acme/chat:sleep"], "'sleep' is not a setting, such as sleep=15m"),
    (["--set", "acme/chat:nap=1h"], "'nap' is none of hardware, sleep, state and replicas"),
    (["--set", "acme/other:sleep=1h"], "the history knows no Space that acme/other matches\n"),
    (
      ["--set", "acme/caht:sleep=1h"],
      "the history knows no Space that acme/caht matches; did you mean acme/chat?\n"
    ),
    (["--set", "acme/chat:sleep=1h", "--policy", "x"], "no policy is called 'x'\n"),
    (["--set", "acme/chat:sleep=1h", "--from", "2027-01-01"], "nothing lies between"),
    (
      ["--set", "acme/chat:sleep=1h", "--from", "2020-01-01", "--until", "2020-02-01"],
      "nothing is known of any Space"
    ),
    (
      ["--schedules", "missing"],
      "the folder missing can't be read: No such file or directory; name another with --schedules\n"
    ),
    (
      ["--set", "acme/chat:sleep=1h", "--current", "nofolder"],
      "the folder nofolder can't be read: No such file or directory; name another with --current\n"
    ),
  ])
  func whatIsWrongWithAQuestionIsSaid(arguments: [String], message: String) throws {
    let workplace = try recorded()
    let command = (["simulate"] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let outcome = try workplace.shell("spaceplan \(command)")
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  /// Whoever gets ZeroGPU keeps it under a pattern, also in what is simulated and recommended.
  @Test func zeroGPUUnderAPatternIsLeftAlone() throws {
    let workplace = try Workplace()
    let start = try Instant("2026-10-05T00:00:00Z")
    var looks = "observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas\n"
    for look in 0..<(28 * 96) {
      let at = start + Int64(look) * 900
      looks += "\(at),acme/zero,RUNNING,zero-a10g,zero-a10g,,1\n"
      let hardware = look < 21 * 96 ? "t4-small" : "zero-a10g"
      looks += "\(at),acme/moved,RUNNING,\(hardware),\(hardware),,1\n"
    }
    try workplace.write(looks, to: "looks.csv")
    #expect(try workplace.spaceplan("import", "history", "--observations", "looks.csv").status == 0)
    // Longer after the last look than counts as watched.
    workplace.now = try Instant("2026-11-02T02:00:00Z")
    try workplace.rules(
      "  - { name: all, spaces: [\"acme/*\"], default: { hardware: t4-small, sleep: never } }")
    let simulated = try workplace.spaceplan("simulate", "--schedules", "schedules", "--format", "json")
    let spaces = try JSONValue(parsing: Data(simulated.output.utf8))["spaces"]?.array ?? []
    #expect(spaces.map { $0["space"]?.string } == ["acme/moved", "acme/zero"])
    let costs = try spaces.map { try Money($0["current"]?["cost"]?["estimate"]?.string ?? "") }
    // What has left it, or was elsewhere before, is like any other.
    #expect(costs[0] > .zero && costs[1] == .zero, "\(simulated.output)")
    let told = try workplace.spaceplan("recommend", "--cold-start-cost", "0.05")
    #expect(
      told.output.split(separator: "\n").filter { $0.contains("ZeroGPU costs its host nothing") }.count == 2)
  }

  /// Nobody knows is not nobody came.
  @Test func visitsThatNobodyKnowsAreNoZeros() throws {
    let workplace = try Workplace()
    let looks = (0..<28 * 96).map { look -> String in
      let at = Instant(secondsSince1970: 1_791_158_400 + Int64(look) * 900)
      return "\(at),acme/chat,RUNNING,t4-small,t4-small,-1,1\n"
    }
    try workplace.write(
      "observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas\n" + looks.joined(),
      to: "looks.csv")
    #expect(try workplace.spaceplan("import", "history", "--observations", "looks.csv").status == 0)
    workplace.now = try Instant("2026-11-02T00:00:00Z")
    func simulate(_ format: String) throws -> String {
      try workplace.spaceplan("simulate", "--set", "acme/chat:sleep=1h", "--format", format).output
    }
    let table = try simulate("table")
    #expect(table.contains(#/- → - +- → - +not known/#), "\(table)")
    let json = try JSONValue(parsing: Data(simulate("json").utf8))
    let course = json["spaces"]?.array?.first?["new"]
    for key in ["cold_starts", "delayed", "turned_away", "wait_seconds", "wait_longest"] {
      #expect(course?[key] == .null, "\(key)")
    }
    #expect(try simulate("csv").contains(",,,,,0,"))
    let left = try workplace.spaceplan("recommend", "acme/chat")
    #expect(left.output.contains("nothing is known about its visits"), "\(left.output)")
    // Of one that only a log tells of not even that is known.
    try workplace.write("at,space\n2026-10-05T00:00:00Z,acme/seldom\n", to: "visits.csv")
    #expect(try workplace.spaceplan("import", "activity", "visits.csv").status == 0)
    let unseen = try workplace.spaceplan("recommend", "acme/seldom")
    #expect(unseen.output.contains("acme/seldom: nobody has looked at it yet"), "\(unseen.output)")
  }

  /// Nobody has looked at one of them since.
  @Test func rulesForNobodyAreNoLackOfLooks() throws {
    let workplace = try recorded()
    try workplace.rules("  - { name: shop, spaces: [acme/shop], default: { hardware: t4-small, sleep: 1h } }")
    let outcome = try workplace.spaceplan("simulate", "--schedules", "schedules")
    #expect(outcome.status == 65)
    #expect(
      outcome.errors.contains("no Space that the history knows is under a policy of the present rules"),
      "\(outcome.errors)")
    #expect(!outcome.errors.contains("observe first"))
  }

  /// A change that is smaller than what the present rules replayed miss is not to be relied on.
  @Test(arguments: [("never", true), ("1h", false)])
  func aModelThatIsFarOffIsTold(current: String, isFarOff: Bool) throws {
    let workplace = try recorded()
    try workplace.rules(
      "  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: \(current) } }")
    let outcome = try workplace.shell("spaceplan simulate --set 'acme/chat:sleep=\(isFarOff ? "8h" : "5m")'")
    #expect(
      outcome.output.contains("Rely little on what is said of acme/chat: ") == isFarOff, "\(outcome.output)")
  }

  @Test func whoIsInNoSumIsTold() throws {
    let workplace = try recorded()
    let looks = try observations().replacing("acme/chat", with: "acme/shop").split(separator: "\n").prefix(
      600)
    try workplace.write(looks.joined(separator: "\n") + "\n", to: "more.csv")
    #expect(try workplace.spaceplan("import", "history", "--observations", "more.csv").status == 0)
    let outcome = try workplace.shell("spaceplan simulate --set 'acme/*:sleep=15m' --from 2026-10-20")
    #expect(
      outcome.errors.contains("note: in no sum, as nothing is known of it in that time: acme/shop\n"),
      "\(outcome.errors)")
  }

  /// Another first instant may tell more of whom only a person starts.
  @Test func whoBeginsPausedIsTold() throws {
    let workplace = try recorded()
    let lines = try observations().split(separator: "\n").map(String.init)
    let looks = lines.prefix(40).map {
      $0.replacing("SLEEPING", with: "PAUSED").replacing("RUNNING,t4-small", with: "PAUSED,")
    }
    workplace.now = try Instant("2026-11-02T00:00:00Z")
    try workplace.write(
      (looks + lines.dropFirst(40)).joined(separator: "\n").replacing("acme/chat", with: "acme/shop"),
      to: "more.csv")
    #expect(try workplace.spaceplan("import", "history", "--observations", "more.csv").status == 0)
    let note =
      "acme/shop began PAUSED, and stays so under rules that do not end that; another --from may tell more"
    let outcome = try workplace.shell("spaceplan simulate --set 'acme/*:sleep=15m' --open-questions")
    #expect(
      outcome.errors.contains("note: \(note)\n") && outcome.output.contains("\n- \(note)\n"), "\(outcome)")
    let later = try workplace.shell("spaceplan simulate --set 'acme/*:sleep=15m' --from 2026-10-07")
    #expect(!later.errors.contains("began PAUSED"), "\(later.errors)")
    // Who is under no policy is in no sum, which is told.
    try workplace.rules("  - { name: chat, spaces: [acme/chat], default: { hardware: t4-small, sleep: 1h } }")
    let rules = try workplace.shell("spaceplan simulate --schedules schedules --open-questions")
    #expect(
      rules.output.contains("\n- In no sum, as no policy is for it: acme/shop.\n"),
      "\(rules.output)")
  }
}
