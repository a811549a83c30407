-- What is to be done while a proposal waits for people, each with its own due time: whoever moves the due time does it, and nobody else.
-- NULL: done with in this revision.
CREATE TABLE waits (
  proposal_id TEXT NOT NULL REFERENCES proposals (id),
  step TEXT NOT NULL,
  revision INTEGER NOT NULL,
  due_at BIGINT NULL,
  PRIMARY KEY (proposal_id, step)
);
CREATE INDEX waits_due ON waits (due_at) WHERE due_at IS NOT NULL;
