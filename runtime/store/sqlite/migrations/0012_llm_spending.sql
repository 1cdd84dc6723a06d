-- When a reservation was made: an old one is that of a process that died.
ALTER TABLE llm_reservation ADD COLUMN at INTEGER NOT NULL DEFAULT 0;

-- Tokens by what they cost; those of before this was known count as read afresh. "tokens" is their sum.
ALTER TABLE llm_usage ADD COLUMN fresh_input INTEGER NOT NULL DEFAULT 0;
ALTER TABLE llm_usage ADD COLUMN cache_write INTEGER NOT NULL DEFAULT 0;
ALTER TABLE llm_usage ADD COLUMN cache_read INTEGER NOT NULL DEFAULT 0;
ALTER TABLE llm_usage ADD COLUMN output INTEGER NOT NULL DEFAULT 0;
UPDATE llm_usage SET fresh_input = tokens;

-- Questions of one contact on one day; earlier days are dropped when the next one is counted.
CREATE TABLE llm_contact_day (
    channel_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    day        TEXT NOT NULL,
    questions  INTEGER NOT NULL,
    PRIMARY KEY (channel_id, contact_id, day)
) STRICT, WITHOUT ROWID;

-- Which shares of a month's quota somebody was told of.
CREATE TABLE llm_mark (
    month TEXT NOT NULL,
    mark  INTEGER NOT NULL,
    PRIMARY KEY (month, mark)
) STRICT, WITHOUT ROWID;
