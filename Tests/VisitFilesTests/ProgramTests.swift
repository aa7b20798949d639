import Spaces
import Testing
import Timelines
import VisitFiles

private func log(_ agents: [String]) -> String {
  agents.enumerated().map { second, agent in
    "203.0.113.7 - - [05/Oct/2026:08:00:\(second + 10) +0000] \"GET /robots.txt HTTP/1.1\" 200 1 \(agent)\n"
  }.joined()
}

@Test(arguments: [
  ("Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)", "UptimeRobot"),
  ("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "Pingdom"),
  ("Mozilla/5.0 (X11) Chrome/98.0 Safari/537.36 StatusCake", "StatusCake"),
  ("kube-probe/1.29", "kube-probe"), ("GoogleHC/1.0", "GoogleHC"),
  ("ELB-HealthChecker/2.0", "ELB-HealthChecker"),
  ("Amazon-Route53-Health-Check-Service (ref 1)", "Amazon-Route53-Health-Check-Service"),
  ("Better Uptime Bot Mozilla/5.0", "Uptime"), ("Mozilla/5.0 (compatible; Site24x7)", "Site24x7"),
  ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"),
  ("Mozilla/5.0 (compatible; Yahoo! Slurp)", "Slurp"), ("Baiduspider-render/2.0", "Baiduspider-render"),
  ("MY-CRAWLER", "MY-CRAWLER"), ("Mozilla/5.0 (Linux; CUBOT X18) AdsBot-Google", "AdsBot-Google"),
  (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
    nil
  ),
  ("Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) Chrome/130.0 Mobile Safari/537.36", nil),
  ("curl/8.5.0", nil), ("-", nil), ("", nil), ("bo", nil),
])
func aProgramIsKnownByItsUserAgent(agent: String, name: String?) throws {
  let content = try read(log([#""-" "\#(agent)""#, #""-" "\#(agent)""#]))
  #expect(content.requestsOfPrograms == (name.map { [$0: 2] } ?? [:]))
  // It wakes a Space as people do.
  #expect((content.good, content.requests) == (2, 2))
  #expect(lines(content.visits).count == 2)
}

/// Only the combined format has user agents, and other texts may speak of robots.
@Test(arguments: [
  #""https://acme.example/chatbot" "Mozilla/5.0""#, "", #""-""#, #""uptimerobot""#, #""-" "uptimerobot"#,
  #""-" "Mozilla/5.0" "bot""#, #""a "bot" b" "Mozilla/5.0""#,
])
func whatIsNoUserAgentNamesNoProgram(rest: String) throws {
  let content = try read(log([rest]))
  #expect((content.good, content.requestsOfPrograms) == (1, [:]))
}

@Test func quotesInsideOfWhereAVisitorCameFromAreNoEnd() throws {
  let content = try read(log([#""a "b" c" "kube-probe/1.29" "203.0.113.9""#]))
  #expect(content.requestsOfPrograms == ["kube-probe": 1])
}

@Test func forPeopleOnlyARequestOfAProgramSaysThatNobodyCame() throws {
  let text = log([#""-" "kube-probe/1""#, #""-" "Mozilla/5.0""#, #""-" "a-bot""#, #""-" "Kube-Probe/2""#])
  let content = try read(text, peopleOnly: true)
  #expect(lines(content.visits) == ["2026-10-05T08:00:11Z acme/chat 1"])
  #expect((content.good, content.bad, content.requests) == (4, 0, 4))
  #expect(content.requestsOfPrograms == ["kube-probe": 1, "Kube-Probe": 1, "a-bot": 1])
  let first = try Instant("2026-10-05T08:00:10Z")
  #expect(content.known == [try SpaceID(chat): [first..<first + 4]])
  #expect(try read(text).known == content.known)
  // CSV has no user agents.
  let csv = try read("at,space\n5,acme/chatbot\n", space: nil, peopleOnly: true)
  #expect((csv.requests, lines(csv.visits).count) == (0, 1))
}

/// Each request may make up a name.
@Test func manyProgramsAreCountedInBoundedMemory() throws {
  let text = (0..<10_010).map { number in
    "203.0.113.7 - - [05/Oct/2026:08:00:10 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"bot\(number)\"\n"
  }.joined()
  let content = try read(Array(text.utf8), pieces: 1 << 16)
  #expect(content.requestsOfPrograms.count == 10_001)
  #expect(content.requestsOfPrograms["others"] == 10)
}
