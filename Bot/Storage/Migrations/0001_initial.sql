-- Times are Unix milliseconds (UTC), flags 0 or 1, documents JSON. SQLite and PostgreSQL both read this file.

CREATE TABLE control (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  default_mode TEXT NULL CHECK (default_mode IN ('Review', 'Autonomous')),
  default_channel TEXT NULL,
  stopped INTEGER NOT NULL,
  stopped_by TEXT NULL,
  stopped_at BIGINT NULL
);

CREATE TABLE plans (
  plan_key TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  mode TEXT NULL CHECK (mode IN ('Review', 'Autonomous')),
  enabled INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  document TEXT NOT NULL
);

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  platform TEXT NOT NULL,
  rule_key TEXT NOT NULL,
  target_key TEXT NOT NULL,
  plan_key TEXT NULL,
  first_fired_at BIGINT NOT NULL,
  last_fired_at BIGINT NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX incidents_by_rule_and_target ON incidents (rule_key, target_key, first_fired_at);
CREATE INDEX incidents_by_time ON incidents (last_fired_at);
CREATE INDEX incidents_unmatched ON incidents (last_fired_at) WHERE plan_key IS NULL;

CREATE TABLE firings (
  dedupe_key TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  source_key TEXT NOT NULL,
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  received_at BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (dedupe_key, content_hash)
);
CREATE INDEX firings_of_incident ON firings (incident_id, received_at);
CREATE INDEX firings_of_source ON firings (source_key);

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  state TEXT NOT NULL,
  due_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX runs_open ON runs (state, due_at) WHERE state <> 'Ended';
CREATE INDEX runs_of_incident ON runs (incident_id, created_at);

CREATE TABLE proposals (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  revision INTEGER NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (id),
  incident_id TEXT NOT NULL REFERENCES incidents (id),
  plan_key TEXT NULL,
  status TEXT NOT NULL CHECK (status IN ('Refused', 'Blocked', 'AwaitingApproval', 'Cleared', 'Approved', 'Denied', 'Executing',
    'Succeeded', 'Failed', 'Indeterminate', 'Expired', 'Superseded', 'Withdrawn')),
  target_key TEXT NOT NULL,
  intent_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- The deadline of what waits, the use-by of what was approved or cleared, the next measurement of what is watched.
  due_at BIGINT NULL,
  claim_id TEXT NULL,
  claimed_at BIGINT NULL,
  -- 1 while it executes, and while its result is unknown and nobody has looked: no other execution may start on the target.
  in_doubt INTEGER NOT NULL,
  -- 1 when the source said that it is over, until the bot has measured again.
  remeasure INTEGER NOT NULL,
  -- 1 when it was claimed without anybody having been asked: what the autonomy budgets count.
  autonomous INTEGER NOT NULL,
  operation TEXT NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX proposals_open ON proposals (status, due_at) WHERE status IN ('Blocked', 'AwaitingApproval', 'Cleared', 'Approved', 'Executing', 'Indeterminate');
CREATE INDEX proposals_to_remeasure ON proposals (created_at) WHERE remeasure = 1;
CREATE INDEX proposals_watched ON proposals (due_at) WHERE status = 'Succeeded' AND due_at IS NOT NULL;
CREATE INDEX proposals_of_run ON proposals (run_id);
CREATE INDEX proposals_of_incident ON proposals (incident_id, created_at);
CREATE INDEX proposals_of_plan ON proposals (plan_key, created_at);
CREATE INDEX proposals_claimed ON proposals (claimed_at) WHERE claimed_at IS NOT NULL;
-- At most one execution in flight, or in doubt, per target.
CREATE UNIQUE INDEX proposals_one_execution_per_target ON proposals (target_key) WHERE in_doubt = 1;

CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  shows TEXT NOT NULL,
  subject TEXT NOT NULL,
  urgency INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  may_have_arrived INTEGER NOT NULL,
  problem TEXT NULL,
  document TEXT NOT NULL
);
CREATE UNIQUE INDEX outbox_one_waiting_per_subject ON outbox (shows, subject) WHERE state = 'Pending';
CREATE INDEX outbox_due ON outbox (next_at, urgency) WHERE state IN ('Pending', 'Sending');
CREATE INDEX outbox_undeliverable ON outbox (created_at) WHERE state = 'Undeliverable';

CREATE TABLE messages (
  conversation_id TEXT NOT NULL,
  activity_id TEXT NOT NULL,
  root_id TEXT NULL,
  subject TEXT NOT NULL,
  revision INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, activity_id)
);
CREATE INDEX messages_of_subject ON messages (subject, revision);

CREATE TABLE threads (
  thread TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  root_id TEXT NOT NULL
);

CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  installed_at BIGINT NULL,
  removed_at BIGINT NULL,
  welcomed INTEGER NOT NULL,
  is_team INTEGER NOT NULL,
  document TEXT NOT NULL
);

CREATE TABLE people (
  object_id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL
);

CREATE TABLE confirmations (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX confirmations_open ON confirmations (expires_at) WHERE state = 'Pending';

CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  -- Order of writing within one process; the chain is what orders for good.
  written BIGINT NOT NULL,
  document TEXT NOT NULL,
  mac TEXT NOT NULL,
  chain BIGINT NULL,
  hash TEXT NULL
);
CREATE UNIQUE INDEX audit_chain ON audit (chain) WHERE chain IS NOT NULL;
CREATE INDEX audit_unsealed ON audit (written) WHERE chain IS NULL;

INSERT INTO control (id, version, generation, default_mode, default_channel, stopped) VALUES (1, 1, 1, NULL, NULL, 0);
