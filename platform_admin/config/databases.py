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

_POOL: Final = {
    "min_size": 1,
    # Connections of one process; PostgreSQL allows 100 in all, and more than a few busy ones wait for its cores anyway.
    "max_size": 16,
    # Seconds a request waits for one before it is a 500: a page that hangs longer is reloaded anyway.
    "timeout": 10,
}

_POSTGRESQL_OPTIONS: Final = {
    "pool": _POOL,
    # Compiling a query pays off when it runs for seconds; ours run for milliseconds.
    "options": "-c jit=off",
}


def with_connection_rules(config: dict[str, Any]) -> dict[str, Any]:
    """``config`` as django-environ parsed it, with our options under any that the URL gave."""
    if config["ENGINE"].endswith("sqlite3"):
        rules = {} if config["NAME"] == ":memory:" else _SQLITE_OPTIONS
        return {**config, "OPTIONS": {**rules, **config.get("OPTIONS", {})}}
    # No CONN_MAX_AGE: under ASGI a request's thread ends with the request, and a kept connection would stay behind.
    # The pool keeps connections for the process instead, so that a runtime's question does not cost a new one.
    return {**config, "CONN_MAX_AGE": 0, "OPTIONS": {**_POSTGRESQL_OPTIONS, **config.get("OPTIONS", {})}}
