import Spaces
import Testing
import Timelines
import VisitFiles

@Test func columnsComeInAnyOrderAndManySpellings() throws {
  let content = try read(
    """
    \u{FEFF}count,"Space", at
    2,acme/chat,2026-10-05T08:00:00Z\r
    3,"acme/demo",2026-10-05T10:00:00+02:00

    1,acme/chat,1791187200
    0,acme/chat,2026-10-05T09:00:00Z
    7,acme/demo,1791187199.75
    """, space: nil)
  #expect(
    lines(content.visits) == [
      "2026-10-05T08:00:00Z acme/chat 3", "2026-10-05T07:59:59Z acme/demo 7",
      "2026-10-05T08:00:00Z acme/demo 3",
    ])
  #expect((content.lines, content.good, content.bad) == (7, 5, 0))
}

@Test func aCountOrASpaceMayBeMissing() throws {
  let content = try read("at\n-1\n-0.5\n2026-10-05T08:00:00Z\n")
  #expect(
    lines(content.visits) == [
      "1969-12-31T23:59:59Z acme/chat 2", "2026-10-05T08:00:00Z acme/chat 1",
    ])
}

/// The clock of Paris skips 02:00 to 03:00 on 28 March 2027, and shows these hours twice on 25 October 2026.
@Test func timesWithoutAZoneTakeTheOneGiven() throws {
  let content = try read(
    """
    at
    2027-03-28T01:59:59
    2027-03-28 02:30:00
    2027-03-28T03:00
    2026-10-25T02:30:00
    2026-10-25 02:30:00.75
    2026-10-25T02:30:00+01:00
    2026-07-01T12:00:60
    1791187200
    2026-10-05
    9999-12-31T23:59:59
    0001-01-01T00:00:00

    """, zone: "Europe/Paris")
  #expect(
    lines(content.visits) == [
      "2026-07-01T10:00:59Z acme/chat 1", "2026-10-05T08:00:00Z acme/chat 1",
      "2026-10-25T00:30:00Z acme/chat 2",
      "2026-10-25T01:30:00Z acme/chat 1", "2027-03-28T00:59:59Z acme/chat 1",
      "2027-03-28T01:00:00Z acme/chat 2",
      "9999-12-31T22:59:59Z acme/chat 1",
    ])
  // A day is no time of a visit, and the other was in the year before the first.
  #expect(content.firstBad.map(\.number) == [10, 12])
  #expect(content.firstBad.last?.reason.contains("is not in the years 0001 to 9999 in UTC") == true)
}

