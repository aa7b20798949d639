import JSON
import Spaces
import Timelines

/// Five weeks of a small team: six Spaces, who visits them and when, and what somebody does by hand.
struct DemoTeam {
  static let start = Instant(secondsSince1970: 1_790_553_600)  // Monday, 2026-09-28
  /// Monday, five weeks later, a quarter to eight in the morning.
  static let end = start + 35 * day + 7 * hour + 45 * 60
  static let day: Int64 = 86_400
  static let hour: Int64 = 3600

  /// When cron calls `spaceplan run`: at night for what is idle, and when rules change.
  static let crontab = ["0 2 * * *", "0 8,19 * * MON-FRI", "0 6 * * SAT", "0 22 * * SUN"]

  /// Somebody asks for other hardware by hand.
  struct HandChange {
    let at: Instant
    let space: String
    let hardware: SpaceHardware
  }

  /// A talk on a Wednesday evening; nobody thinks of it afterwards.
  static let handChanges = [
    HandChange(at: start + 16 * day + 20 * hour, space: "acme/voice-demo", hardware: .a10gLarge)
  ]

  static let rules = """
    # The rules of the demo. All times are UTC.
    version: 1
    zone: UTC

    policies:
      # Office hours on a GPU, nights and weekends on free hardware.
      - name: chat
        spaces: [acme/chat]
        default: { hardware: cpu-basic }
        rules:
          - { name: morning, cron: "0 8 * * MON-FRI", set: { hardware: a10g-small, sleep: 30m } }
          - { name: evening, cron: "0 19 * * MON-FRI", set: { hardware: cpu-basic } }

      # A batch that works at weekends and is paused in between.
      - name: batch
        spaces: [acme/weekend-batch]
        default: { state: paused }
        rules:
          - { name: start, cron: "0 6 * * SAT", set: { hardware: l40sx1, sleep: never, state: running } }
          - { name: stop, cron: "0 22 * * SUN", set: { state: paused } }

      # Demos on GPUs: nobody there for a day, and they go to the free hardware.
      - name: demos
        spaces: ["acme/*-demo"]
        idle: { after: 24h, set: { hardware: cpu-basic } }

      # It can't even be built, so it needs no GPU.
      - name: mending
        spaces: [acme/training]
        default: { hardware: cpu-basic }

      # Customers use it: never touched.
      - name: production
        spaces: [acme/production]
        protect: true

    """

  /// What the Hub begins with, as `spaceplan-hub --fleet` reads it.
  static func fleet() -> JSONValue {
    var random = VisitGenerator()
    return .array([
      space("acme/chat", .a10gSmall, sleep: nil, visits: random.officeHours(days: 0..<36)),
      space("acme/weekend-batch", .l40sx1, sleep: nil, visits: []),
      space("acme/poster-demo", .t4Medium, sleep: nil, visits: random.crowd(days: 0..<4, aDay: 60)),
      space(
        "acme/voice-demo", .a10gSmall, sleep: nil,
        visits: random.crowd(days: 0..<9, aDay: 60) + random.crowd(days: 16..<18, aDay: 60)),
      space("acme/training", .t4Small, sleep: nil, visits: [], stage: "BUILD_ERROR"),
      space("acme/production", .l4x1, sleep: nil, visits: random.crowd(days: 0..<36, aDay: 40)),
    ])
  }

  /// The same Spaces as they have become.
  static func fleet(after life: [SpaceID: SpaceState]) -> JSONValue {
    let states = Dictionary(life.map { ($0.description, $1) }) { first, _ in first }
    return .array(
      (fleet().array ?? []).map { space in
        guard let id = space["id"]?.string, let state = states[id], let members = space.object else {
          return space
        }
        return .object(
          members.merging([
            "stage": .string(state.stage.rawValue), "hardware": .text(state.requestedHardware?.rawValue),
            "sleepTime": .number(state.sleep.hubSeconds),
          ]) { $1 })
      })
  }

  private static func space(
    _ id: String, _ hardware: SpaceHardware, sleep: Int64?, visits: [Instant], stage: String = "RUNNING"
  ) -> JSONValue {
    [
      "id": .string(id), "hardware": .string(hardware.rawValue), "stage": .string(stage),
      "sleepTime": sleep.map(JSONValue.integer) ?? .integer(-1),
      "visits": .array(visits.map { .string($0.description) }),
    ]
  }
}

/// Visits that look like people's and are the same in every demo.
private struct VisitGenerator {
  private var state: UInt64 = 2026

  private mutating func number(below limit: Int64) -> Int64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int64(state >> 33) % limit
  }

  mutating func officeHours(days: Range<Int64>) -> [Instant] {
    days.filter { $0 % 7 < 5 }.flatMap { day in
      (0..<45).map { _ in at(day, 8 * DemoTeam.hour + number(below: 11 * DemoTeam.hour)) }
    }.sorted()
  }

  mutating func crowd(days: Range<Int64>, aDay count: Int) -> [Instant] {
    days.flatMap { day in
      (0..<count).map { _ in at(day, 7 * DemoTeam.hour + number(below: 15 * DemoTeam.hour)) }
    }
    .sorted()
  }

  private func at(_ day: Int64, _ second: Int64) -> Instant { DemoTeam.start + day * DemoTeam.day + second }
}
