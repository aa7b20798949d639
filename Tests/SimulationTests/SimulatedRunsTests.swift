import Pricing
import Schedules
import Simulation
import Spaces
import Testing
import Timelines

private let start = Instant(secondsSince1970: 1_795_000_000)

/// What a Space on a T4 that nobody visits is seen to be over a day, under an idle rule.
private func seen(idle set: String) throws -> [String] {
  let range = start..<start + 86_400
  let (schedules, mistakes) = Schedules.read([
    (
      "rules.yaml",
      """
      version: 1
      policies: [{ name: p, spaces: [acme/chat], idle: { after: 2h, set: \(set) } }]
      """
    )
  ])
  #expect(mistakes.filter { $0.severity == .error }.isEmpty)
  let replay = SpaceReplay(
    from: SpaceState(stage: .running, hardware: .t4Small, requestedHardware: .t4Small),
    under: RuleSteps(SpaceSchedule(schedules.policies[0]), in: range), visits: Visits([]),
    program: SpaceProgram(), in: range, prices: .builtIn)
  return replay.states.segments.map {
    "\($0.range.lowerBound - start) \($0.value.requestedHardware?.rawValue ?? "-")"
  }
}

@Test func anIdleRuleHasNoRightToUpgrades() throws {
  #expect(try seen(idle: "{ hardware: cpu-basic }") == ["0 t4-small", "7200 cpu-basic", "7260 cpu-basic"])
  #expect(try seen(idle: "{ hardware: a100-large }") == ["0 t4-small"])
  // What has no price may cost anything.
  #expect(try seen(idle: "{ hardware: of-tomorrow }") == ["0 t4-small"])
}
