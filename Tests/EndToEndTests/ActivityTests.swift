import Foundation
import Testing

/// Visits that go in and out, as people type it.
@Suite struct ActivityTests {
  private static let visits = """
    at,space,count
    2026-10-01T08:00:00Z,acme/chat,2
    2026-10-01T08:00:00Z,acme/demo,1
    2026-10-02T09:30:00Z,acme/chat,1

    """

  /// Where nothing is known for years, both ends of what is known are in an export, too.
  @Test func aSilenceOfYearsIsOneAfterAnExport() throws {
    let work = try Workplace()
    let lines = [
      "2023-01-01T00:00:00Z,acme/chat,0", "2023-01-10T09:00:00Z,acme/chat,1",
      "2023-02-01T00:00:00Z,acme/chat,0",
      "2025-01-01T00:00:00Z,acme/chat,0", "2025-01-10T09:00:00Z,acme/chat,1",
      "2025-02-01T00:00:00Z,acme/chat,0",
    ]
    let visits = (["at,space,count"] + lines).map { $0 + "\n" }.joined()
    try work.write(visits, to: "visits.csv")
    let export = try work.shell("spaceplan import activity visits.csv --quiet && spaceplan export activity")
    #expect(export.output == visits, "\(export.output)\(export.errors)")
  }

