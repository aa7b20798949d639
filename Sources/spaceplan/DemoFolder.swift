import Foundation
import Pricing

/// The folder that the demo leaves. It is made anew only where nothing in it is somebody's own.
enum DemoFolder {
  static let path = "demo"
  static let fleet = path + "/fleet.json"
  private static let marker = ".spaceplan-demo"
  /// What the demo writes besides the files that it begins with.
  private static let results = ["spaceplan.sqlite", "report.md", "report.csv"]
  /// What SQLite and the lock leave beside the database: it says nothing of its own.
  private static let traces =
    ["spaceplan.sqlite-wal", "spaceplan.sqlite-shm", "spaceplan.sqlite-journal"]
    + ["spaceplan.sqlite.lock"]

  private static var beginnings: [(name: String, text: String)] {
    [
      ("fleet.json", DemoTeam.fleet().text), ("schedules/team.yaml", DemoTeam.rules),
      ("pricing/\(PriceTable.builtInFileName)", PriceTable.builtInText),
    ]
  }

  /// Makes the folder.
  /// - Throws: an ``Ending`` where that would lose what somebody did in one that is there.
  static func make() throws {
    if FileManager.default.fileExists(atPath: path) {
      try refuseLosses()
      try? FileManager.default.removeItem(atPath: path)
    }
    try makeFolder("\(path)/schedules")
    try makeFolder("\(path)/pricing")
    for (name, text) in beginnings { try writeFile(text, to: "\(path)/\(name)") }
    try seal(open: true)
  }

  /// Notes what the folder holds, so that it is seen later what somebody changed.
  static func seal() throws { try seal(open: false) }

  /// - Parameter open: the demo goes on, so that its results may hold anything.
  private static func seal(open: Bool) throws {
    let sums =
      open
      ? beginnings.map { checksum(Data($0.text.utf8)) + " " + $0.name } + results.map { "* " + $0 }
      : try files().map { checksum(try bytes(of: "\(path)/\($0)")) + " " + $0 }
    let head = "# Made by `spaceplan demo`, which makes this folder anew while its files are these.\n"
    try writeFile(head + sums.map { $0 + "\n" }.joined(), to: "\(path)/\(marker)")
  }

  private static func refuseLosses() throws {
    guard let list = try? bytes(of: "\(path)/\(marker)") else {
      throw Ending(
        Ending.Status.files,
        "there is a \(path) here that this command did not make; move it away, or work in another folder")
    }
    let known = String(decoding: list, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
      .reduce(into: [String: String]()) { if $1.count == 2 { $0[$1[1]] = $1[0] } }
    let own = try files().filter { name in
      guard let sum = known[name] else { return true }
      return try sum != "*" && sum != checksum(bytes(of: "\(path)/\(name)"))
    }
    guard own.isEmpty else {
      throw Ending(
        Ending.Status.files,
        "\(path)/ would be made anew, but these files were changed or added: \(own.joined(separator: ", ")); move the folder away, or work in another one"
      )
    }
  }

  private static func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter {
      $0 != marker && !traces.contains($0) && !isFolder("\(path)/\($0)")
    }.sorted()
  }

  /// FNV-1a: it is to notice edits, not to withstand forgers.
  private static func checksum(_ data: Data) -> String {
    let sum = data.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(sum, radix: 16)
  }
}
