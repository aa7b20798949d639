import Timelines

extension WallClock {
  /// What the clock shows, for people: `2026-11-02 08:00`, with the zone's name where it is not UTC, as other
  /// instants of the same output are in UTC.
  func text(at instant: Instant) -> String {
    let name = zone.ianaName
    return "\(reading(at: instant))" + (name == "UTC" ? "" : " \(name)")
  }
}
