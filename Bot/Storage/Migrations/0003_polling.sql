-- Long-running operations. Where to ask how one fares is a secret of several thousand characters: encrypted, and in no document.
ALTER TABLE proposals ADD COLUMN poll_sealed TEXT NULL;
-- When to ask next, and when to stop. Taking a poll moves poll_at on, so that of several workers one asks.
ALTER TABLE proposals ADD COLUMN poll_at BIGINT NULL;
ALTER TABLE proposals ADD COLUMN poll_until BIGINT NULL;
CREATE INDEX proposals_polled ON proposals (poll_at) WHERE poll_at IS NOT NULL;
