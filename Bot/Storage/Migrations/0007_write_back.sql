-- Digest of the source's own id of what fired: whatever its length, and however many events name it. NULL: from before.
ALTER TABLE firings ADD COLUMN alert_key TEXT NULL;
CREATE INDEX firings_of_alert ON firings (alert_key, received_at) WHERE alert_key IS NOT NULL;

-- What a source is told about one of its alerts because of one run: planned once, whoever plans it, and done by whoever moves next_at on.
CREATE TABLE write_backs (
  run_id TEXT NOT NULL REFERENCES runs (id),
  what TEXT NOT NULL CHECK (what IN ('Acknowledge', 'Note', 'Resolve', 'HandBack')),
  -- Digest of alert_id, which may be long.
  alert_key TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('Pending', 'Done', 'NotNeeded', 'GivenUp')),
  attempts INTEGER NOT NULL,
  next_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  problem TEXT NULL,
  PRIMARY KEY (run_id, what, alert_key)
);
CREATE INDEX write_backs_due ON write_backs (next_at) WHERE state = 'Pending';
CREATE INDEX write_backs_given_up ON write_backs (created_at) WHERE state = 'GivenUp';
