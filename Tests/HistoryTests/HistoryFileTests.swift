import Foundation
import GRDB
import History
import Spaces
import Synchronization
import Testing
import Timelines

private func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spaceplan-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

@Test func aMissingDatabaseIsNotMadeByReading() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    let error = #expect(throws: HistoryError.self) { try History(path: path, access: .existing) }
    #expect(error == .missing(path: path))
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}

@Test func filesThatAreNoDatabaseAreLeftAlone() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    try Data("this is a letter, not a database at all".utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: HistoryError.self) { try History(path: path) }
    #expect(error == .notADatabase(path: path))
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("this is a letter"))
  }
}

/// As SQLite says of a file that may not be read, which root always may.
@Test func whatIsThereAndCantBeOpenedIsNotBlamedOnItsFolder() throws {
  try withFolder { folder in
    let error = #expect(throws: HistoryError.self) { try History(path: folder) }
    #expect(error == .unopenable(path: folder))
  }
}

@Test func anotherProgramsDatabaseIsLeftAlone() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE letter (text TEXT)") }
    try queue.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let error = #expect(throws: HistoryError.self) { try History(path: path) }
    #expect(error == .foreign(path: path))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }
}

@Test func aNewerVersionIsRefused() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    _ = try History(path: path)
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 from tomorrow')") }
    try queue.close()
    let error = #expect(throws: HistoryError.self) { try History(path: path) }
    #expect(error == .newerVersion(path: path))
  }
}

/// From what the first version wrote, as SQL: no migration that has shipped may change.
@Test func aDatabaseOfTheFirstVersionIsBroughtUpToDate() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    let dump = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("version-1.sql")
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: String(contentsOf: dump, encoding: .utf8)) }
    try queue.close()
    let history = try History(path: path, access: .existing)
    let space = try SpaceID("acme/chat")
    #expect(try history.intervals(of: space).flatMap(\.looks).count == 2)
    #expect(try history.actions(on: space).count == 1)
    #expect(try history.holds().isEmpty)
    let hold = Hold(
      space: space, from: Instant(secondsSince1970: 1), until: Instant(secondsSince1970: 2), madeBy: "anna")
    try history.add(hold)
    #expect(try History(path: path).holds() == [hold])
    let month = ClosedMonth(format: "focus-1.2", start: hold.from, closedAt: hold.until, text: "")
    #expect(try history.close(month) == month)
  }
}

/// Version 4 did not know from when to when visits are known, nor when months were closed.
@Test func whatVersionFourKnewOfVisitsAndClosingsIsTakenOver() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    let space = try SpaceID("acme/chat")
    let (start, day) = (Instant(secondsSince1970: 0), VisitDay.seconds)
    let month = ClosedMonth(format: "focus-1.2", start: start, closedAt: start + 7, text: "then")
    do {
      let history = try History(path: path)
      let visits = [0, 9].map { (Int64($0), VisitDay([Visit(at: start + Int64($0) * day + 5)])) }
      try history.importVisits([space: Dictionary(uniqueKeysWithValues: visits)], known: [:])
      _ = try history.close(month)
    }
    let queue = try DatabaseQueue(path: path)
    try queue.write {
      try $0.execute(
        sql: """
          DROP TABLE visit_span;
          DROP TABLE closing;
          DROP TABLE budget_step;
          DROP TABLE budget_told;
          DROP TABLE message;
          DROP TABLE told_advice;
          ALTER TABLE action DROP COLUMN refused_anyway;
          DELETE FROM grdb_migrations WHERE identifier >= '5';
          """)
    }
    try queue.close()
    let history = try History(path: path)
    // Of the days on which nobody came nothing is known.
    #expect(try history.visitSpans(of: space) == [start..<start + day, start + 9 * day..<start + 10 * day])
    #expect(try history.closings(of: month.format, start: start) == [start + 7])
  }
}

