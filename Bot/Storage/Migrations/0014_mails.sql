-- Mails that were begun: stored before anything leaves, so that none leaves twice. Unknown: nobody knows whether it was sent.
CREATE TABLE mails (
  use_key TEXT PRIMARY KEY,
  recipient TEXT NOT NULL,
  fate TEXT NOT NULL CHECK (fate IN ('Unknown', 'Sent', 'NotSent')),
  words TEXT NOT NULL,
  begun_at BIGINT NOT NULL
);
CREATE INDEX mails_by_time ON mails (begun_at);
