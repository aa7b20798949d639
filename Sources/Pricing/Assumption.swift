import Money
public import Spaces
public import Timelines

/// What one scenario takes a Space for during a stretch; with the prices and billing rules of an instant it
/// becomes what is billed then. States go by their places among those that were seen: a long history has many
/// stretches, and few states.
enum Assumption: Hashable {
  case nothing
  /// Billed as its stage says.
  case state(SeenStates.Place)
  /// Billed as if its stage were billable.
  case potential(SeenStates.Place)
  /// Of the two rates the lower or higher at each instant; the first where they are equal.
  case cheaper(SeenStates.Place, SeenStates.Place)
  case dearer(SeenStates.Place, SeenStates.Place)
  /// The higher of both potentials at each instant; the first where they are equal.
  case dearerPotential(SeenStates.Place, SeenStates.Place)
}

/// The states that were seen of a Space, each once.
struct SeenStates {
  typealias Place = Int32

  private var states: [SpaceState] = []
  private var places: [SpaceState: Place] = [:]
  private var latest: Place?

  subscript(place: Place) -> SpaceState { states[Int(place)] }

  mutating func place(of state: SpaceState) -> Place {
    if let latest, self[latest] == state { return latest }
    let place = places[state] ?? Place(states.count)
    if Int(place) == states.count {
      states.append(state)
      places[state] = place
    }
    latest = place
    return place
  }
}

extension PriceTable {
  /// What a Space is billed for whose states are known at every instant, as those of a simulation are.
  public func billed(_ states: Timeline<SpaceState>) -> Timeline<Billed?> {
    // Few stages are billed: they are found faster in a list.
    states.zip(billableStages.map { Array($0) }) { $1.contains($0.stage) ? Billed(ifBillable: $0) : nil }
  }

  /// Assumptions become what is billed; a price or rule that changes meanwhile is heeded at its instant.
  func billed(_ assumptions: Timeline<Assumption>, _ states: SeenStates) -> Timeline<Billed?> {
    var known: [Assumption: Billed?] = [:]
    var epoch = Instant.distantPast
    return assumptions.zip(epochs) { assumption, instant in
      if instant != epoch { (known, epoch) = ([:], instant) }
      if let billed = known[assumption] { return billed }
      let billed = billed(assumption, states, at: instant)
      known[assumption] = .some(billed)
      return billed
    }
  }

  private func billed(_ assumption: Assumption, _ states: SeenStates, at instant: Instant) -> Billed? {
    switch assumption {
    case .nothing: nil
    case .state(let state): billed(states[state], at: instant)
    case .potential(let state): Billed(ifBillable: states[state])
    case .cheaper(let first, let second):
      cheaper(billed(states[first], at: instant), billed(states[second], at: instant), at: instant)
    case .dearer(let first, let second):
      dearer(billed(states[first], at: instant), billed(states[second], at: instant), at: instant)
    case .dearerPotential(let first, let second):
      dearer(Billed(ifBillable: states[first]), Billed(ifBillable: states[second]), at: instant)
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