/// Two rows become one: whatever refers to the row that goes has to be moved first, in every table that there is.
@Test func aRenamedSpaceTakesTheRowsOfEveryTableWithIt() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    let history = try History(path: path)
    let (old, new) = (try SpaceID("acme/old"), try SpaceID("acme/new"))
    // The columns besides the Space's, of a row for the old name and of one for the new.
    let rows: [String: (columns: String, old: String, new: String)] = [
      "action": (
        "at, kind, from_value, to_value, reason", "1, 'pause', '', '', ''", "1, 'pause', '', '', ''"
      ),
      "applied": ("setting, value, at", "'sleep', '60', 1", "'sleep', '90', 2"),
      "budget_step": ("budget, month, nano_dollars, at", "'all', 0, '5', 1", "'all', 0, '5', 1"),
      "former_name": ("name, until", "'acme/first', 1", "'acme/second', 2"),
      "hold": ("from_at, until_at, reason, made_by", "1, 9, '', 'anna'", "1, 9, '', 'anna'"),
      "interval": (
        "first_at, last_at, look_count, looks, stage, replicas", "1, 1, 1, x'', 'RUNNING', 1",
        "2, 2, 1, x'', 'RUNNING', 1"
      ),
      "visit_day": ("source, day, visits", "'imported', 0, x'02'", "'imported', 0, x'04'"),
      "visit_span": ("start, end", "0, 86400", "0, 86400"),
    ]
    let queue = try DatabaseQueue(path: path)
    try queue.write { database in
      try database.execute(sql: "INSERT INTO space VALUES (1, '\(old)'), (2, '\(new)')")
      for (table, row) in rows {
        try database.execute(
          sql: "INSERT INTO \(table) (space_id, \(row.columns)) VALUES (1, \(row.old)), (2, \(row.new))")
      }
    }
    let referring = try queue.read { database in
      try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'").filter {
        table in
        try Row.fetchAll(database, sql: "PRAGMA foreign_key_list(\(table))").contains {
          $0["table"] == "space"
        }
      }
    }
    #expect(referring.sorted() == rows.keys.sorted(), "a row of each is needed here")
    #expect(try history.rename(old, to: new, at: Instant(secondsSince1970: 3)))
    for table in referring {
      let spaces = try queue.read { database in
        try Int64.fetchAll(database, sql: "SELECT space_id FROM \(table)")
      }
      #expect(!spaces.isEmpty && spaces.allSatisfy { $0 == 1 }, "\(table)")
    }
    #expect(try history.spaces().map(\.name) == [new])
    #expect(
      try history.budgetSteps(inMonth: Instant(secondsSince1970: 0)).map(\.space) == [new, new])
  }
}

/// Nothing reads it yet; what the Hub adds to its answers is there when somebody does.
@Test func theWholeAnswerOfTheFirstOfEqualLooksIsKept() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    let history = try History(path: path)
    for second in 1...2 {
      let look = Look(
        space: try SpaceID("acme/chat"), at: Instant(secondsSince1970: Int64(second)),
        state: SpaceState(stage: .running, hardware: .t4Small), raw: ["new": .integer(Int64(second))])
      try history.record([look])
    }
    let answers = try DatabaseQueue(path: path).read { database in
      try String.fetchAll(database, sql: "SELECT raw FROM interval")
    }
    #expect(answers == [#"{"new":1}"#])
  }
}

@Test func whatAMonthWasBeforeItWasClosedAnewIsKept() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    let history = try History(path: path)
    let start = Instant(secondsSince1970: 0)
    for (text, at) in [("first", Int64(8)), ("second", 9)] {
      _ = try history.close(
        ClosedMonth(format: "f", start: start, closedAt: start + at, text: text), again: text == "second")
    }
    let journal = try DatabaseQueue(path: path).read { database in
      try Row.fetchAll(database, sql: "SELECT event, at, text_before FROM closing ORDER BY id")
    }
    #expect(
      journal == [
        ["event": "closed", "at": 8, "text_before": nil],
        ["event": "reopened", "at": 9, "text_before": "first"],
      ])
  }
}

@Test func adviceIsTakenOnOnceAMonth() throws {
  try withFolder { folder in
    let (one, other) = (try History(path: folder + "/h.sqlite"), try History(path: folder + "/h.sqlite"))
    let month = Instant(secondsSince1970: 0)
    #expect(try one.firstLook() == nil && !one.isAdviceTold(of: month))
    #expect(try one.claimAdvice(of: month, at: month + 5))
    #expect(try other.isAdviceTold(of: month) && !other.claimAdvice(of: month, at: month + 6))
    #expect(try other.claimAdvice(of: month + 31 * 86_400, at: month + 31 * 86_400))
  }
}

@Test func manyMayOpenANewDatabaseAtOnce() throws {
  try withFolder { folder in
    for round in 0..<50 {
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 4) { _ in
        do {
          _ = try History(path: folder + "/\(round).sqlite").spaces()
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
      #expect(failures.withLock(\.self) == [])
    }
  }
}

@Test func aFolderThatIsNotThereIsNamed() throws {
  let error = #expect(throws: HistoryError.self) { try History(path: "/nonexistent/folder/h.sqlite") }
  #expect(error?.description.contains("/nonexistent/folder/h.sqlite") == true)
}

@Test func theSecondPlannerLearnsWhoHoldsTheLock() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    let first = try PlannerLock(database: path, holder: "process 1")
    let held = #expect(throws: PlannerLock.Held.self) { try PlannerLock(database: path, holder: "process 2") }
    #expect(held?.holder == "process 1")
    withExtendedLifetime(first) {}
  }
}

@Test func theLockEndsWithItsHolder() throws {
  try withFolder { folder in
    let path = folder + "/h.sqlite"
    do { _ = try PlannerLock(database: path, holder: "process 1") }
    _ = try PlannerLock(database: path, holder: "process 2")
  }
}
