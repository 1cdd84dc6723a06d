-- What the people of the business are to be told. id is the effect's id and the call's idempotency key.
-- state: pending, told, dead.
CREATE TABLE staff_notice (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    channel_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    subject    TEXT NOT NULL,
    text       TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'told', 'dead')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,
    error      TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_notice_pending ON staff_notice (not_before, seq) WHERE state = 'pending';
CREATE INDEX staff_notice_contact ON staff_notice (channel_id, contact_id, seq);
