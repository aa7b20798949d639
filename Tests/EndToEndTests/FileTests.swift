import Foundation
import Spaces
import Testing

/// Files that are given or written: what stands there, what is missing, what is something else.
@Suite struct FileTests {
  private func workplace() throws -> Workplace {
    let work = try Workplace(fleet: [["id": "acme/chat", "hardware": "t4-small"]])
    try work.rules("  - { name: all, spaces: [\"acme/*\"] }")
    try work.spaceplan("observe")
    return work
  }

  @Test func aReportGoesThroughLinksAndPipes() throws {
    let work = try workplace()
    let result = try work.shell(
      """
      mkdir there
      echo old > there/report.md
      chmod 640 there/report.md
      ln -s there/report.md report.md
      spaceplan report --output report.md
      test -L report.md
      test "$(stat -c %a there/report.md)" = 640
      mkfifo pipe
      cat pipe > got &
      spaceplan report --output pipe
      wait
      test -p pipe
      spaceplan report --output - > printed
      cmp there/report.md got
      cmp printed got
      test "$(ls there)" = report.md
      """)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try work.read("got").contains("# Spaces cost"))
  }

  @Test func aFolderWhereAFileBelongsIsNamed() throws {
    let work = try workplace()
    try work.shell("mkdir -p folder new/rules.yaml")
    func expect(_ arguments: String..., says words: String, sourceLocation: SourceLocation = #_sourceLocation)
      throws
    {
      let result = try work.shell(
        (["spaceplan"] + arguments.map { "'\($0)'" }).joined(separator: " "))
      #expect(result.status == 74, sourceLocation: sourceLocation)
      #expect(result.errors.contains(words), "\(result.errors)", sourceLocation: sourceLocation)
    }
    try expect("report", "--output", "folder", says: "folder can't be written: it is a folder")
    try expect("import", "history", "--actions", "folder", says: "folder can't be read: it is a folder")
    try expect("observe", "--database", "folder", says: "the database folder is a folder")
    try expect("check", "--schedules", "new", says: "new/rules.yaml can't be read: it is a folder")
    try expect(
      "check", "--schedules", "schedules/rules.yaml",
      says: "schedules/rules.yaml is a file; --schedules takes the folder it is in")
    try expect("check", "--schedules", "nowhere", says: "No such file or directory")
    try expect("report", "--output", "nowhere/x.md", says: "nowhere/x.md can't be written: No such file")
    #expect(try work.shell("ls").output.contains("folder.lock") == false)
    let empty = try work.spaceplan("run", "--database", "")
    #expect(empty.status == 64)
    #expect(empty.errors.contains("--database is empty"))
    #expect(try work.shell("ls -A").output.contains("\n.lock") == false)
  }

  @Test func aFullDiskIsToldAndAReaderThatWentAwayIsNot() throws {
    let work = try workplace()
    let full = try work.shell("spaceplan report > /dev/full")
    #expect(full.status == 74)
    #expect(full.errors.contains("standard output can't be written: No space left on device"))
    let pipe = try work.shell("spaceplan report | true")
    #expect(pipe.errors == "")
  }

  @Test func aDatabaseThatIsNoneStopsNoCheckOfTheRules() throws {
    let work = try workplace()
    try work.write("no database, but long enough to be taken for one\n", to: "spaceplan.sqlite")
    try work.rules("  - { name: all, spaces: [\"acme/*\"], colour: red }")
    let check = try work.spaceplan("check")
    #expect(check.output.contains("schedules/rules.yaml:4:"))
    #expect(check.errors.contains("renamed could not be checked: spaceplan.sqlite is not a database"))
    #expect(check.status == 65)
  }

  // MARK: The token

  @Test func theTokenIsFoundInTheHomeFolderOfTheEnvironment() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]], hubArguments: ["--token", "from-home"])
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    work.environment["HF_TOKEN"] = ""
    let without = try work.spaceplan("observe")
    #expect(
      without.errors.contains(
        "no token was found (HF_TOKEN, or \(work.folder.path)/.cache/huggingface/token), so only public Spaces are seen"
      ))
    try work.write("from-home\n", to: ".cache/huggingface/token")
    let with = try work.spaceplan("observe")
    #expect(with.status == 0)
    #expect(!with.errors.contains("no token"))
  }

  @Test func aTokenFileThatCannotBeReadIsTold() throws {
    let work = try Workplace(fleet: [["id": "acme/chat"]])
    try work.rules("  - { name: all, spaces: [acme/chat] }")
    work.environment["HF_TOKEN"] = ""
    work.environment["HF_TOKEN_PATH"] = work.folder.path
    let folder = try work.spaceplan("observe")
    #expect(folder.status == 74)
    #expect(folder.errors.contains("can't be read: it is a folder\n"))
    work.environment["HF_TOKEN_PATH"] = work.folder.path + "/nothing"
    #expect(try work.spaceplan("observe").status == 74)
  }
}
