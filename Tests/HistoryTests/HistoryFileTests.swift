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
