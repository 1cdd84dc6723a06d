-- Whether what a command asked for is committed: a process that ends between that and the command's own end finds it
-- done, and neither does it again nor calls it refused.
ALTER TABLE command ADD COLUMN carried_out INTEGER NOT NULL DEFAULT 0;
