"""What every connection is told, whatever ``DATABASE_URL`` says."""

from __future__ import annotations

from typing import Any, Final

_SQLITE_OPTIONS: Final = {
    # Readers never wait for the writer; FULL because a published release must survive a power cut.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    # Take the write lock at BEGIN: two transactions that read and then write would otherwise fail, not wait.
    "transaction_mode": "IMMEDIATE",
    # Seconds to wait for another writer (reliability rule 1: 5 s).
    "timeout": 5,
}


def with_connection_rules(config: dict[str, Any]) -> dict[str, Any]:
    """``config`` as django-environ parsed it, with our options under any that the URL gave."""
    if config["ENGINE"].endswith("sqlite3"):
        rules = {} if config["NAME"] == ":memory:" else _SQLITE_OPTIONS
        return {**config, "OPTIONS": {**rules, **config.get("OPTIONS", {})}}
    # No CONN_MAX_AGE: under ASGI a request's thread ends with the request, and a kept connection would stay behind.
    return {**config, "CONN_MAX_AGE": 0}
