-- Scheduled tasks. A deleted one keeps its row: its name does not come back through settings.
CREATE TABLE tasks (
  task_key TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  -- NULL: not again by itself. Whoever moves it on runs the task.
  due_at BIGINT,
  document TEXT NOT NULL
);
CREATE INDEX tasks_due ON tasks (due_at) WHERE deleted = 0 AND due_at IS NOT NULL;
