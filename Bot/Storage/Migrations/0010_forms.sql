-- Forms that were asked for in chat, with what was typed into them so far. Nothing of it is in force before it was saved.
CREATE TABLE forms (
  id TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  state TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  document TEXT NOT NULL
);
CREATE INDEX forms_open ON forms (expires_at) WHERE state = 'Open';