@Test func logsOfWebServersAreRead() throws {
  let content = try read(
    #"""
    203.0.113.7 - - [05/Oct/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 2326
    203.0.113.8 - anna [x] [05/Oct/2026:08:00:00 +0000] "GET /?q=\"a\" HTTP/1.1" 404 - "https://example.org/" "Agent/1.0"
    shop:443 2001:db8::1 - - [05/oct/2026:02:30:60 -0530] "-" 408 0
    203.0.113.9 - - [04/Oct/2026:23:59:59 +0000] "GET /"quoted" HTTP/1.0" 500
    """#)
  #expect(content.bad == 0, "\(content.firstBad)")
  #expect(
    lines(content.visits) == [
      "2026-10-04T23:59:59Z acme/chat 1", "2026-10-05T08:00:00Z acme/chat 2",
      "2026-10-05T08:00:59Z acme/chat 1",
    ])
}

@Test(arguments: [
  (
    "2026-10-05T08:00:00,acme/chat",
    "at: '2026-10-05T08:00:00' has no zone: name that of all such times, for example with --zone Europe/Paris"
  ),
  ("2026-10-05 08:00,acme/chat", "at: '2026-10-05 08:00' has no zone"),
  ("2026-10-05,acme/chat", "at: '2026-10-05' is neither an instant with a zone, such as"),
  ("2026-02-30T08:00:00Z,acme/chat", "at: '2026-02-30T08:00:00Z' is neither"),
  ("0000-00-00T00:00:00Z,acme/chat", "at: '0000-00-00T00:00:00Z' is neither"),
  (
    "0001-01-01T00:00:00+14:00,acme/chat",
    "at: '0001-01-01T00:00:00+14:00' is not in the years 0001 to 9999 in UTC"
  ),
  ("2026-10-05T25:00:00Z,acme/chat", "at: '2026-10-05T25:00:00Z' is neither"),
  (
    "1791187200000,acme/chat",
    "at: '1791187200000' lies after the year 9999 or before the year 1; are these milliseconds?"
  ),
  ("-99999999999999999,acme/chat", "at: '-99999999999999999' lies after the year 9999 or before the year 1"),
  ("", ""), (",acme/chat", "at: '' is neither"), ("5,acme", "space: 'acme' is not a Space"),
  ("5,acme/chat,1.5", "it has 3 fields, but the header names 2 columns"),
  ("\"5,acme/chat", "a quote is not closed on this line"),
  ("5,acme/\u{7}", "space: 'acme/�' is not a Space"),
])
func aBadLineIsPassedOverAndSaysWhy(line: String, reason: String) throws {
  let content = try read("at,space\n1,acme/chat\n\(line)\n2,acme/chat\n", space: nil)
  #expect(content.good == 2)
  #expect(content.bad == (reason.isEmpty ? 0 : 1))
  if let bad = content.firstBad.first {
    #expect(bad.number == 3)
    #expect(bad.reason.hasPrefix(reason), "\(bad.reason)")
  }
}

@Test(arguments: ["-1", "1.5", "many", "", "1000000001", "99999999999999999999"])
func aCountIsAWholeNumber(count: String) throws {
  let content = try read("at,count\n1,1\n2,\(count)\n")
  #expect(content.firstBad.first?.reason == "count: '\(count)' is not a whole number from 0 to 1000000000")
}

@Test(arguments: [
  "GET / HTTP/1.1", #"203.0.113.7 - - [05/Oct/2026:10:00:00 +0200]"#,
  #"203.0.113.7 - - [05/Oct/2026:10:00:00 +0200] "GET /"#,
  #"203.0.113.7 - - [05/Oct/2026:10:00:00 +0200] "GET / HTTP/1.1" 20"#,
  #"203.0.113.7 - - [05/Okt/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 1"#,
  #"203.0.113.7 - - [31/Nov/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 1"#,
  #"203.0.113.7 - - [01/Jan/0001:00:00:00 +0100] "GET / HTTP/1.1" 200 1"#,
  #"203.0.113.7 - - [05/Oct/2026:10:00:00 ~0200] "GET / HTTP/1.1" 200 1"#,
  #"203.0.113.7 - - [05/Oct/2026:10:00:00"#,
])
func aBadLineOfALogIsPassedOver(line: String) throws {
  let good = #"203.0.113.7 - - [05/Oct/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 1"#
  let content = try read("\(good)\n\(line)\n")
  #expect((content.good, content.bad) == (1, 1))
  #expect(content.firstBad.first?.number == 2)
}

@Test(arguments: [
  (
    "at,visits\n1,1\n",
    "v.csv:1: its columns are 'at', 'visits'; expected are at, and optionally space and count: "
      + "rename them in the first line, and leave out all others"
  ),
  ("at,at\n", "v.csv:1: the header names a column twice"),
  ("at,space\n1,acme/chat\n", "v.csv:1: it names a Space on each line, so leave out --space"),
  ("2026-10-05T08:00:00Z,1\n", "v.csv:1: the first line must name the columns: at,space,count"),
  ("2026-10-05 08:00,1\n", "v.csv:1: the first line must name the columns: at,space,count"),
  ("at\nyesterday\n", "v.csv:2: not one line can be read: at: 'yesterday' is neither"),
  ("dear all,\n", "v.csv:1: not one line can be read: it has no time in brackets, such as"),
])
func aFileOfWhichNothingCanBeTakenIsRefused(text: String, message: String) throws {
  let error = #expect(throws: UnreadableVisits.self) { try read(text) }
  #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
}

private let otherColumns: [(header: String, message: String)] = [
  ("timestamp,space_id,visitors", "'timestamp', 'space_id', 'visitors'; EXPECTED: RENAME"),
  ("\"Visited at\", Space (id) ", "'Visited at', 'Space (id)'; EXPECTED: RENAME"),
  (
    "\u{FEFF}At;\"space\";count\r",
    "'At', 'space', 'count', separated by semicolons; EXPECTED, separated by commas: write commas between them on each line"
  ),
  (
    "time\tspace",
    "'time', 'space', separated by tabs; EXPECTED, separated by commas: RENAME; write commas between them on each line"
  ),
  (
    "at,1,2,3,4,5,6,7,8,9,10,11",
    "'at', '1', '2', '3', '4', '5', '6', '7', '8', '9' and 2 more; EXPECTED: RENAME"
  ),
]

/// Whether a Space is named or not: at once, and not after its name was asked for.
@Test(arguments: otherColumns)
func otherColumnsAreNamedBesideTheExpectedOnes(header: String, message: String) throws {
  let message = message.replacing("EXPECTED", with: "expected are at, and optionally space and count")
    .replacing("RENAME", with: "rename them in the first line, and leave out all others")
  for space in [nil, chat] {
    let error = #expect(throws: UnreadableVisits.self) { try read("\(header)\n5\n", space: space) }
    #expect(error?.description == "v.csv:1: its columns are \(message)")
  }
}

@Test(arguments: [
  "timestamp\n2026-10-05T08:00:00Z\n", "2026-10-05T08:00:00Z;acme/chat\n", "dear all,\n", "{\"at\": 1}\n",
])
func whatIsNoFileOfVisitsIsNotAskedForItsSpace(text: String) throws {
  let error = #expect(throws: UnreadableVisits.self) { try read(text, space: nil) }
  #expect(
    error?.description.hasSuffix(", and as CSV the first line must name the columns: at,space,count") == true,
    "\(error?.description ?? "")")
}

/// A log that was cut begins in the middle of a line.
@Test func aLogMayBeginWithThePieceOfALine() throws {
  let content = try read(
    #"""
    like Gecko, or so) Chrome/130.0"
    KHTML, like Gecko) Chrome/130.0 Safari/537.36"
    203.0.113.7 - - [05/Oct/2026:10:00:00 +0200] "GET / HTTP/1.1" 200 1

    """#)
  #expect((content.good, content.bad) == (1, 2))
}

@Test func withoutASpaceItMustBeNamed() throws {
  for text in ["at\n1\n", "203.0.113.7 - - [05/Oct/2026:10:00:00 +0200] \"GET / HTTP/1.1\" 200 1\n"] {
    let error = #expect(throws: UnreadableVisits.self) { try read(text, space: nil) }
    #expect(
      error?.description
        == "v.csv: it does not say which Space was visited: name it with --space")
  }
}

private func span(_ first: Int64, _ last: Int64) -> [Range<Instant>] {
  [Instant(secondsSince1970: first)..<Instant(secondsSince1970: last + 1)]
}

/// One line of a wrong clock does not make all time before or after it known.
@Test(arguments: [Int64(0), 4_000_000_000])
func aClockThatJumpsTellsNothingOfTheTimeBetween(second: Int64) throws {
  let (start, year): (Int64, Int64) = (1_791_187_200, 366 * 86_400)
  let chat = try SpaceID("acme/chat")
  let months = [start, start + year - 86_400]
  let jumped = try read("at\n" + ([second] + months).map { "\($0)\n" }.joined())
  #expect(
    jumped.known[chat] == (second < start ? [] : span(months[0], months[1])) + span(second, second)
      + (second < start ? span(months[0], months[1]) : []))
  // A line that says that nobody came is a line, too.
  let quiet = try read(
    "at,count\n\(start + year - 86_400),0\n\(start),0\n\(second),0\n\(start + 2 * year - 172_800),1\n")
  #expect(quiet.known[chat]?.contains(span(start, start + 2 * year - 172_800)[0]) == true, "\(quiet.known)")
  #expect(quiet.known[chat]?.count == 2)
}

@Test func aLineThatSaysThatNobodyCameMakesThatKnown() throws {
  let content = try read(
    """
    at,space,count
    10,acme/chat,0
    20,acme/chat,3
    90,acme/chat,0
    50,acme/demo,0
    70,acme/other,1

    """, space: nil)
  #expect(lines(content.visits) == ["1970-01-01T00:00:20Z acme/chat 3", "1970-01-01T00:01:10Z acme/other 1"])
  #expect(
    content.known == [
      try SpaceID("acme/chat"): span(10, 90), try SpaceID("acme/demo"): span(50, 50),
      try SpaceID("acme/other"): span(70, 70),
    ])
}

@Test(arguments: ["", "\n\n", "at\n", "at,count\n"]) func aFileInWhichNobodyCameIsNoMistake(text: String)
  throws
{
  let content = try read(text)
  #expect(content.visits.isEmpty)
  #expect((content.good, content.bad) == (0, 0))
}

@Test func onlyTheFirstBadLinesAreKept() throws {
  let content = try read("at\n1\n" + String(repeating: "x\n", count: 100))
  #expect(content.bad == 100)
  #expect(content.firstBad.map(\.number) == [3, 4, 5, 6, 7])
}

@Test func aLineThatNeverEndsIsPassedOver() throws {
  let long = [UInt8](repeating: UInt8(ascii: "7"), count: 200_000)
  for pieces in [1 << 20, 10_000] {
    let content = try read(Array("at\n1\n".utf8) + long + Array("\n2\n".utf8), pieces: pieces)
    #expect((content.lines, content.good) == (4, 2))
    #expect(content.firstBad.first?.description == "line 3: it is longer than 65536 bytes")
  }
}
