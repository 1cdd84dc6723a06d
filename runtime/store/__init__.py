"""Where a tenant's state lives: one SQLite file in production, plain memory in tests. One contract for both."""
