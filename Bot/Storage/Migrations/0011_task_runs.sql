-- What a claim looks at. Both are written with every write of the task, and a run begins with one; until then nothing of it may be claimed.
ALTER TABLE tasks ADD COLUMN mode TEXT;
ALTER TABLE tasks ADD COLUMN enabled INTEGER NOT NULL DEFAULT 0;
-- The task whose run proposed it; NULL: a plan's, or a person's.
ALTER TABLE proposals ADD COLUMN task_key TEXT;
CREATE INDEX proposals_task ON proposals (task_key, created_at) WHERE task_key IS NOT NULL;
