import Spaces
import Timelines

/// Understands the lines of one file, one after the other, and adds up what they tell.
struct VisitLines {
  private enum Format {
    case unknown
    case columns(VisitColumns)
    case accessLog
  }

  /// How many bad lines are remembered.
  static let mostRemembered = 5
  /// Seconds that another clock may be ahead, or that it takes to read a file.
  private static let ahead: Int64 = 900
  private static let mostInALine = 1_000_000_000

  private let file: String
  /// Of lines that name no Space.
  private let space: SpaceID?
  /// Lines may name one also where it is given.
  private let mayName: Bool
  private let now: Instant?
  /// A request of a program says that nobody came.
  private let peopleOnly: Bool
  private var format = Format.unknown
  private var instants: InstantField
  private var spaces = SpaceNumbers()
  private var tally = VisitTally()
  /// Of each UTC day the first and the last second, since 1970, of which a line says that nobody came, by the Space's
  /// number.
  private var quiet: [Int: [Int64: ClosedRange<Int64>]] = [:]
  private var programs = Programs()
  private(set) var requests = 0
  private(set) var lines = 0
  private(set) var good = 0
  private(set) var bad = 0
  private(set) var remembered: [BadLine] = []

  var requestsOfPrograms: [String: Int] { programs.requests }

  init(
    file: String, space: SpaceID?, mayName: Bool, clock: WallClock?, now: Instant?, peopleOnly: Bool
  ) {
    (self.file, self.space, self.mayName) = (file, space, mayName)
    (self.now, self.peopleOnly) = (now, peopleOnly)
    instants = InstantField(clock: clock)
  }

  /// - Parameter line: without its end; nil for one that is too long to be looked at.
  mutating func take(_ line: ArraySlice<UInt8>?) throws {
    lines += 1
    do {
      guard var line else { throw LineProblem("it is longer than \(LineSplitter.longest) bytes") }
      if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
      guard !line.isEmpty else { return }
      if case .unknown = format {
        try findFormat(line)
        if case .columns = format { return }
      }
      try read(line)
      good += 1
    } catch let problem as LineProblem {
      bad += 1
      if remembered.count < Self.mostRemembered {
        remembered.append(BadLine(number: lines, reason: problem.reason))
      }
    }
  }

  mutating func result() throws -> (visits: VisitDays, known: [SpaceID: [Range<Instant>]]) {
    if good == 0, let first = remembered.first {
      let isLog = if case .columns = format { false } else { true }
      let other = isLog ? ", and as CSV the first line must name the columns: \(VisitColumns.expected)" : ""
      throw unreadable("not one line can be read: \(first.reason)\(other)", line: first.number)
    }
    let days = tally.result()
    let visits = VisitDays(uniqueKeysWithValues: zip(spaces.all, days).filter { !$0.1.isEmpty })
    let known = spaces.all.enumerated().map { number, space in
      let quiet = (quiet[number] ?? [:]).values.map { seconds in
        Instant(secondsSince1970: seconds.lowerBound)..<Instant(secondsSince1970: seconds.upperBound) + 1
      }
      // Of those whom nobody visited there may be no days.
      return (space, (days.indices.contains(number) ? days[number] : [:]).spans(quiet: quiet))
    }
    return (visits, Dictionary(uniqueKeysWithValues: known.filter { !$0.1.isEmpty }))
  }

  private mutating func findFormat(_ first: ArraySlice<UInt8>) throws {
    let header = first.starts(with: [0xEF, 0xBB, 0xBF]) ? first.dropFirst(3) : first
    do {
      if let columns = try VisitColumns(header: header) {
        format = .columns(columns)
        if columns.space != nil, space != nil, !mayName {
          throw unreadable("it names a Space on each line, so leave out --space", line: lines)
        }
        if columns.space == nil { try useGivenSpace() }
        return
      }
    } catch let problem as LineProblem {
      throw unreadable(problem.reason, line: lines)
    }
    if let field = VisitColumns.fields(header)?.first, instants.isTime(field) {
      throw unreadable("the first line must name the columns: \(VisitColumns.expected)", line: lines)
    }
    format = .accessLog
  }

