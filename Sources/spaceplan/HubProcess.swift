import Foundation
import Hub

/// A simulated Hub in its own process, for the demo.
final class HubProcess {
  let endpoint: String
  private let process: Process

  /// Starts `spaceplan-hub`, which stands beside this program.
  init(_ arguments: [String]) throws {
    guard
      let program = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent(
        "spaceplan-hub"),
      FileManager.default.isExecutableFile(atPath: program.path)
    else {
      throw Ending(
        Ending.Status.files,
        "the simulated Hub, spaceplan-hub, is not beside this program; build it with `make build`")
    }
    process = Process()
    process.executableURL = program
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    do {
      try process.run()
    } catch {
      throw Ending(Ending.Status.files, "\(program.path) can't be started: \(error.localizedDescription)")
    }
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let address = line.split(whereSeparator: \.isWhitespace).last, address.hasPrefix("http://") else {
      process.terminate()
      throw Ending(Ending.Status.outOfReach, "the simulated Hub did not start: \(line)")
    }
    endpoint = String(address)
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }
}
