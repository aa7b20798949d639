import History
import Testing
import Timelines

private func month(_ start: Int64, _ text: String, format: String = "focus-1.2", at: Int64 = 900)
  -> ClosedMonth
{
  ClosedMonth(
    format: format, start: Instant(secondsSince1970: start), closedAt: Instant(secondsSince1970: at),
    text: text)
}

private let range = Instant(secondsSince1970: 0)..<Instant(secondsSince1970: 1000)

@Test func aClosedMonthIsKeptAsItWas() throws {
  let history = try History()
  let first = month(0, "a,b\n1,\"2\"\n")
  #expect(try history.close(first) == first)
  #expect(try history.close(month(0, "other", at: 950)) == first)
  #expect(try history.closedMonths("focus-1.2", startingIn: range) == [first])
}

@Test func aClosedMonthIsReplacedOnlyIfAsked() throws {
  let history = try History()
  _ = try history.close(month(0, "old"))
  let new = month(0, "new", at: 950)
  #expect(try history.close(new, again: true) == new)
  #expect(try history.closings(of: new.format, start: new.start).map(\.secondsSince1970) == [900, 950])
  #expect(try history.closedMonths("focus-1.2", startingIn: range) == [new])
}

@Test func closedMonthsAreFoundByFormatAndStart() throws {
  let history = try History()
  let months = [month(500, "b"), month(100, "a"), month(1000, "c"), month(100, "x", format: "focus-1.4")]
  for month in months { _ = try history.close(month) }
  #expect(try history.closedMonths("focus-1.2", startingIn: range).map(\.text) == ["a", "b"])
  #expect(try history.closedMonths("focus-1.4", startingIn: range).map(\.text) == ["x"])
}
