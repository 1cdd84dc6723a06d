-- A standing schedule knows contacts by their id alone; the channel is looked up here.
CREATE INDEX conversation_contact ON conversation (contact_id);

-- Contacts that a run of a standing schedule was for and no channel knows.
CREATE TABLE unreached (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    schedule_id TEXT NOT NULL,
    due_at      INTEGER NOT NULL,
    contact_id  TEXT NOT NULL,
    at          INTEGER NOT NULL,
    UNIQUE (schedule_id, due_at, contact_id)
) STRICT;
