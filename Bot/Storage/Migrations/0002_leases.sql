-- Who does a piece of background work, and until when nobody else does. The holder is random for each taking: it is what late writes are held against.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until BIGINT NOT NULL
);

-- Whose turn it is to speak in a conversation, and when the next message may leave at the earliest.
CREATE TABLE turns (
  conversation_id TEXT PRIMARY KEY,
  holder TEXT NULL,
  until BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  -- When this was written: what was written in the future is from before a clock was set back, and binds nobody.
  written_at BIGINT NOT NULL
);

-- Posts, replies and updates of the last hour: what the channel's limits are counted from, over all replicas and restarts.
CREATE TABLE sends (
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX sends_of_conversation ON sends (conversation_id, at);

-- While a row is Sending: the turn it is sent under.
ALTER TABLE outbox ADD COLUMN holder TEXT NULL;
-- Where it was last found to go, so that picking can be fair without rendering everything that waits. What counts is looked up when it is sent.
ALTER TABLE outbox ADD COLUMN destination TEXT NULL;
-- 1 while it waits for a place to go, as against for its time.
ALTER TABLE outbox ADD COLUMN parked INTEGER NOT NULL DEFAULT 0;

-- Rows that could not be read, each told once in the audit.
CREATE TABLE unreadable (
  subject TEXT PRIMARY KEY,
  found_at BIGINT NOT NULL
);
