-- A database of version 1, as `.dump` shows it: one Space, two looks at it, one action.
PRAGMA application_id = 1397771342;
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
CREATE TABLE applied (
  space_id INTEGER NOT NULL REFERENCES space(id),
  setting TEXT NOT NULL,
  value TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (space_id, setting)
) WITHOUT ROWID;
CREATE TABLE former_name (
  name TEXT PRIMARY KEY,
  space_id INTEGER NOT NULL REFERENCES space(id),
  until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
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
CREATE TABLE owner (
  name TEXT PRIMARY KEY,
  first_listed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE price_seen (
  hardware TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  micro_dollars INTEGER NOT NULL,
  unit TEXT NOT NULL,
  PRIMARY KEY (hardware, first_at)
) WITHOUT ROWID;
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  started_at INTEGER NOT NULL,
  ended_at INTEGER
);
CREATE TABLE space (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE UNIQUE INDEX interval_in_order ON interval (space_id, first_at);
CREATE INDEX action_by_space ON action (space_id, at);
CREATE INDEX action_unsettled ON action (outcome) WHERE outcome IS NULL;
INSERT INTO "space" VALUES(1,'acme/chat');
INSERT INTO "action" VALUES(1,NULL,1,1791187200,'hardware','cpu-basic','t4-small','done',NULL,'rule morning');
INSERT INTO "interval" VALUES(1,1,1791187200,1791187500,2,X'AC02','RUNNING','t4-small','t4-small',1800,1,NULL,NULL);
INSERT INTO "grdb_migrations" VALUES('1 observations, actions, settings, prices');
