-- Times are whole microseconds since 1970 UTC (runtime/store/instants.py). Every row of a customer
-- carries the id of the channel account it belongs to. Open work is found through partial indexes, so
-- a turn costs the same with one stored message and with a million.

-- What came in. The UNIQUE constraint is the dedupe: a provider's repeated delivery finds it taken.
-- state: pending, claimed, done, dead.  steps: committed engine steps of this event.
CREATE TABLE inbox (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id  TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('message', 'task')),
    message_id  TEXT NOT NULL,
    profile     TEXT NOT NULL,
    contact_id  TEXT NOT NULL,
    event       TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    state       TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'claimed', 'done', 'dead')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    steps       INTEGER NOT NULL DEFAULT 0,
    run_id      TEXT,
    error       TEXT,
    finished_at INTEGER,
    UNIQUE (channel_id, kind, message_id)
) STRICT;
CREATE INDEX inbox_open ON inbox (channel_id, contact_id, seq) WHERE state IN ('pending', 'claimed');
CREATE INDEX inbox_dead ON inbox (seq) WHERE state = 'dead';

-- Authentic bodies nobody could read.
CREATE TABLE raw_inbound (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id  TEXT NOT NULL,
    body        BLOB NOT NULL,
    reason      TEXT NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

-- The snapshot between two steps, as the engine's codec writes it.
CREATE TABLE conversation (
    channel_id      TEXT NOT NULL,
    contact_id      TEXT NOT NULL,
    conversation_id TEXT NOT NULL UNIQUE,
    snapshot        TEXT NOT NULL,
    bundle_serial   INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    PRIMARY KEY (channel_id, contact_id)
) STRICT, WITHOUT ROWID;

-- What was decided to say. id is the effect's id and goes to the provider as our opaque id.
-- state: pending, sending, unknown, sent, dead.  delivery: what the provider reported.
-- unknowns: attempts whose result we never learnt.
CREATE TABLE outbox (
    seq                 INTEGER PRIMARY KEY AUTOINCREMENT,
    id                  TEXT NOT NULL UNIQUE,
    channel_id          TEXT NOT NULL,
    contact_id          TEXT NOT NULL,
    output              TEXT NOT NULL,
    state               TEXT NOT NULL DEFAULT 'pending'
                        CHECK (state IN ('pending', 'sending', 'unknown', 'sent', 'dead')),
    attempts            INTEGER NOT NULL DEFAULT 0,
    unknowns            INTEGER NOT NULL DEFAULT 0,
    not_before          INTEGER NOT NULL DEFAULT 0,
    run_id              TEXT,
    provider_message_id TEXT,
    delivery            TEXT CHECK (delivery IN ('sent', 'delivered', 'read', 'failed')),
    error               TEXT,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_open ON outbox (channel_id, contact_id, seq) WHERE state IN ('pending', 'sending', 'unknown');
CREATE INDEX outbox_dead ON outbox (seq) WHERE state = 'dead';
CREATE INDEX outbox_provider ON outbox (channel_id, provider_message_id) WHERE provider_message_id IS NOT NULL;
CREATE INDEX outbox_contact ON outbox (channel_id, contact_id, seq);

-- Every delivery report once, also one that comes before our own send has returned.
CREATE TABLE delivery_status (
    channel_id          TEXT NOT NULL,
    provider_message_id TEXT NOT NULL,
    state               TEXT NOT NULL,
    our_id              TEXT,
    reported_at         INTEGER NOT NULL,
    received_at         INTEGER NOT NULL,
    error_code          TEXT,
    error_detail        TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (channel_id, provider_message_id, state)
) STRICT, WITHOUT ROWID;

-- Work for later. The row is the truth; a scheduler only watches the earliest due time.
-- state: scheduled, fired, missed, cancelled. A recurring row returns to scheduled.
CREATE TABLE scheduled_task (
    seq              INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id       TEXT NOT NULL,
    contact_id       TEXT NOT NULL,
    profile          TEXT NOT NULL,
    idempotency_key  TEXT NOT NULL,
    task             TEXT NOT NULL,
    data             TEXT NOT NULL,
    cron             TEXT,
    interval_seconds INTEGER,
    timezone         TEXT NOT NULL,
    due_at           INTEGER NOT NULL,
    state            TEXT NOT NULL DEFAULT 'scheduled'
                     CHECK (state IN ('scheduled', 'fired', 'missed', 'cancelled')),
    fired_count      INTEGER NOT NULL DEFAULT 0,
    missed_count     INTEGER NOT NULL DEFAULT 0,
    updated_at       INTEGER NOT NULL,
    UNIQUE (channel_id, contact_id, idempotency_key)
) STRICT;
CREATE INDEX scheduled_task_due ON scheduled_task (due_at, seq) WHERE state = 'scheduled';
CREATE INDEX scheduled_task_missed ON scheduled_task (seq) WHERE missed_count > 0;

-- Tokens charged per month of the tenant's zone.
CREATE TABLE llm_usage (
    month  TEXT PRIMARY KEY,
    tokens INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the runtime remembers about itself, by dotted name.
CREATE TABLE runtime_state (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
