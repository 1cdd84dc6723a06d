-- What conversations reached: outcomes that a flow records, and hand-offs to a person.
-- value is JSON. at is the step that recorded it.
CREATE TABLE outcome (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    channel_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('outcome', 'hand_off')),
    name       TEXT NOT NULL,
    value      TEXT NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX outcome_contact ON outcome (channel_id, contact_id, seq);
