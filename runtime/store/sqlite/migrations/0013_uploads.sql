-- Files that a channel holds already: the hash of what is in them, and the channel's id, good until a time.
CREATE TABLE upload (
    channel_id TEXT NOT NULL,
    digest     TEXT NOT NULL,
    media_id   TEXT NOT NULL,
    until      INTEGER NOT NULL,
    PRIMARY KEY (channel_id, digest)
) STRICT, WITHOUT ROWID;
