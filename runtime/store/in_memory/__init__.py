"""The store in memory, for tests and trials."""

from runtime.store.in_memory.state_store import InMemoryStateStore

__all__ = ["InMemoryStateStore"]
