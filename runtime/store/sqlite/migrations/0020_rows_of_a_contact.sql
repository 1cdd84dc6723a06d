-- Every new customer is looked for in all tables, by the one id she had before and the one she shows now. Rows of tasks
-- stand in this index too, or it could not be used for that: the whole inbox was walked through instead.
DROP INDEX inbox_heard;
CREATE INDEX inbox_contact ON inbox (channel_id, contact_id, seq);
CREATE INDEX pseudonym_contact ON pseudonym (channel_id, contact_id);
