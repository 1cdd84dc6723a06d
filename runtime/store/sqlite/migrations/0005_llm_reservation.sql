-- Tokens held for questions under way, by the id of the decision to ask. What was spent moves to llm_usage.
CREATE TABLE llm_reservation (
    key    TEXT PRIMARY KEY,
    month  TEXT NOT NULL,
    tokens INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
