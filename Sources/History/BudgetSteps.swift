import GRDB
public import Spaces
public import Timelines

/// What was given up for a budget, until its month turns or it is raised.
public struct BudgetStep: Hashable, Sendable {
  /// By which the rule files know it.
  public var budget: String
  /// The first second of the month (UTC).
  public var month: Instant
  /// What the budget was then.
  public var nanoDollars: Int128
  /// The Space that was given up; nil where upgrades are refused instead.
  public var space: SpaceID?
  public var at: Instant

  public init(budget: String, month: Instant, nanoDollars: Int128, space: SpaceID?, at: Instant) {
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
          SELECT budget, nano_dollars, space.name, at FROM budget_step
          LEFT JOIN space ON space.id = space_id WHERE month = ? ORDER BY budget_step.id
          """, arguments: [month.secondsSince1970]
      ).map { row in
        let name: String? = row[2]
        return BudgetStep(
          budget: row[0], month: month, nanoDollars: Int128(row[1] as String) ?? 0,
          space: try name.map { try SpaceID($0) }, at: Instant(secondsSince1970: row[3]))
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
