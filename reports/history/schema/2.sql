-- Version 2: readings that a search for a culprit wants, what was told of a night, and pinned builds.
ALTER TABLE launch ADD COLUMN sm_clock_hz REAL;
ALTER TABLE launch ADD COLUMN watts REAL;
ALTER TABLE launch ADD COLUMN celsius REAL;
ALTER TABLE launch ADD COLUMN power_cap_share REAL;
ALTER TABLE launch ADD COLUMN slowdown_share REAL;  -- heat and power brake together

ALTER TABLE standing ADD COLUMN verdict TEXT NOT NULL DEFAULT 'ok';

ALTER TABLE run ADD COLUMN night INTEGER NOT NULL DEFAULT 1;  -- 0: launches of a pinned build only, no night

CREATE TABLE pin (
  id INTEGER PRIMARY KEY,
  command TEXT NOT NULL,
  program TEXT NOT NULL,          -- the file that the command starts; empty where it could not be told
  digest TEXT NOT NULL,           -- SHA-256 of that file
  pinned TEXT NOT NULL
) STRICT;
CREATE TABLE pin_run (
  pin INTEGER NOT NULL REFERENCES pin ON DELETE CASCADE,
  run INTEGER NOT NULL REFERENCES run,
  PRIMARY KEY (pin, run)
) STRICT, WITHOUT ROWID;