  private mutating func useGivenSpace() throws {
    guard let space else {
      throw unreadable("it does not say which Space was visited: name it with --space", line: nil)
    }
    spaces.use(space)
  }

  private mutating func read(_ line: ArraySlice<UInt8>) throws {
    guard case .columns(let columns) = format else {
      let line = try AccessLogLine(line, &instants)
      try refuse(ifLater: line.second)
      // Only now: what is no log needs another cure than the name of a Space.
      if spaces.all.isEmpty { try useGivenSpace() }
      requests += 1
      let isProgram = line.agent.map { programs.take($0) } ?? false
      return add(isProgram && peopleOnly ? 0 : 1, at: line.second, space: 0)
    }
    guard let fields = VisitColumns.fields(line) else {
      throw LineProblem("a quote is not closed on this line")
    }
    guard fields.count == columns.width else {
      let named = columns.width == 1 ? "1 column" : "\(columns.width) columns"
      throw LineProblem(
        "it has \(fields.count == 1 ? "1 field" : "\(fields.count) fields"), but the header names \(named)")
    }
    let second = try instants.seconds(fields[columns.at])
    try refuse(ifLater: second)
    let count = try columns.count.map { index throws(LineProblem) in
      guard let count = fields[index].number, count <= Self.mostInALine else {
        throw LineProblem(
          "count: \(fields[index].excerpt) is not a whole number from 0 to \(Self.mostInALine)")
      }
      return count
    }
    let number = try columns.space.map { index throws(LineProblem) in try spaces.number(of: fields[index]) }
    add(count ?? 1, at: second, space: number ?? 0)
  }

  /// What is said to come is no visit, and up to then nobody knows who came.
  private func refuse(ifLater second: Int64) throws(LineProblem) {
    guard let now, second > now.secondsSince1970 + Self.ahead else { return }
    throw LineProblem("\(Instant(secondsSince1970: second)) is still to come: is a clock wrong?")
  }

  private mutating func add(_ count: Int, at second: Int64, space: Int) {
    guard count == 0 else { return tally.add(count, at: second, space: space) }
    // A line that says that nobody came is no visit, and no mistake.
    let day = VisitDay.number(of: Instant(secondsSince1970: second))
    let known = quiet[space]?[day] ?? second...second
    quiet[space, default: [:]][day] = min(known.lowerBound, second)...max(known.upperBound, second)
  }

  private func unreadable(_ message: String, line: Int?) -> UnreadableVisits {
    UnreadableVisits(file: file, line: line, message: message)
  }
}

/// Numbers for the Spaces of a file, in order of appearance.
struct SpaceNumbers {
  private(set) var all: [SpaceID] = []
  private var numbers: [[UInt8]: Int] = [:]
  private var last: (name: ArraySlice<UInt8>, number: Int)?

  mutating func use(_ space: SpaceID) { all.append(space) }

  mutating func number(of field: ArraySlice<UInt8>) throws(LineProblem) -> Int {
    if let last, last.name.elementsEqual(field) { return last.number }
    let name = Array(field)
    if let known = numbers[name] {
      last = (ArraySlice(name), known)
      return known
    }
    guard all.count < VisitTally.mostSpaces else {
      throw LineProblem("space: more Spaces than can be told apart")
    }
    do throws(InvalidSpaceID) {
      all.append(try SpaceID(String(decoding: name, as: UTF8.self)))
    } catch {
      throw LineProblem("space: \(field.excerpt) is not a Space; a Space is OWNER/NAME, such as acme/chat")
    }
    numbers[name] = all.count - 1
    last = (ArraySlice(name), all.count - 1)
    return all.count - 1
  }
}
