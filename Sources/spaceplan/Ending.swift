import Foundation
import History
import Hub
import LocatedYAML
import VisitFiles

/// How the program ends when it can't go on: a message for people and an exit status for scripts.
struct Ending: Error {
  enum Status {
    static let actionFailed: Int32 = 1
    static let changesPending: Int32 = 2
    static let usage: Int32 = 64
    static let badInput: Int32 = 65
    static let outOfReach: Int32 = 69
    static let files: Int32 = 74
    static let locked: Int32 = 75
    static let notAllowed: Int32 = 77
  }

  let status: Int32
  let message: String

  init(_ status: Int32, _ message: String = "") {
    self.status = status
    self.message = message
  }

  /// Nil for errors of the command line's own parser, which knows how to show them.
  init?(_ error: any Error) {
    switch error {
    case let ending as Ending: self = ending
    case let error as HistoryError: self.init(Status.files, error.description)
    case let error as PlannerLock.Held: self.init(Status.locked, error.description)
    case let error as UnreadableVisits: self.init(Status.badInput, "\(error); nothing was imported")
    case let error as ImportError: self.init(Status.badInput, error.description)
    case let error as InvalidHubConfiguration:
      self.init(error.isFileTrouble ? Status.files : Status.usage, error.description)
    case let error as HubError: self.init(Self.status(of: error), "\(error). \(error.advice)")
    default: return nil
    }
  }

  static func status(of error: HubError) -> Int32 {
    switch error.kind {
    case let kind where kind.isOfRights: Status.notAllowed
    case .paymentRequired, .spendLimit: Status.actionFailed
    default: Status.outOfReach
    }
  }
}
