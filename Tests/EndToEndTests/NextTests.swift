import Foundation
import JSON
import Testing
import Timelines

/// What `next` tells of boundaries, and for whom.
@Suite struct NextTests {
  /// An exception begins as a rule fires, and covers what that sets.
  @Test func aChangeIsToldOnceAndOfWhatMakesIt() throws {
    let work = try Workplace()
    work.now = try Instant("2026-11-02T06:00:00Z")
    func boundaries(_ set: String) throws -> [String] {
      try work.rules(
        """
          - name: chat
            spaces: [acme/chat]
            default: { hardware: cpu-basic, sleep: 1h }
            rules:
              - { name: up, cron: "0 8 * * *", set: { hardware: t4-small, sleep: 2h } }
              - { name: down, cron: "0 0 * * *", set: { hardware: cpu-basic } }
            exceptions:
              - { name: demo, from: 2026-11-02T08:00, until: 2026-11-02T23:00, set: { \(set) } }
        """)
      let output = try work.spaceplan("next", "--days", "1", "--format", "json").output
      return try JSONValue(parsing: Data(output.utf8)).array?.map { boundary in
        let changes = boundary["changes"]?.object?.keys.sorted().joined(separator: " ") ?? ""
        return "\(boundary["name"]?.string ?? ""): \(changes)"
      } ?? []
    }
    let whole = try boundaries("hardware: a100-large, sleep: never")
    #expect(
      whole == [
        "exception demo: hardware sleep", "the end of exception demo: hardware sleep", "down: hardware",
      ])
    let hardware = try boundaries("hardware: a100-large")
    #expect(
      hardware == [
        "up: sleep", "exception demo: hardware", "the end of exception demo: hardware", "down: hardware",
      ])
  }

  /// A Space that was not seen yet has the policy's boundaries, also where all others have some of their own.
  @Test func aNewSpaceHasItsPolicysBoundaries() async throws {
    let work = try Workplace(fleet: [["id": "acme/chat-1"]])
    try work.rules(
      """
        - { name: chat, spaces: ["acme/chat-*"], rules: [{ name: up, cron: "0 8 * * *", set: { replicas: 2 } }] }
        - { name: p, spaces: ["acme/b*"] }
        - { name: q, spaces: ["acme/*b"] }
      """)
    try work.spaceplan("observe")
    try work.spaceplan("hold", "acme/chat-1", "--for", "2h")
    let next = try work.spaceplan("next", "acme/chat-2").output
    #expect(next.contains(" up "), "\(next)")
    let claimed = try work.spaceplan("next", "acme/bob").errors
    #expect(claimed.contains("acme/bob: policies p and q both claim it"), "\(claimed)")
  }
}
