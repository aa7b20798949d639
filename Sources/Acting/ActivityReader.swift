import Hub
import Planning
import Spaces
import Timelines

extension HubClient {
  /// As many log lines as are looked at: enough to reach back beyond the lines of a start-up.
  private static let logLines = 50

  /// Whether anybody is there, as far as log and metrics tell.
  ///
  /// - Parameters:
  ///   - replicas: how many copies run: all must be quiet.
  ///   - limit: a line after this settles it, and no more need be read.
  func activity(of space: SpaceID, replicas: Int, after limit: Instant) async -> Activity {
    async let log = log(of: space, after: limit)
    async let metrics = metrics(of: space, replicas: replicas)
    return Activity(log: await log, metrics: await metrics)
  }

  /// The same by the last line of the log alone, which takes no waiting where there is one.
  func traffic(at space: SpaceID, replicas: Int) async -> Activity {
    async let log = lastLine(of: space)
    async let metrics = metrics(of: space, replicas: replicas)
    return Activity(log: await log, metrics: await metrics)
  }

  private func lastLine(of space: SpaceID) async -> Activity.Log {
    do throws(HubError) {
      return .lines([try await lastLogLine(of: space)?.at].compactMap(\.self))
    } catch {
      return .unknown(reason: error.description)
    }
  }

  private func log(of space: SpaceID, after limit: Instant) async -> Activity.Log {
    do throws(HubError) {
      return .lines(try await logTail(of: space, lines: Self.logLines, until: limit).lines.map(\.at).sorted())
    } catch {
      return .unknown(reason: error.description)
    }
  }

  /// Metrics are undocumented for Spaces: their absence is normal, and proves nothing.
  private func metrics(of space: SpaceID, replicas: Int) async -> Activity.Metrics {
    do throws(HubError) {
      guard let samples = try await metricsSample(of: space, replicas: replicas) else { return .unknown }
      if samples.contains(where: \.showsWork) { return .working }
      return samples.count >= replicas ? .quiet : .unknown
    } catch {
      return .unknown
    }
  }
}

extension MetricsSample {
  /// A program that waits uses a little of its processors, and keep-alives a few bytes.
  var showsWork: Bool {
    (cpuPercent ?? 0) >= 5 || gpuPercent.values.contains { $0 >= 1 }
      || (receivedBytesPerSecond ?? 0) + (sentBytesPerSecond ?? 0) >= 10_000
  }
}
