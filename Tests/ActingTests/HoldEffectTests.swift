import Acting
import History
import Money
import Pricing
import Schedules
import Spaces
import Testing
import Timelines

/// What a release saves is beside the hold, and what a rule does later is beside what was before.
@Test func whatWasReleasedCountsOnce() async throws {
  let rules = """
      - name: chat
        spaces: [acme/chat]
        zone: UTC
        default: { hardware: t4-small, sleep: never }
        rules:
          - { cron: "0 13 * * *", set: { hardware: a10g-small } }
          - { cron: "0 18 * * *", set: { hardware: t4-small } }
    """
  try await Office.open([["id": "acme/chat", "hardware": "t4-small", "stage": "RUNNING", "sleepTime": -1]]) {
    office in
    let chat = try SpaceID("acme/chat")
    let hours = { (count: Int64) in office.time.pass(count * 3600 - 60) }
    _ = try await office.run(rules)
    let now = office.time.now
    try office.history.add(
      Hold(chat, Settings(hardware: .a100Large), during: now..<now + 6 * 3600, reason: "", madeBy: "anna"))
    _ = try await office.run(rules)
    hours(1)
    _ = try office.history.releaseHolds(of: chat, at: office.time.now + 60, by: "anna")
    let released = try await office.run(rules)
    // 2.50 an hour for the four hours but a few minutes until the next boundary, and 0.40 instead.
    let effect = try #require(released.plans.first?.monthEffect)
    let (expected, minutes) = (try Money("-8.30"), try Money("0.15"))
    #expect((effect - expected).magnitude < minutes, "\(effect)")
    hours(4)
    let later = try await office.run(rules)
    #expect(later.plans.first?.changes.count == 1)
    let rise = try #require(later.plans.first?.monthEffect)
    #expect(rise > .zero, "\(rise)")
  }
}
