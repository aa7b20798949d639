import Hub
import Spaces
import Timelines

/// What the Hub shows of a change after it was asked for.
enum ReadBack: Sendable {
  case done(SpaceRuntime)
  case notDone(SpaceRuntime)
  /// The Hub does not tell: it could not be asked, or leaves the key out. Nothing may be repeated then.
  case unknown(SpaceRuntime?)

  /// How long a change may take to show: half a minute in all.
  static let patience: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(15)]

  init(_ actions: [SpaceAction], shown runtime: SpaceRuntime) {
    let answers = actions.map { $0.isDone(in: runtime) }
    if answers.contains(false) {
      self = .notDone(runtime)
    } else {
      self = answers.contains(nil) ? .unknown(runtime) : .done(runtime)
    }
  }
}

extension HubClient {
  /// Reads a Space back until it shows what was asked for, or patience ends.
  ///
  /// - Parameter look: is told of each look, a look like any other.
  func readBack(
    _ actions: [SpaceAction], on space: SpaceID, patience: [Duration],
    sleep: @Sendable (Duration) async throws -> Void, look: (SpaceRuntime, Instant) async -> Void,
    clock: () -> Instant
  ) async -> ReadBack {
    var latest = ReadBack.unknown(nil)
    for wait in [Duration.zero] + patience {
      if wait > .zero, (try? await sleep(wait)) == nil { break }
      let at = clock()
      let answer = await Result { () async throws(HubError) in try await runtime(of: space) }
      guard case .success(.runtime(let runtime)) = answer else { continue }
      await look(runtime, at)
      latest = ReadBack(actions, shown: runtime)
      if case .notDone = latest { continue }
      break
    }
    return latest
  }
}
