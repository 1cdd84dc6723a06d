-- seen: a JSON list of [fingerprint, when, when …], one for each of the contact's last different messages
-- (runtime/ports/inbox_traffic.py), instead of the last message alone.
ALTER TABLE contact_traffic ADD COLUMN seen TEXT NOT NULL DEFAULT '[]';
UPDATE contact_traffic SET seen = '[[' || fingerprint || ',' || substr(same_at, 2) || ']' WHERE same_at <> '[]';
ALTER TABLE contact_traffic DROP COLUMN fingerprint;
ALTER TABLE contact_traffic DROP COLUMN same_at;
