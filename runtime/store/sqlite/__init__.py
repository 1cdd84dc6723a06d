"""The durable store: SQLite in WAL mode, one writing thread, group commit."""

from runtime.store.sqlite.state_store import SQLiteStateStore

__all__ = ["SQLiteStateStore"]
