import GRDB

/// "SPLN": what SQLite calls the application of a file.
private let applicationID: Int32 = 0x5350_4C4E

/// Whether a file is a database of spaceplan, or still empty: other programs' files are not written to.
func isOurs(_ database: Database) throws -> Bool {
  let tables = "SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'grdb%' AND name NOT LIKE 'sqlite%'"
  let isEmpty = try Int.fetchOne(database, sql: tables) == 0
  return try isEmpty || Int32.fetchOne(database, sql: "PRAGMA application_id") == applicationID
}

/// The schema, version by version. A migration that has shipped is never edited and names no type of ours.
///
/// All instants are seconds since 1970 in UTC.
func makeMigrator() -> DatabaseMigrator {
  var migrator = DatabaseMigrator()
  migrator.registerMigration("1 observations, actions, settings, prices") { database in
    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
    try database.execute(
      sql: """
        CREATE TABLE space (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE
        );

        -- A renamed Space is one Space: its old names lead to it.
        CREATE TABLE former_name (
          name TEXT PRIMARY KEY,
          space_id INTEGER NOT NULL REFERENCES space(id),
          until INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE owner (
          name TEXT PRIMARY KEY,
          first_listed_at INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- A run of equal looks: the state once, and the looks as LEB128 numbers, each the seconds since the
        -- one before. A long run may take several rows.
        CREATE TABLE interval (
          id INTEGER PRIMARY KEY,
          space_id INTEGER NOT NULL REFERENCES space(id),
          first_at INTEGER NOT NULL,
          last_at INTEGER NOT NULL CHECK (last_at >= first_at),
          look_count INTEGER NOT NULL CHECK (look_count >= 1),
          looks BLOB NOT NULL,
          stage TEXT NOT NULL,
          hardware TEXT,
          requested_hardware TEXT,
          sleep_time INTEGER,
          replicas INTEGER NOT NULL,
          storage TEXT,
          raw TEXT
        );
        CREATE UNIQUE INDEX interval_in_order ON interval (space_id, first_at);

        CREATE TABLE run (
          id INTEGER PRIMARY KEY,
          started_at INTEGER NOT NULL,
          ended_at INTEGER
        );

        -- Written before a change is sent (outcome NULL), settled after.
        CREATE TABLE action (
          id INTEGER PRIMARY KEY,
          run_id INTEGER REFERENCES run(id),
          space_id INTEGER NOT NULL REFERENCES space(id),
          at INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('hardware', 'sleep', 'pause', 'restart', 'replicas')),
          from_value TEXT NOT NULL,
          to_value TEXT NOT NULL,
          outcome TEXT CHECK (outcome IN ('done', 'refused', 'failed', 'not-sent', 'unknown')),
          cause TEXT,
          reason TEXT NOT NULL
        );
        CREATE INDEX action_by_space ON action (space_id, at);
        CREATE INDEX action_unsettled ON action (outcome) WHERE outcome IS NULL;

        -- What a run last made, or found as desired: whatever differs from it was changed by hand.
        CREATE TABLE applied (
          space_id INTEGER NOT NULL REFERENCES space(id),
          setting TEXT NOT NULL,
          value TEXT NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (space_id, setting)
        ) WITHOUT ROWID;

        -- What the Hub listed: rounded to a micro-dollar a minute.
        CREATE TABLE price_seen (
          hardware TEXT NOT NULL,
          first_at INTEGER NOT NULL,
          last_at INTEGER NOT NULL,
          micro_dollars INTEGER NOT NULL,
          unit TEXT NOT NULL,
          PRIMARY KEY (hardware, first_at)
        ) WITHOUT ROWID;
        """)
  }
  migrator.registerMigration("2 holds") { database in
    try database.execute(
      sql: """
        -- What people asked for, for a time: columns that are NULL are not named.
        CREATE TABLE hold (
          id INTEGER PRIMARY KEY,
          space_id INTEGER NOT NULL REFERENCES space(id),
          hardware TEXT,
          sleep_time INTEGER,
          paused INTEGER CHECK (paused IN (0, 1)),
          replicas INTEGER CHECK (replicas >= 1),
          from_at INTEGER NOT NULL,
          until_at INTEGER NOT NULL CHECK (until_at > from_at),
          reason TEXT NOT NULL,
          made_by TEXT NOT NULL,
          released_at INTEGER,
          released_by TEXT,
          CHECK ((released_at IS NULL) = (released_by IS NULL))
        );
        CREATE INDEX hold_by_space ON hold (space_id);
        CREATE INDEX action_by_run ON action (run_id);
        """)
  }
  migrator.registerMigration("3 closed months") { database in
    try database.execute(
      sql: """
        -- Months as they were handed out first after they were over.
        CREATE TABLE closed_month (
          format TEXT NOT NULL,
          start_at INTEGER NOT NULL,
          closed_at INTEGER NOT NULL,
          text TEXT NOT NULL,
          PRIMARY KEY (format, start_at)
        );
        """)
  }
  migrator.registerMigration("4 visits") { database in
    try database.execute(
      sql: """
        -- Who came to a Space, a row for each UTC day (counted from 1970-01-01) and source. The visits are LEB128
        -- numbers: the seconds since the one before (the first: since midnight), doubled; one more, and then how
        -- many came, where that is above 1.
        CREATE TABLE visit_day (
          id INTEGER PRIMARY KEY,
          space_id INTEGER NOT NULL REFERENCES space(id),
          source TEXT NOT NULL CHECK (source IN ('imported', 'recorded')),
          day INTEGER NOT NULL,
          visits BLOB NOT NULL,
          UNIQUE (space_id, source, day)
        );
        """)
  }
  migrator.registerMigration("5 spans of visits") { database in
    try database.execute(
      sql: """
        -- From when (inclusive) to when (exclusive) files of visits knew who came. What no file told is not known,
        -- which is something else than nobody.
        CREATE TABLE visit_span (
          id INTEGER PRIMARY KEY,
          space_id INTEGER NOT NULL REFERENCES space(id),
          start INTEGER NOT NULL,
          end INTEGER NOT NULL CHECK (end > start),
          UNIQUE (space_id, start)
        );
        -- Of files imported before, no more is known than the days on which somebody came.
        INSERT INTO visit_span (space_id, start, end)
          SELECT space_id, day * 86400, (day + 1) * 86400 FROM visit_day WHERE source = 'imported';
        """)
  }
  migrator.registerMigration("6 closings") { database in
    try database.execute(
      sql: """
        -- When months were closed, and reopened to be closed anew; what was kept before stays here.
        CREATE TABLE closing (
          id INTEGER PRIMARY KEY,
          format TEXT NOT NULL,
          start_at INTEGER NOT NULL,
          at INTEGER NOT NULL,
          event TEXT NOT NULL CHECK (event IN ('closed', 'reopened')),
          text_before TEXT
        );
        INSERT INTO closing (format, start_at, at, event)
          SELECT format, start_at, closed_at, 'closed' FROM closed_month;
        """)
  }
  migrator.registerMigration("7 budgets and messages") { database in
    try database.execute(
      sql: """
        -- What was given up for a budget (or, without a Space, that upgrades are refused), in a month of UTC.
        CREATE TABLE budget_step (
          id INTEGER PRIMARY KEY,
          budget TEXT NOT NULL,
          month INTEGER NOT NULL,
          nano_dollars TEXT NOT NULL,
          space_id INTEGER REFERENCES space(id),
          at INTEGER NOT NULL,
          -- When a run found the budget raised, or treated in another way.
          ended_at INTEGER
        );
        CREATE INDEX budget_step_by_month ON budget_step (month);

        -- What was told of a budget, so that it is told once.
        CREATE TABLE budget_told (
          budget TEXT NOT NULL,
          month INTEGER NOT NULL,
          nano_dollars TEXT NOT NULL,
          event TEXT NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (budget, month, nano_dollars, event)
        ) WITHOUT ROWID;

        -- Messages to receivers, written together with what they tell of, and sent until somebody takes them.
        CREATE TABLE message (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          receiver TEXT NOT NULL,
          body TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0,
          next_at INTEGER NOT NULL,
          failure TEXT,
          ended_at INTEGER,
          UNIQUE (receiver, name)
        );
        CREATE INDEX message_waiting ON message (next_at) WHERE ended_at IS NULL;
        """)
  }
  migrator.registerMigration("8 told advice") { database in
    try database.execute(
      sql: """
        -- Of which months somebody was told, or is about to be, what recommendations would save.
        CREATE TABLE told_advice (
          month_at INTEGER PRIMARY KEY,
          at INTEGER NOT NULL
        );
        """)
  }
  migrator.registerMigration("9 refusals of anything") { database in
    try database.execute(
      sql: """
        -- The Hub would have refused anything else, too: it says nothing of what was asked for.
        ALTER TABLE action ADD COLUMN refused_anyway INTEGER NOT NULL DEFAULT 0;
        """)
  }
  return migrator
}

extension DatabaseMigrator {
  /// Brings a file up to date, also while other processes do.
  ///
  /// A migration is chosen before it takes the write lock, so it fails where another process has applied it
  /// meanwhile. Then what is left is tried again; only a failure while nobody got further is one.
  ///
  /// - Throws: ``HistoryError/newerVersion(path:)`` where more is applied than is known here.
  func migrateBesideOthers(_ queue: DatabaseQueue, path: String) throws {
    while true {
      let applied = try applied(in: queue)
      guard applied.isSubset(of: migrations) else { throw HistoryError.newerVersion(path: path) }
      guard applied.count < migrations.count else { return }
      do {
        return try migrate(queue)
      } catch {
        guard try self.applied(in: queue) != applied else { throw error }
      }
    }
  }

  /// As of one instant: `appliedIdentifiers` looks twice where it finds nothing, so the lock comes first.
  private func applied(in queue: DatabaseQueue) throws -> Set<String> {
    try queue.read { database in
      _ = try Row.fetchOne(database, sql: "SELECT * FROM sqlite_master")
      return try appliedIdentifiers(database)
    }
  }
}
