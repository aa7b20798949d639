import Spaces
import TestSupport
import Testing
import Timelines
import VisitFiles

private struct Written {
  var text: [String]
  var expected: [String: [Int64: Int]]
}

private func random(_ random: inout SplitMix64, count: Int) -> [(space: String, second: Int64, count: Int)] {
  (0..<count).map { _ in
    (
      ["acme/a", "acme/b", "labs/c"].randomElement(using: &random) ?? "acme/a",
      1_791_187_200 + Int64.random(in: -300_000..<300_000, using: &random) / 7 * 7,
      Int.random(in: 1...3, using: &random)
    )
  }
}

private func csv(_ visits: [(space: String, second: Int64, count: Int)], _ random: inout SplitMix64)
  -> [UInt8]
{
  let lines = visits.map { visit in
    let at = Instant(secondsSince1970: visit.second)
    return "\(Bool.random(using: &random) ? "\(visit.second)" : "\(at)"),\(visit.space),\(visit.count)\n"
  }
  return Array(("at,space,count\n" + lines.joined()).utf8)
}

private func sums(_ visits: [(space: String, second: Int64, count: Int)]) -> [String] {
  var sums: [String: [Int64: Int]] = [:]
  for visit in visits { sums[visit.space, default: [:]][visit.second, default: 0] += visit.count }
  return sums.sorted { $0.key < $1.key }.flatMap { space, seconds in
    seconds.sorted { $0.key < $1.key }.map { "\(Instant(secondsSince1970: $0.key)) \(space) \($0.value)" }
  }
}

@Test(arguments: 0..<UInt64(40)) func whatIsWrittenIsRead(seed: UInt64) throws {
  var generator = SplitMix64(seed: seed)
  let visits = random(&generator, count: Int.random(in: 1...300, using: &generator))
  var bytes = csv(visits, &generator)
  if Bool.random(using: &generator) { bytes = gzip(bytes) }
  let content = try read(bytes, space: nil, pieces: Int.random(in: 1...500, using: &generator))
  #expect((content.good, content.bad) == (visits.count, 0))
  #expect(lines(content.visits) == sums(visits))
}

/// Each second of a Space is whole in at least one of the files, as rotated logs have it.
@Test(arguments: 0..<UInt64(40)) func filesInAnyOrderThatOverlapGiveTheSame(seed: UInt64) throws {
  var generator = SplitMix64(seed: seed)
  let visits = random(&generator, count: 200)
  let parts = 3
  var files = [[(space: String, second: Int64, count: Int)]](repeating: [], count: parts)
  var places: [Int64: Set<Int>] = [:]
  for visit in visits {
    let place =
      places[visit.second]
      ?? Set(
        (0...Int.random(in: 0..<parts, using: &generator)).map { _ in
          Int.random(in: 0..<parts, using: &generator)
        })
    places[visit.second] = place
    for index in place { files[index].append(visit) }
  }
  var all: VisitDays = [:]
  for file in files.shuffled(using: &generator) {
    all.raise(to: try read(csv(file.shuffled(using: &generator), &generator), space: nil).visits)
  }
  #expect(lines(all) == sums(visits))
}

/// More than the tally holds before it moves them into their days.
@Test func manyVisitsInAnyOrderAreAddedUp() throws {
  var generator = SplitMix64(seed: 11)
  let seconds = (0..<300_000).map { _ in Int64.random(in: 0..<100_000, using: &generator) }
  let text = "at\n" + seconds.map { "\($0)\n" }.joined()
  let content = try read(Array(text.utf8), pieces: 1 << 16)
  let days = content.visits.values.joined().flatMap { number, day in day.visits(onDay: number) }
  #expect(days.reduce(0) { $0 + $1.count } == seconds.count)
  #expect(days.count == Set(seconds).count)
}

/// Anything at all: it never crashes, and every line is accounted for.
@Test(arguments: 0..<UInt64(300)) func anyBytesAreAccountedFor(seed: UInt64) throws {
  var generator = SplitMix64(seed: seed)
  let starts = [
    "at,space,count\n1,acme/chat,1\n", "at\n1\n", "\"at\"\n5\n",
    "203.0.113.7 - - [05/Oct/2026:10:00:00 +0200] \"GET / HTTP/1.1\" 200 1\n", "",
  ]
  let start = starts.randomElement(using: &generator) ?? ""
  let pieces = [
    "[05/Oct/2026:10:00:00 +0200]", "\"GET\" 200", "acme/chat", ",", "\"", "\n", "\r\n", "1791187200", "-",
    ".", "[", "]", "\0", "é", "2026-10-05T08:00:00Z",
  ]
  var bytes = Array(start.utf8)
  for _ in 0..<Int.random(in: 0...120, using: &generator) {
    if Int.random(in: 0..<5, using: &generator) == 0 {
      bytes.append(UInt8.random(in: 0...255, using: &generator))
    } else {
      bytes += (pieces.randomElement(using: &generator) ?? "").utf8
    }
  }
  let size = Int.random(in: 1...50, using: &generator)
  guard let content = try? read(bytes, space: start.contains("space") ? nil : chat, pieces: size) else {
    #expect(start.isEmpty, "a good line was there")
    return
  }
  let texts = bytes.split(separator: 10, omittingEmptySubsequences: false).map {
    $0.last == 13 ? $0.dropLast() : $0
  }
  let ended = texts.last?.isEmpty == true && bytes.last != 13 ? texts.dropLast() : texts[...]
  #expect(content.lines == ended.count)
  let header = start.hasPrefix("203") || start.isEmpty ? 0 : 1
  #expect(content.good + content.bad + header == ended.count { !$0.isEmpty })
  let again = try read(bytes, space: start.contains("space") ? nil : chat, pieces: bytes.count)
  #expect(lines(again.visits) == lines(content.visits))
}

/// Damaged gzip gives an answer or an error.
@Test(arguments: 0..<UInt64(100)) func anyGzipIsReadOrRefused(seed: UInt64) throws {
  var generator = SplitMix64(seed: seed)
  var bytes = gzip(csv(random(&generator, count: 50), &generator))
  for _ in 0..<3 {
    let index = Int.random(in: 2..<bytes.count, using: &generator)
    bytes[index] = UInt8.random(in: 0...255, using: &generator)
  }
  do {
    _ = try read(bytes, space: nil)
  } catch {
    #expect(error is UnreadableVisits)
  }
}
