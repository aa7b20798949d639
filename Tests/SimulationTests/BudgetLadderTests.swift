import Money
import Pricing
import Simulation
import Spaces
import TestSupport
import Testing
import Timelines

private let start = Instant(secondsSince1970: 1_767_571_200)
private let days = (0..<5).map { start + $0 * 86_400..<start + ($0 + 1) * 86_400 }

private func money(_ dollars: Int) -> Money { Money(nanoDollars: Int128(dollars) * 1_000_000_000) }

private func certain(_ dollars: Int) -> ForecastPaths {
  ForecastPaths(days: days, certain: days.map { _ in money(dollars) })
}

private func candidate(_ name: String, priority: Int = 0, _ perDay: Int, to less: Int = 0) throws
  -> BudgetLadder.Candidate
{
  BudgetLadder.Candidate(
    space: try SpaceID("acme/\(name)"), priority: priority, rest: certain(perDay), restGivenUp: certain(less),
    least: certain(perDay), leastGivenUp: certain(less))
}

private func ladder(_ monthly: Int, spent: Int, _ candidates: [BudgetLadder.Candidate]) -> [String] {
  let rest = candidates.reduce(ForecastPaths(days: days)) { $0 + $1.rest }
  return BudgetLadder(
    monthly: money(monthly), spent: Bounds(certain: money(spent)), rest: rest, least: rest,
    candidates: candidates
  ).steps
    .map { "\($0.space.name) \($0.saving.text(decimals: 0...0)) \($0.total.estimate.text(decimals: 0...0))" }
}

@Test func noMoreIsGivenUpThanTheBudgetNeeds() throws {
  let spaces = try [candidate("a", 10), candidate("b", 4), candidate("c", 1)]
  // 75 are to come.
  #expect(ladder(100, spent: 25, spaces) == [])
  #expect(ladder(99, spent: 25, spaces) == ["a 50 50"])
  #expect(ladder(49, spent: 25, spaces) == ["a 50 50", "b 20 30"])
}

@Test func theLowestPriorityGoesFirst() throws {
  let spaces = try [
    candidate("dear", priority: 5, 10), candidate("cheap", priority: 1, 1), candidate("mid", priority: 1, 4),
  ]
  #expect(ladder(60, spent: 5, spaces) == ["mid 20 60"])
  #expect(ladder(56, spent: 5, spaces) == ["mid 20 60", "cheap 5 55"])
}

@Test func whatSavesNothingIsGivenUpOnlyWhereNothingIsLeft() throws {
  let spaces = try [candidate("held", priority: 0, 10, to: 10), candidate("b", priority: 1, 10)]
  #expect(ladder(80, spent: 0, spaces) == ["b 50 50"])
  #expect(ladder(80, spent: 80, spaces) == ["held 0 180", "b 50 130"])
}

/// What is merely expected takes nothing down.
@Test func theLowEndDecides() throws {
  let space = try candidate("a", 10)
  func steps(_ least: Int) -> Int {
    BudgetLadder(
      monthly: money(49), spent: .zero, rest: space.rest, least: certain(least), candidates: [space]
    ).steps.count
  }
  #expect(steps(9) == 0)
  #expect(steps(10) == 1)
}

/// After every step the month costs what the Spaces that are left cost, and no step could have been saved.
@Test(arguments: UInt64(0)..<200)
func everyStepIsExactAndNeeded(seed: UInt64) throws {
  var random = SplitMix64(seed: seed)
  let spaces = try (0..<Int.random(in: 0...8, using: &random)).map { index in
    try candidate(
      "s\(index)", priority: Int.random(in: -1...1, using: &random), Int.random(in: 0...20, using: &random))
  }
  let monthly = money(Int.random(in: 1...400, using: &random))
  let spent = money(Int.random(in: 0...400, using: &random))
  let rest = spaces.reduce(certain(3)) { $0 + $1.rest }
  let ladder = BudgetLadder(
    monthly: monthly, spent: Bounds(certain: spent), rest: rest, least: rest, candidates: spaces)
  var left = spaces
  for (index, step) in ladder.steps.enumerated() {
    let before = left.reduce(certain(3)) { $0 + $1.rest }.total(after: Bounds(certain: spent))
    #expect(spent >= monthly || before.low > monthly, "step \(index) was not needed")
    let gone = try #require(left.firstIndex { $0.space == step.space })
    let useful = left.filter { spent >= monthly || $0.saving > .zero }
    #expect(left[gone].priority == useful.map(\.priority).min())
    left.remove(at: gone)
    #expect(step.total == left.reduce(certain(3)) { $0 + $1.rest }.total(after: Bounds(certain: spent)))
  }
  let after = left.reduce(certain(3)) { $0 + $1.rest }
  if spent >= monthly {
    #expect(left.isEmpty)
  } else if after.total(after: Bounds(certain: spent)).low > monthly {
    #expect(left.allSatisfy { $0.saving == .zero })
  }
}
