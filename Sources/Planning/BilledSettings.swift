package import Pricing
package import Schedules

extension Settings {
  /// What a Space is billed for that is up under these settings. Nil where they pause it, or nothing says what it runs
  /// on.
  ///
  /// - Parameter live: what it has now, for what the settings do not name; without it there is one copy.
  package func billed(now live: Billed? = nil) -> Billed? {
    guard state != .paused, let hardware = hardware ?? live?.hardware else { return nil }
    let copies = hardware == .cpuBasic ? 1 : replicas ?? live?.replicas ?? 1
    return Billed(hardware: hardware, replicas: copies)
  }
}
