-- When the last attempt began: what a pair of account and contact has used of its allowance outlives the process.
ALTER TABLE outbox ADD COLUMN taken_at INTEGER;
