-- Stores that moved: 'Leaving' and 'Left' in the one that was left, which no bot works on any more; 'Arrived' in the one that goes on.
CREATE TABLE moves (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('Leaving', 'Left', 'Arrived')),
  at BIGINT NOT NULL,
  place TEXT NOT NULL
);
