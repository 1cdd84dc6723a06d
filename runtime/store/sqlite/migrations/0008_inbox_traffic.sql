-- fingerprint: the message without its id and times; equal ones say the same.  joinable: a short free text that waits
-- for the next one while the contact's task @burst is scheduled.  joined_to: the text with which it became one turn.
ALTER TABLE inbox ADD COLUMN fingerprint INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN joinable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN joined_to INTEGER;

-- What is remembered of a contact's recent messages (runtime/ports/inbox_traffic.py). same_at is a JSON list.
CREATE TABLE contact_traffic (
    channel_id   TEXT NOT NULL,
    contact_id   TEXT NOT NULL,
    allowance    REAL NOT NULL,
    counted_at   INTEGER NOT NULL,
    fingerprint  INTEGER NOT NULL,
    same_at      TEXT NOT NULL,
    paused_until INTEGER NOT NULL,
    PRIMARY KEY (channel_id, contact_id)
) STRICT, WITHOUT ROWID;
