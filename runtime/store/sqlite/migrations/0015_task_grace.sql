-- How late a task may still run, where the flow says so.
ALTER TABLE scheduled_task ADD COLUMN grace_seconds INTEGER;
