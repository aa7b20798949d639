public import Schedules
public import Spaces
public import Timelines

/// Why a Space should be what it should be at an instant, layer by layer, and when that changes next.
public struct Explanation: Sendable {
  /// One line of it.
  public struct Line: Hashable, Sendable {
    /// What it tells of in a word or two, such as `default`, `rule`, `idle`, `exception`, `budget`, `hold` or `drift`.
    public let layer: String
    public let text: String
    /// The settings that this layer decides, as no layer above it names them.
    public let decides: [Setting]
  }

  public let space: SpaceID
  public let at: Instant
  /// The zone of its policy, in which all texts are; UTC where no policy is for it.
  public let clock: WallClock
  public let lines: [Line]
  /// The latest look that it goes by; nil where none is known.
  public let lookedAt: Instant?
  /// What a run at this instant would do, by the same reasons.
  public let plan: SpacePlan
  /// What changes next, if nobody intervenes; nil where nothing ever does.
  public let next: UpcomingBoundary?
  /// The boundary at which what is left for now is decided anew: a change by hand, or a Space that was found idle.
  public let leftUntil: Boundary?
}

extension Planner {
  /// The whole decision on one Space.
  public func explain(_ situation: Situation) -> Explanation {
    let plan = plan(situation)
    guard case .policy(let policy, let match) = situation.assignment else {
      let line = Explanation.Line(layer: "policy", text: plan.why, decides: [])
      return Explanation(
        space: situation.space, at: now, clock: WallClock(.gmt), lines: [line],
        lookedAt: situation.latestLook, plan: plan, next: nil, leftUntil: nil)
    }
    let reasoning = reasoning(situation, policy)
    var lines = [
      Explanation.Line(
        layer: "policy",
        text: "\(policy.name), by "
          + (situation.orders?.policy == policy.name ? "its variable SPACEPLAN_POLICY" : "'\(match.pattern)'")
          + " (\(policy.place.file):\(policy.place.line))",
        decides: [])
    ]
    if let reason = reasonToLeaveAlone(situation, policy: policy, match: match) {
      lines.append(Explanation.Line(layer: "left alone", text: reason, decides: []))
    }
    lines += (layers(of: reasoning, situation) + drift(of: reasoning)).enumerated()
      .sorted { (Self.rank($0.element), $0.offset) < (Self.rank($1.element), $1.offset) }.map(\.element)
    let next = UpcomingBoundaries(schedule: reasoning.schedule, prices: prices).first(after: now)
    return Explanation(
      space: situation.space, at: now, clock: WallClock(policy.zone), lines: lines,
      lookedAt: situation.latestLook, plan: plan, next: next, leftUntil: leftUntil(reasoning))
  }

  private func leftUntil(_ reasoning: Reasoning) -> Boundary? {
    let ofIdle = Setting.allCases.filter { setting in
      if case .idle = reasoning.wanted.desired.source(of: setting) { true } else { false }
    }
    // The midnight of a policy without rules does not end what idle has set.
    let hasRules = !reasoning.schedule.policy.rules.isEmpty
    return (reasoning.draft.respected + (hasRules ? ofIdle : []))
      .compactMap { reasoning.schedule.nextBoundary(of: $0, after: now) }.min { $0.instant < $1.instant }
  }

  /// From below: a later one wins.
  private static func rank(_ line: Explanation.Line) -> Int {
    ["before", "default", "rule", "choice", "idle", "exception", "budget", "hold", "variables", "drift"]
      .firstIndex(of: line.layer) ?? 0
  }

  private func layers(of reasoning: Reasoning, _ situation: Situation) -> [Explanation.Line] {
    let (wanted, schedule) = (reasoning.wanted, reasoning.schedule)
    let (desired, policy) = (wanted.desired, schedule.policy)
    var lines = desired.layers.filter { !$0.set.isEmpty || $0.source == .default }.map { layer in
      let decides = layer.set.named.filter { desired.source(of: $0) == layer.source }
      let why = layer.source == .default ? "" : "\(wanted.reason(of: layer.source)): "
      return Explanation.Line(layer: layer.source.word, text: why + layer.set.description, decides: decides)
    }
    func add(_ layer: String, _ text: String) {
      guard !lines.contains(where: { $0.layer == layer }) else { return }
      lines.append(Explanation.Line(layer: layer, text: text, decides: []))
    }
    if let choice = wanted.choice {
      add("choice", "\(choice.hardware)" + (choice.reason().map { ": \($0)" } ?? ": the first of the list"))
    }
    if policy.rules.isEmpty { add("rule", "the policy has no rules, so the default holds") }
    if desired.boundary == nil { add("rule", "none has fired yet") }
    if let boundary = desired.boundary, boundary.set.isEmpty {
      add(
        "rule",
        "\(boundary.name) of \(reasoning.clock.text(at: boundary.due)): sets nothing, so the default holds")
    }
    if let idle = policy.idle {
      add("idle", reasoning.use ?? "after \(DurationText.text(idle.after)): not judged now")
    } else {
      add("idle", "the policy has no idle rule")
    }
    add("exception", policy.exceptions.isEmpty ? "the policy has none" : "none now")
    add(
      "budget",
      situation.upgradeRefusal.map { "nothing is made dearer: \($0)" }
        ?? "nothing is given up, and upgrades are not refused")
    add("hold", "none")
    if let orders = situation.orders {
      let problems = orders.problems
      add(
        "variables",
        orders.exclusion
          ?? (!problems.isEmpty
            ? problems.joined(separator: "; ")
            : orders.isEmpty ? "read: they ask for nothing" : "read; see above for what they ask for"))
    } else if !policy.readsVariables {
      add("variables", "not read (the policy does not say variables: true)")
    } else {
      let isLeftAlone = policy.isProtected || situation.live.stage == .gone
      add(
        "variables",
        isLeftAlone
          ? "not read: it is left alone, whatever they say" : "not known: they tell only what holds now")
    }
    return lines
  }

  private func drift(of reasoning: Reasoning) -> [Explanation.Line] {
    let left = reasoning.draft.left
    return (left.isEmpty ? ["nothing differs that has to be left"] : left).map {
      Explanation.Line(layer: "drift", text: $0, decides: [])
    }
  }
}

extension Planner.Reasoning {
  var clock: WallClock { WallClock(schedule.policy.zone) }
}

extension Desired.Source {
  /// What people call the layer.
  fileprivate var word: String {
    switch self {
    case .before: "before"
    case .default: "default"
    case .rule: "rule"
    case .idle: "idle"
    case .override(let override): override.kind.rawValue
    }
  }
}
