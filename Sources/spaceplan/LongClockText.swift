import Timelines

extension WallClock {
  /// For people, here and elsewhere: `2026-11-02 09:00 Europe/Paris (2026-11-02T08:00:00Z)`.
  func longText(at instant: Instant) -> String {
    zone.ianaName == "UTC" ? "\(instant)" : "\(reading(at: instant)) \(zone.ianaName) (\(instant))"
  }
}
