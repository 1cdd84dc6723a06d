-- Files that customers sent and somebody wants. name is that of the file in the folder "media" beside this one.
-- state: wanted, kept, failed.
CREATE TABLE media_file (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id  TEXT NOT NULL,
    contact_id  TEXT NOT NULL,
    media_id    TEXT NOT NULL,
    message_id  TEXT NOT NULL,
    mime_type   TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'kept', 'failed')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    not_before  INTEGER NOT NULL DEFAULT 0,
    name        TEXT,
    size        INTEGER NOT NULL DEFAULT 0,
    error       TEXT,
    received_at INTEGER NOT NULL,
    UNIQUE (channel_id, media_id)
) STRICT;
CREATE INDEX media_file_wanted ON media_file (not_before, seq) WHERE state = 'wanted';
CREATE INDEX media_file_contact ON media_file (channel_id, contact_id, seq);
CREATE INDEX media_file_received ON media_file (received_at);
