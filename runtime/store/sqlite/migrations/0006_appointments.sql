-- Every appointment this business has made (connectors/state/ledger_row.py). row is the row as JSON; the other columns
-- are what it is looked up by, taken from it at every write.
-- stage: held, confirmed, cancelled, released.  loose: the provider still has to be brought into line.
CREATE TABLE appointment (
    event_id     TEXT PRIMARY KEY,
    contact_id   TEXT NOT NULL,
    stage        TEXT NOT NULL CHECK (stage IN ('held', 'confirmed', 'cancelled', 'released')),
    loose        INTEGER NOT NULL,
    starts_at    INTEGER NOT NULL,
    blocks_from  INTEGER NOT NULL,
    blocks_until INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    row          TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX appointment_standing ON appointment (blocks_until) WHERE stage IN ('held', 'confirmed');
CREATE INDEX appointment_contact ON appointment (contact_id, starts_at);
CREATE INDEX appointment_unsettled ON appointment (updated_at) WHERE loose OR stage = 'held';

-- What became of appointments without their customers' doing, until they are told. before and after are rows as JSON.
CREATE TABLE appointment_change (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL CHECK (kind IN ('moved', 'cancelled', 'confirmed')),
    contact_id TEXT NOT NULL,
    before     TEXT NOT NULL,
    after      TEXT NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
