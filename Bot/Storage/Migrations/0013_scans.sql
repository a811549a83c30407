-- What is looked for every second, and at every click, must not cost more with every year: SQLite takes a partial index only where the query
-- repeats its condition word for word, and these looked at every row there ever was.
CREATE INDEX proposals_by_status ON proposals (status, created_at);
CREATE INDEX proposals_by_due ON proposals (status, due_at);
CREATE INDEX outbox_of_subject ON outbox (subject, created_at);
CREATE INDEX outbox_by_state ON outbox (state, next_at);
