import Foundation
import LocatedYAML
import Schedules
import Testing
import Timelines

/// The policies of one file without errors.
func policies(_ text: String) -> [Policy] {
  let (schedules, diagnostics) = Schedules.read([("a.yaml", text)])
  #expect(diagnostics.filter { $0.severity == .error } == [])
  return schedules.policies
}

/// A policy for `acme/chat` from the lines that follow its name.
func policy(_ lines: String, zone: String = "UTC") throws -> Policy {
  let indented = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
  let text = "version: 1\nzone: \(zone)\npolicies:\n  - name: chat\n    spaces: [acme/chat]\n" + indented
  return try #require(policies(text).first)
}

/// An instant of UTC, from `2026-11-02T10:00`.
func utc(_ text: String) throws -> Instant { try Instant(text, zone: .gmt) }
