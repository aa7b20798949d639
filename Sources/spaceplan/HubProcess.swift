import Foundation
import Hub

/// A simulated Hub in its own process, for the demo. It ends when this one does, however that is: it reads
/// from a pipe whose other end is ours.
final class HubProcess {
  let endpoint: String
  private let process: Process
  private let input = Pipe()

  /// The program that stands beside this one.
  static func program() throws -> URL {
    guard
      let program = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent(
        "spaceplan-hub"),
      FileManager.default.isExecutableFile(atPath: program.path)
    else {
      throw Ending(
        Ending.Status.files,
        "the simulated Hub, spaceplan-hub, is not beside this program; build it with `make build`")
    }
    return program
  }

  init(_ arguments: [String]) throws {
    process = Process()
    process.executableURL = try Self.program()
    process.arguments = arguments + ["--until-input-ends"]
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    do {
      try process.run()
    } catch {
      throw Ending(Ending.Status.files, "the simulated Hub can't be started: \(error.localizedDescription)")
    }
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let address = line.split(whereSeparator: \.isWhitespace).last, address.hasPrefix("http://") else {
      process.terminate()
      throw Ending(Ending.Status.outOfReach, "the simulated Hub did not start: \(line)")
    }
    endpoint = String(address)
  }

  func stop() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
