-- Other ids of a contact on its channel: a number beside a user id, the id it had before. Past "until" the alias means
-- nobody any more (an id that was given up may belong to a stranger).
CREATE TABLE contact_alias (
    channel_id TEXT NOT NULL,
    alias      TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    since      INTEGER NOT NULL,
    until      INTEGER,
    PRIMARY KEY (channel_id, alias)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_alias_of ON contact_alias (channel_id, contact_id, since);

-- When the channel last refused a free message because the customer wrote too long ago.
CREATE TABLE window_refused (
    channel_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (channel_id, contact_id)
) STRICT, WITHOUT ROWID;

-- The window is read from the last messages themselves.
CREATE INDEX inbox_heard ON inbox (channel_id, contact_id, seq) WHERE kind = 'message';

-- Who wants to hear from the business unasked. subject is a keyed hash of the contact; contact_id is null and proof is
-- a keyed hash once the contact has been erased.
CREATE TABLE consent (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id TEXT NOT NULL,
    contact_id TEXT,
    subject    BLOB NOT NULL,
    wish       TEXT NOT NULL CHECK (wish IN ('in', 'out')),
    source     TEXT NOT NULL,
    proof      TEXT NOT NULL,
    at         INTEGER NOT NULL,
    UNIQUE (subject, wish, proof)
) STRICT;
CREATE INDEX consent_subject ON consent (subject, seq);
INSERT INTO runtime_state (key, value) VALUES ('consent.key', randomblob(32));

-- initiated: nobody had just written; such a message is withheld from a customer who asked for none.
ALTER TABLE outbox ADD COLUMN initiated INTEGER NOT NULL DEFAULT 0;
