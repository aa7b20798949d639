public import Spaces
public import Timelines

/// What a file of visits told.
public struct VisitFileContent: Sendable {
  /// Those of the same second are added up.
  public var visits: VisitDays
  /// From when to when the file knows who came to a Space: from its first line about it to its last, also where
  /// these say that nobody came; see ``Swift/Dictionary/spans(quiet:)``.
  public var known: [SpaceID: [Range<Instant>]]
  /// All lines: a header, blank ones, good and bad ones.
  public var lines: Int
  /// Lines that were understood.
  public var good: Int
  /// Lines that were passed over.
  public var bad: Int
  /// The first few of these.
  public var firstBad: [BadLine]
  /// Good lines of a log; none of CSV.
  public var requests: Int
  /// How many of these monitors and crawlers made, by the names that they give themselves.
  public var requestsOfPrograms: [String: Int]
}

/// Reads a file of visits that comes in pieces: CSV with the columns `at`, `space` and `count`, of which the last two
/// may be missing, or a web server's log in the common or combined format; or either in gzip. Which it is shows in
/// the file itself.
///
/// Lines may come in any order. Memory grows with the seconds in which anybody came, a few bytes each.
public struct VisitFileReader {
  private let file: String
  private var head: [UInt8] = []
  private var isBegun = false
  private var gunzip: Gunzip?
  private var splitter = LineSplitter()
  private var lines: VisitLines

  /// - Parameters:
  ///   - file: its name, for messages.
  ///   - space: whose visits they are, where the file does not tell.
  ///   - mayName: a file that tells it by itself is no mistake.
  ///   - clock: what times of CSV without a zone are read by; nil where such lines are passed over. A time that it
  ///     skips is the end of the gap, one that it shows twice the first.
  ///   - now: a line that is later, by more than a quarter of an hour, is passed over, as a clock was wrong; nil for
  ///     none.
  ///   - peopleOnly: what monitors and crawlers asked for is no visit; such a line of a log says that nobody came.
  public init(
    file: String, space: SpaceID?, mayName: Bool = false, clock: WallClock? = nil, now: Instant? = nil,
    peopleOnly: Bool = false
  ) {
    self.file = file
    lines = VisitLines(
      file: file, space: space, mayName: mayName, clock: clock, now: now, peopleOnly: peopleOnly)
  }

  /// How many lines have been read so far.
  public var lineCount: Int { lines.lines }

  /// - Throws: ``UnreadableVisits`` where nothing can be taken of the file.
  public mutating func take(_ piece: ArraySlice<UInt8>) throws {
    guard !isBegun else { return try pass(piece) }
    head += piece
    if head.count >= 2 { try begin() }
  }

  /// - Throws: ``UnreadableVisits`` where the file has lines and none of them can be read, or is cut off.
  public mutating func finish() throws -> VisitFileContent {
    if !isBegun { try begin() }
    do {
      try gunzip?.finish()
    } catch {
      throw UnreadableVisits(file: file, line: nil, message: error.description)
    }
    try splitter.finish { try lines.take($0) }
    let (visits, known) = try lines.result()
    return VisitFileContent(
      visits: visits, known: known, lines: lines.lines, good: lines.good, bad: lines.bad,
      firstBad: lines.remembered, requests: lines.requests, requestsOfPrograms: lines.requestsOfPrograms)
  }

  private mutating func begin() throws {
    isBegun = true
    do {
      if head.starts(with: [0x1F, 0x8B]) { gunzip = try Gunzip() }
    } catch {
      throw UnreadableVisits(file: file, line: nil, message: error.description)
    }
    try pass(head[...])
    head = []
  }

  private mutating func pass(_ piece: ArraySlice<UInt8>) throws {
    guard let gunzip else { return try splitter.split(piece) { try lines.take($0) } }
    do {
      try gunzip.inflate(piece) { content in try splitter.split(content) { try lines.take($0) } }
    } catch let error as InvalidGzip {
      throw UnreadableVisits(file: file, line: nil, message: error.description)
    }
  }
}