  @Test func whatGoesInComesOutAndTwiceIsTheSame() throws {
    let work = try Workplace()
    try work.write(Self.visits, to: "visits.csv")
    let first = try work.spaceplan("import", "activity", "visits.csv")
    #expect(first.status == 0)
    #expect(first.errors.contains("visits.csv: 3 lines read\n"))
    #expect(
      first.errors.contains(
        "acme/chat, acme/demo were not known before; they are now, by their visits alone: are the names right?\n"
      ), "\(first.errors)")
    #expect(first.errors.contains("4 new visits of 2 Spaces stored"))
    #expect(try work.spaceplan("export", "activity").output == Self.visits)
    let again = try work.shell(
      """
      gzip -k visits.csv
      cat visits.csv.gz | spaceplan import activity - visits.csv.gz
      spaceplan export activity --output again.csv
      cmp visits.csv again.csv
      spaceplan export activity --space acme/demo
      """)
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.errors.contains("0 new visits of 2 Spaces stored"))
    #expect(again.output == "at,space,count\n2026-10-01T08:00:00Z,acme/demo,1\n")
  }

  /// A name that is near to a known one is told with it, all others in one line.
  @Test func aNameThatIsNewIsAskedAbout() throws {
    let work = try Workplace()
    try work.write("at,space\n5,acme-labs/voice-demo\n5,acme-labs/chat\n", to: "first.csv")
    let first = try work.spaceplan("import", "activity", "first.csv", "--quiet")
    #expect(
      first.errors
        == "acme-labs/chat, acme-labs/voice-demo were not known before; they are now, by their visits alone: are the names right?\n"
    )
    // The owner has most of the letters, and says nothing of the names.
    try work.write(
      "at,space\n9,acme-labs/voice-dmo\n9,acme-labs/tree\n9,acme-labs/chat\n", to: "second.csv")
    let second = try work.spaceplan("import", "activity", "second.csv", "--quiet")
    #expect(
      second.errors == """
        acme-labs/voice-dmo was not known before; it is now, by its visits alone: did you mean acme-labs/voice-demo?
        acme-labs/tree was not known before; it is now, by its visits alone: is the name right?

        """)
    let many = (10..<40).map { "9,acme-labs/chat\($0)\n" }.joined()
    try work.write("at,space\n" + many, to: "many.csv")
    #expect(
      try work.spaceplan("import", "activity", "many.csv", "--quiet").errors.hasPrefix(
        "30 Spaces (acme-labs/chat10, acme-labs/chat11, acme-labs/chat12 and 27 more) were not known before; "
      ))
    let export = try work.spaceplan("export", "activity", "--space", "acme-labs/chta")
    #expect(
      export.status == 64
        && export.errors.contains(
          "--space: the history knows no Space acme-labs/chta; did you mean acme-labs/chat?")
    )
  }

  @Test func timesWithoutAZoneTakeTheOneGiven() throws {
    let work = try Workplace()
    try work.write("at\n2026-10-05T08:00:00Z\n2026-10-05T10:30:00\n", to: "visits.csv")
    let command = "spaceplan import activity visits.csv --space acme/chat"
    // The variable is for those who read, and does not say how the file was written.
    let without = try work.shell("SPACEPLAN_ZONE=Asia/Tokyo \(command)")
    #expect(without.status == 0)
    #expect(
      without.errors.contains(
        """
        visits.csv: 1 line read, 1 line passed over:
          line 3: at: '2026-10-05T10:30:00' has no zone: name that of all such times, for example with --zone Europe/Paris

        """), "\(without.errors)")
    let with = try work.shell("\(command) --zone Europe/Paris --quiet && spaceplan export activity")
    #expect(
      with.output == """
        at,space,count
        2026-10-05T08:00:00Z,acme/chat,1
        2026-10-05T08:30:00Z,acme/chat,1

        """)
    let typo = try work.shell("\(command) --zone Europe/Pariss")
    #expect(typo.status == 64 && typo.errors.contains("--zone: 'Europe/Pariss' is not an IANA time zone"))
  }

  @Test func thatNobodyCameComesOutToo() throws {
    let work = try Workplace()
    let visits = """
      at,space,count
      1969-12-30T08:00:00Z,acme/chat,0
      2026-10-01T08:00:00Z,acme/chat,0
      2026-10-01T08:00:00Z,acme/demo,0
      2026-10-01T09:00:00Z,acme/chat,2
      2026-10-01T09:00:00Z,acme/demo,1
      2026-10-03T00:00:00Z,acme/demo,0

      """
    try work.write(visits, to: "visits.csv")
    let result = try work.shell("spaceplan import activity visits.csv --quiet && spaceplan export activity")
    let quiet = try work.shell(
      """
      printf 'at,count\\n2026-10-05T00:00:00Z,0\\n' > quiet.csv
      spaceplan import activity quiet.csv --space acme/chat
      spaceplan import activity quiet.csv --space acme/chat
      """)
    #expect(
      quiet.errors == """
        quiet.csv: 1 line read
        0 new visits of 1 Space stored, and that nobody else came in that time
        quiet.csv: 1 line read
        0 new visits of 1 Space stored

        """, "\(quiet.errors)")
    #expect(result.output == visits)
  }

  @Test func whatNoFileToldStaysUnknown() throws {
    let work = try Workplace()
    try work.write("at\n2026-08-01T00:00:00Z\n", to: "august.csv")
    try work.write("at\n2026-10-01T00:00:00Z\n", to: "october.csv")
    let result = try work.shell(
      """
      spaceplan import activity august.csv october.csv --space acme/chat --quiet
      spaceplan export activity
      """)
    #expect(
      result.errors.contains(
        """
        acme/chat: who came between 2026-08-01T00:00:01Z and 2026-10-01T00:00:00Z is not known
        """))
  }

  /// Up to a line that is still to come nobody knows who came.
  @Test func whatIsStillToComeIsPassedOver() throws {
    let work = try Workplace()
    try work.write(
      "at,count\n2026-08-01T00:00:00Z,1\n2199-01-01T00:00:00Z,1\n2199-02-01T00:00:00Z,0\n", to: "visits.csv")
    let result = try work.shell(
      "spaceplan import activity visits.csv --space acme/chat --quiet; spaceplan export activity")
    #expect(result.output == "at,space,count\n2026-08-01T00:00:00Z,acme/chat,1\n")
    #expect(
      result.errors.hasPrefix(
        """
        visits.csv: 1 line read, 2 lines passed over:
          line 3: 2199-01-01T00:00:00Z is still to come: is a clock wrong?
          line 4: 2199-02-01T00:00:00Z is still to come: is a clock wrong?

        """), "\(result.errors)")
    // Where a clock of the test is later than all clocks, these have been.
    let later = try work.shell(
      """
      export SPACEPLAN_NOW=2199-02-01T00:00:00Z
      spaceplan import activity visits.csv --space acme/chat
      """)
    #expect(later.errors.contains("visits.csv: 3 lines read\n"), "\(later.errors)")
  }

  /// An import takes nothing to be known between such lines, so there is nothing to cut.
  @Test func aFileCanSayThatMoreThanAYearIsNotKnown() throws {
    let work = try Workplace()
    try work.write("at\n1970-01-01T00:00:00Z\n2026-10-01T00:00:00Z\n", to: "visits.csv")
    let result = try work.shell(
      """
      spaceplan import activity visits.csv --space acme/chat --quiet
      spaceplan export activity >out.csv
      spaceplan simulate --trace visits.csv --hardware t4-small
      spaceplan simulate --trace visits.csv --hardware t4-small --from 2026-01-01 --until 2026-11-01
      """)
    let parts =
      "from 1970-01-01T00:00:00Z to 1970-01-01T00:00:00Z, and from 2026-10-01T00:00:00Z to 2026-10-01T00:00:00Z: more than a year lies between"
    #expect(
      result.errors == """
        visits.csv: visits of acme/chat are \(parts), of which nothing is taken to be known; is a clock wrong?
        acme/chat was not known before; it is now, by its visits alone: is the name right?
        visits.csv: visits are \(parts); is a clock wrong? --from and --until leave out what is outside of them

        """, "\(result.errors)")
  }

  @Test func rotatedLogsMayOverlapAndBadLinesAreShown() throws {
    let work = try Workplace()
    func line(_ second: Int) -> String {
      "203.0.113.7 - - [05/Oct/2026:08:00:0\(second) +0000] \"GET / HTTP/1.1\" 200 1\n"
    }
    try work.write(line(1) + line(2) + line(2), to: "access.log.1")
    try work.write(line(2) + line(2) + "nonsense\n" + line(3), to: "access.log")
    let result = try work.shell(
      "spaceplan import activity access.log* --space acme/chat --quiet && spaceplan export activity")
    #expect(
      result.output == """
        at,space,count
        2026-10-05T08:00:01Z,acme/chat,1
        2026-10-05T08:00:02Z,acme/chat,2
        2026-10-05T08:00:03Z,acme/chat,1

        """)
    #expect(
      result.errors.hasPrefix(
        """
        access.log: 3 lines read, 1 line passed over:
          line 3: it has no time in brackets, such as [10/Oct/2026:13:55:36 +0200]: 'nonsense'
        acme/chat was not known before
        """), "\(result.errors)")
  }

  private static func log(_ agents: [String], from second: Int = 10) -> String {
    agents.enumerated().map { index, agent in
      "203.0.113.7 - - [05/Oct/2026:08:00:\(second + index) +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"\(agent)\"\n"
    }.joined()
  }

  @Test func monitorsAndCrawlersCountAndAreTold() throws {
    let work = try Workplace()
    try work.write(
      Self.log(["UptimeRobot/2.0", "Mozilla/5.0", "UptimeRobot/2.0", "Googlebot/2.1"]), to: "access.log.1")
    try work.write(Self.log(["kube-probe/1", "bingbot/2.0", "a-spider"], from: 20), to: "access.log")
    let command = "spaceplan import activity access.log* --space acme/chat"
    let all = try work.shell(command)
    #expect(
      all.errors.hasPrefix(
        """
        access.log: 3 lines read
        access.log.1: 4 lines read
        monitors and crawlers made 6 of 7 requests (UptimeRobot 2, Googlebot 1, a-spider 1, others 2): they wake a Space and keep it up as people do, and count; --people-only leaves them out

        """), "\(all.errors)")
    #expect(all.errors.hasSuffix("7 new visits of 1 Space stored\n"))
    // What is stored is not taken away, and that is told.
    let again = try work.shell("\(command) --people-only")
    #expect(
      again.errors == """
        access.log: 3 lines read
        access.log.1: 4 lines read
        monitors and crawlers made 6 of 7 requests (UptimeRobot 2, Googlebot 1, a-spider 1, others 2), which are left out
        acme/chat keeps 6 visits of that time from imports before, as no import takes any away; for people only, import into a new database
        0 new visits of 1 Space stored

        """)
    let new = try work.shell(
      "\(command) --people-only --database new.sqlite && spaceplan export activity --database new.sqlite")
    #expect(!new.errors.contains("keeps"), "\(new.errors)")
    // Who came is known from the first line to the last.
    #expect(
      new.output == """
        at,space,count
        2026-10-05T08:00:10Z,acme/chat,0
        2026-10-05T08:00:11Z,acme/chat,1
        2026-10-05T08:00:22Z,acme/chat,0

        """)
    try work.write("at\n5\n", to: "visits.csv")
    let csv = try work.shell(
      "spaceplan import activity visits.csv --space acme/chat --people-only --database new.sqlite")
    #expect(csv.errors.contains("--people-only leaves nobody out: no line names a monitor or crawler\n"))
  }

  @Test func aFileThatIsCutOffStoresNothing() throws {
    let work = try Workplace()
    try work.write(Self.visits, to: "visits.csv")
    let result = try work.shell(
      """
      gzip -k visits.csv
      head -c 40 visits.csv.gz > cut.gz
      spaceplan import activity visits.csv cut.gz || echo $?
      test ! -e spaceplan.sqlite
      """)
    #expect(result.status == 0)
    #expect(result.output == "65\n")
    #expect(
      result.errors.contains(
        "cut.gz: the gzip data end too early: the file was cut off; nothing was imported"))
  }

  @Test func wrongUsageIsExplained() throws {
    let work = try Workplace()
    try work.write("at\n1\n", to: "visits.csv")
    let unnamed = try work.spaceplan("import", "activity", "visits.csv")
    #expect(unnamed.status == 65)
    #expect(
      unnamed.errors.contains("visits.csv: it does not say which Space was visited: name it with --space"))
    let missing = try work.spaceplan("import", "activity", "nothing.csv", "--space", "acme/chat")
    #expect(missing.status == 74)
    #expect(missing.errors.contains("nothing.csv can't be read: No such file"))
    #expect(try work.spaceplan("import", "activity", "-", "-").status == 64)
    #expect(try work.spaceplan("import", "activity", "visits.csv", "--space", "acme").status == 64)
    try work.spaceplan("import", "activity", "visits.csv", "--space", "acme/chat")
    let stranger = try work.spaceplan("export", "activity", "--space", "acme/other")
    #expect(stranger.status == 64)
    #expect(stranger.errors.contains("--space: the history knows no Space acme/other"))
  }

  @Test func looksRecordTrafficAndDoNotExportIt() async throws {
    let work = try Workplace(
      fleet: [["id": "acme/chat", "hardware": "t4-small", "visits": ["2026-10-05T00:09:30Z"]]])
    try work.rules("  - { name: all, spaces: [\"acme/*\"] }")
    try await work.endLogStreams()
    #expect(try work.spaceplan("observe", "--activity").errors.contains("traffic at 0 of 1 running Space\n"))
    try await work.move(to: "2026-10-05T00:10:00Z")
    #expect(try work.spaceplan("observe", "--activity").errors.contains("traffic at 1 of 1 running Space\n"))
    try await work.move(to: "2026-10-05T00:15:00Z")
    #expect(!(try work.spaceplan("observe").errors.contains("traffic")))
    #expect(try work.spaceplan("export", "activity").output == "at,space,count\n")
  }

  /// A simulation rests on what was imported.
  @Test func simulationsKnowImportedVisits() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small", "sleepTime": 3600]])
    try work.rules("  - { name: all, spaces: [\"acme/*\"] }")
    try work.spaceplan("observe")
    try await work.move(to: "2026-10-05T00:10:00Z")
    try work.spaceplan("observe")
    try work.write("at\n2026-10-05T00:01:00Z\n2026-10-05T00:09:00Z\n", to: "visits.csv")
    let arguments = ["simulate", "--set", "acme/chat:sleep=5m", "--from", "2026-10-05", "--format", "json"]
    let command = "spaceplan " + arguments.joined(separator: " ")
    #expect(!(try work.shell(command).output.contains("\"imported\"")))
    try work.spaceplan("import", "activity", "visits.csv", "--space", "acme/chat")
    let result = try work.shell(command)
    #expect(result.output.contains("\"imported\""), "\(result.output)\(result.errors)")
  }
}
