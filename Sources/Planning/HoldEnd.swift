public import Money
import Pricing
public import Schedules
import Spaces
import Timelines

extension Planner {
  /// What a Space costs more an hour, if it is up, from the end of a hold until something puts it back; zero
  /// where it costs no more, nil where a price is not known.
  ///
  /// - Parameter situation: before the hold takes effect, but with it among its ``Situation/holds``.
  public func rateOver(_ hold: Override, of situation: Situation) -> Money? {
    guard case .policy(let policy, _) = situation.assignment, !policy.isGranted else { return .zero }
    let schedule = schedule(of: situation, policy)
    let end = hold.range.upperBound
    func rate(_ settings: Settings) -> Money? {
      prices.rate(of: settings.billed(now: situation.billed), at: end)
    }
    guard let held = rate(schedule.desired(at: end - 1).settings),
      let after = rate(schedule.desired(at: end).settings)
    else { return nil }
    return max(held - after, .zero)
  }
}
