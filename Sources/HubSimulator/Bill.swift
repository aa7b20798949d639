import Foundation
public import Money
import Pricing
public import Spaces
public import Timelines

/// What one Space cost on one hardware.
public struct BillLine: Hashable, Sendable {
  public var space: SpaceID
  public var hardware: SpaceHardware
  /// Billed seconds, times replicas.
  public var seconds: Int64
  /// Started minutes of each run, times replicas.
  public var minutes: Int64
  /// Nil where some of the time has no price.
  public var cost: Money?
}

extension SimulatedHub {
  /// What all Spaces truly cost in a range, storage apart, also those that were deleted; a range that goes on
  /// after the clock ends there. In the order of Spaces, then hardware. Charged as history is, by days in UTC.
  public func bill(from: Instant, until: Instant) -> [BillLine] {
    let range = from..<max(from, min(until, now))
    return Set(formerChanges.keys).union(spaces.keys).sorted().flatMap { bill(of: $0, range) }
  }

  private func bill(of id: SpaceID, _ range: Range<Instant>) -> [BillLine] {
    let changes = changes(of: id)
    guard let first = changes.first, first.at < range.upperBound else { return [] }
    let life = Timeline(
      first.state, over: first.at..<range.upperBound, changes: changes.map { ($0.at, $0.state) })
    let billed = prices.billed(life)
    var lines: [SpaceHardware: BillLine] = [:]
    for item in prices.lineItems(of: Bounds(certain: billed), in: range, zone: .gmt) {
      guard let hardware = item.subject.hardware else { continue }
      var line =
        lines[hardware] ?? BillLine(space: id, hardware: hardware, seconds: 0, minutes: 0, cost: .zero)
      line.minutes += Int64((item.minutes?.estimate.seconds ?? 0) / 60)
      line.cost = line.cost.flatMap { sum in item.cost.map { sum + $0.estimate } }
      lines[hardware] = line
    }
    for run in billed.clipped(to: range).segments {
      guard let billed = run.value else { continue }
      lines[billed.hardware]?.seconds += run.range.seconds * Int64(billed.replicas)
    }
    return lines.values.sorted { $0.hardware.rawValue < $1.hardware.rawValue }
  }
}
