import Money
public import Spaces
public import Timelines

/// What one scenario takes a Space for during a stretch; with the prices and billing rules of an instant it
/// becomes what is billed then.
enum Assumption: Equatable {
  case nothing
  /// Billed as its stage says.
  case state(SpaceState)
  /// Billed as if its stage were billable.
  case potential(SpaceState)
  /// Of the two rates the lower or higher at each instant; the first where they are equal.
  case cheaper(SpaceState, SpaceState)
  case dearer(SpaceState, SpaceState)
  /// The higher of both potentials at each instant; the first where they are equal.
  case dearerPotential(SpaceState, SpaceState)
}

extension PriceTable {
  /// What a Space is billed for whose states are known at every instant, as those of a simulation are.
  public func billed(_ states: Timeline<SpaceState>) -> Timeline<Billed?> {
    states.zip(billableStages) { $1.contains($0.stage) ? Billed(ifBillable: $0) : nil }
  }

  /// Assumptions become what is billed; a price or rule that changes meanwhile is heeded at its instant.
  func billed(_ assumptions: Timeline<Assumption>) -> Timeline<Billed?> {
    assumptions.zip(epochs) { billed($0, at: $1) }
  }

  private func billed(_ assumption: Assumption, at instant: Instant) -> Billed? {
    switch assumption {
    case .nothing: nil
    case .state(let state): billed(state, at: instant)
    case .potential(let state): Billed(ifBillable: state)
    case .cheaper(let first, let second):
      cheaper(billed(first, at: instant), billed(second, at: instant), at: instant)
    case .dearer(let first, let second):
      dearer(billed(first, at: instant), billed(second, at: instant), at: instant)
    case .dearerPotential(let first, let second):
      dearer(Billed(ifBillable: first), Billed(ifBillable: second), at: instant)
    }
  }

  private func cheaper(_ first: Billed?, _ second: Billed?, at instant: Instant) -> Billed? {
    comparableRate(of: second, at: instant) < comparableRate(of: first, at: instant) ? second : first
  }

  private func dearer(_ first: Billed?, _ second: Billed?, at instant: Instant) -> Billed? {
    comparableRate(of: second, at: instant) > comparableRate(of: first, at: instant) ? second : first
  }

  /// Hardware without a price counts as nothing here.
  private func comparableRate(of billed: Billed?, at instant: Instant) -> Money {
    rate(of: billed, at: instant) ?? .zero
  }
}
