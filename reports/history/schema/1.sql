-- Version 1: runs and their launches by series, how nights stand, accepted levels.
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  identity TEXT NOT NULL UNIQUE,  -- SHA-256 of host, start, seed, digest, command line and devices
  node TEXT NOT NULL,
  start TEXT NOT NULL,            -- UTC: 2026-11-20T19:30:00Z
  complete INTEGER NOT NULL,
  digest TEXT NOT NULL,
  source TEXT NOT NULL,           -- the file that it came from
  context TEXT NOT NULL           -- the run file's, JSON
) STRICT;
CREATE INDEX run_by_time ON run (node, start);

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  case_name TEXT NOT NULL,
  method INTEGER NOT NULL,
  node TEXT NOT NULL,
  sku TEXT NOT NULL,
  device TEXT NOT NULL,           -- UUID, or cpu
  mig TEXT NOT NULL,
  power_cap TEXT NOT NULL,
  clock_policy TEXT NOT NULL,
  figure TEXT NOT NULL,           -- key of the figure that is kept, flops_per_second; empty: seconds of one run
  row TEXT NOT NULL,              -- what all rows of it have in common, as in a run file
  UNIQUE (case_name, method, node, sku, device, mig, power_cap, clock_policy)
) STRICT;

CREATE TABLE conditions (
  id INTEGER PRIMARY KEY,
  facts TEXT NOT NULL UNIQUE      -- JSON object of texts
) STRICT;

CREATE TABLE launch (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  series INTEGER NOT NULL REFERENCES series,
  number INTEGER NOT NULL,        -- of the launch in its run
  device TEXT NOT NULL,           -- that night's name of it: cuda:0
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  finding_verdict TEXT,
  finding_reason TEXT,
  value REAL,                     -- of the figure, per second or in seconds; NULL where status is not ok
  conditions INTEGER NOT NULL REFERENCES conditions,
  detail TEXT NOT NULL,           -- JSON: seconds, spread, samples, verification, labels
  PRIMARY KEY (run, series, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX launch_by_series ON launch (series, run);

-- How a night stands to its series; a night that is not here is accepted. Kept by run: what a night is follows from the
-- runs' times.
CREATE TABLE standing (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  series INTEGER NOT NULL REFERENCES series ON DELETE CASCADE,
  standing TEXT NOT NULL,
  PRIMARY KEY (run, series)
) STRICT, WITHOUT ROWID;

-- A new level begins with the night of this start.
CREATE TABLE level (
  series INTEGER NOT NULL REFERENCES series ON DELETE CASCADE,
  start TEXT NOT NULL,
  reason TEXT NOT NULL,
  accepted TEXT NOT NULL,         -- when somebody said so
  PRIMARY KEY (series, start)
) STRICT, WITHOUT ROWID;
