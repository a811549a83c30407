-- Runs that acted without asking and did not end well. They count towards Review until the plan is raised again.
CREATE TABLE lapses (
  run_id TEXT PRIMARY KEY REFERENCES runs (id),
  -- "plan/…" or "task/…", in lower case.
  owner TEXT NOT NULL,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  spent INTEGER NOT NULL
);
CREATE INDEX lapses_of_owner ON lapses (owner, at) WHERE spent = 0;

-- What was proposed lately, whatever became of it.
CREATE INDEX proposals_by_time ON proposals (created_at);
