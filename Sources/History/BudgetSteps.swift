import GRDB
public import Spaces
public import Timelines

/// What was given up for a budget, until its month turns or it is raised.
public struct BudgetStep: Hashable, Sendable, Identifiable {
  /// Its number in the database; 0 for one that is to be written.
  public let id: Int64
  /// By which the rule files know it.
  public var budget: String
  /// The first second of the month (UTC).
  public var month: Instant
  /// What the budget was then.
  public var nanoDollars: Int128
  /// The Space that was given up; nil where upgrades are refused instead.
  public var space: SpaceID?
  public var at: Instant
  /// When a run found that it is not asked for any more, before the month turned.
  public var endedAt: Instant?

  public init(
    id: Int64 = 0, budget: String, month: Instant, nanoDollars: Int128, space: SpaceID?, at: Instant,
    endedAt: Instant? = nil
  ) {
    self.id = id
    self.endedAt = endedAt
    self.budget = budget
    self.month = month
    self.nanoDollars = nanoDollars
    self.space = space
    self.at = at
  }
}

/// Something about a budget that is told once: a threshold, or that something was given up.
public struct BudgetEvent: Hashable, Sendable {
  public var budget: String
  /// The first second of the month (UTC).
  public var month: Instant
  /// A budget that was raised or lowered is told of anew.
  public var nanoDollars: Int128
  /// Such as `spent-80`.
  public var name: String

  public init(budget: String, month: Instant, nanoDollars: Int128, name: String) {
    self.budget = budget
    self.month = month
    self.nanoDollars = nanoDollars
    self.name = name
  }
}

extension History {
  /// What was given up in a month, in order.
  public func budgetSteps(inMonth month: Instant) throws -> [BudgetStep] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT budget, nano_dollars, space.name, at, budget_step.id, ended_at FROM budget_step
          LEFT JOIN space ON space.id = space_id WHERE month = ? ORDER BY budget_step.id
          """, arguments: [month.secondsSince1970]
      ).map { row in
        let name: String? = row[2]
        return BudgetStep(
          id: row[4], budget: row[0], month: month, nanoDollars: Int128(row[1] as String) ?? 0,
          space: try name.map { try SpaceID($0) }, at: Instant(secondsSince1970: row[3]),
          endedAt: (row[5] as Int64?).map(Instant.init(secondsSince1970:)))
      }
    }
  }

  /// Writes down what is given up, and which events are new, with the messages that tell of them: all or nothing, so
  /// that a crash neither loses a message nor makes two.
  ///
  /// - Parameter messages: for an event that was not told yet, what is to be sent.
  public func remember(
    _ steps: [BudgetStep], _ events: [BudgetEvent], at now: Instant,
    messages: (BudgetEvent) -> [Message]
  ) throws {
    try write { database in
      for step in steps {
        try database.execute(
          sql: "INSERT INTO budget_step (budget, month, nano_dollars, space_id, at) VALUES (?, ?, ?, ?, ?)",
          arguments: [
            step.budget, step.month.secondsSince1970, String(step.nanoDollars),
            try step.space.map { try Self.rowID(of: $0, in: database) }, step.at.secondsSince1970,
          ])
      }
      for event in events {
        try database.execute(
          sql:
            "INSERT OR IGNORE INTO budget_told (budget, month, nano_dollars, event, at) VALUES (?, ?, ?, ?, ?)",
          arguments: [
            event.budget, event.month.secondsSince1970, String(event.nanoDollars), event.name,
            now.secondsSince1970,
          ])
        guard database.changesCount > 0 else { continue }
        for message in messages(event) { try Self.insert(message, at: now, in: database) }
      }
    }
  }

  /// Steps are not asked for any more.
  public func end(_ steps: [BudgetStep], at now: Instant) throws {
    guard !steps.isEmpty else { return }
    try write { database in
      for step in steps {
        try database.execute(
          sql: "UPDATE budget_step SET ended_at = ? WHERE id = ?",
          arguments: [now.secondsSince1970, step.id])
      }
    }
  }

  /// What was told of budgets in a month.
  public func toldOfBudgets(inMonth month: Instant) throws -> Set<BudgetEvent> {
    try read { database in
      try Set(
        Row.fetchAll(
          database, sql: "SELECT budget, nano_dollars, event FROM budget_told WHERE month = ?",
          arguments: [month.secondsSince1970]
        ).map { row in
          BudgetEvent(
            budget: row[0], month: month, nanoDollars: Int128(row[1] as String) ?? 0, name: row[2])
        })
    }
  }
}
