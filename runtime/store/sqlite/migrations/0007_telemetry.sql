-- What every step did, as its own transaction tells it: the source of all counts and traces.
-- event_seq is the inbox row; done marks the last step of its event. event is message, task:<name>, timer:<name>, …
-- trace and outcomes are JSON. report: NULL waits, '' is settled, else the report it is bound to.
CREATE TABLE step (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    event_seq       INTEGER NOT NULL,
    channel_id      TEXT NOT NULL,
    contact_id      TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    bundle_serial   INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    event           TEXT NOT NULL,
    done            INTEGER NOT NULL,
    state_before    TEXT,
    state_after     TEXT,
    trace           TEXT NOT NULL,
    outcomes        TEXT NOT NULL,
    message_ids     TEXT NOT NULL,
    duration_us     INTEGER NOT NULL,
    error           TEXT,
    report          TEXT
) STRICT;
CREATE INDEX step_unreported ON step (seq) WHERE report IS NULL AND done = 1;
CREATE INDEX step_bound ON step (report, seq) WHERE report > '';
CREATE INDEX step_event ON step (event_seq, seq);
CREATE INDEX step_contact ON step (channel_id, contact_id, seq);
CREATE INDEX step_at ON step (at);

-- Increments that no report has carried yet (report '') or that one carries. hour is in microseconds, labels JSON.
CREATE TABLE telemetry_count (
    name   TEXT NOT NULL,
    labels TEXT NOT NULL,
    hour   INTEGER NOT NULL,
    report TEXT NOT NULL DEFAULT '',
    count  INTEGER NOT NULL,
    PRIMARY KEY (name, labels, hour, report)
) STRICT, WITHOUT ROWID;

-- Things that happened and are told once. body is JSON, masked already. kind names the list of the report.
CREATE TABLE telemetry_entry (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    channel_id TEXT,
    contact_id TEXT,
    body       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    report     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX telemetry_entry_report ON telemetry_entry (report, seq);
CREATE INDEX telemetry_entry_contact ON telemetry_entry (channel_id, contact_id) WHERE contact_id IS NOT NULL;

-- Names under which reports spoke of contacts, so that a command can speak of them too.
CREATE TABLE pseudonym (
    name       TEXT NOT NULL,
    channel_id TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    PRIMARY KEY (name, channel_id)
) STRICT, WITHOUT ROWID;

-- What the control plane asked for. state: received, begun, done, failed, refused. The payload is emptied at the end.
CREATE TABLE command (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    issued_at   INTEGER NOT NULL,
    expires_at  INTEGER,
    received_at INTEGER NOT NULL,
    state       TEXT NOT NULL DEFAULT 'received'
                CHECK (state IN ('received', 'begun', 'done', 'failed', 'refused')),
    beginnings  INTEGER NOT NULL DEFAULT 0,
    finished_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX command_open ON command (received_at, id) WHERE state IN ('received', 'begun');

-- Where conversations rest, for the report and for a release that takes states away.
ALTER TABLE conversation ADD COLUMN state TEXT;
UPDATE conversation SET state = json_extract(snapshot, '$.state');
CREATE INDEX conversation_moved ON conversation (updated_at, state, bundle_serial);
