import Acting
import Foundation
import History
import Timelines

/// How commands that may change Spaces begin.
extension MomentOption {
  /// How a run is meant, and a word where that is not what was asked for.
  func mode(dryRun: Bool, _ talk: QuietOption) throws -> Runner.Mode {
    if try isReal() { return dryRun ? .dryRun : .act }
    if !dryRun { talk.tell("a dry run, as --now was given and the Hub is not on this machine") }
    return .trial
  }
}

extension DatabaseOption {
  /// The database, and the lock where something is to be changed, to be kept until that is done.
  func open(for mode: Runner.Mode, since start: Instant) throws -> (history: History, lock: PlannerLock?) {
    // First, as a database that can't be used needs no lock beside it.
    let history = try open(.createIfMissing)
    guard mode == .act else { return (history, nil) }
    // Says to whoever comes second which process holds it.
    let process = ProcessInfo.processInfo
    let holder = "process \(process.processIdentifier) on \(process.hostName) since \(start)"
    return (history, try PlannerLock(database: path, holder: holder))
  }
}
