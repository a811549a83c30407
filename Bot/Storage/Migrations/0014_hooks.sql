-- What each hook said last of each subject ("run/…"). Its own answers only: the audit has all of them.
CREATE TABLE hook_answers (
  hook TEXT NOT NULL,
  event TEXT NOT NULL,
  subject TEXT NOT NULL,
  target_key TEXT NOT NULL,
  opinion TEXT NOT NULL CHECK (opinion IN ('Block', 'Ask', 'None')),
  at BIGINT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (hook, event, subject)
);
CREATE INDEX hook_answers_by_time ON hook_answers (hook, at);
CREATE INDEX hook_objections ON hook_answers (target_key, at) WHERE event = 'PostToolUse' AND opinion = 'Block';
