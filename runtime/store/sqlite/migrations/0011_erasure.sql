-- Ids of messages whose rows were erased, as keyed hashes: a provider that delivers one again is answered and not heard.
CREATE TABLE erased_message (
    hash BLOB PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX erased_message_at ON erased_message (at);
