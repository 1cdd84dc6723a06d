"""A variable of the orchestrator that is a choice of two."""

from __future__ import annotations

from collections.abc import Mapping

from platform_admin.errors import ConflictError


def flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Whether it is 1; an empty one counts as absent. Raises ``ConflictError`` for what is neither 0 nor 1."""
    value = environment.get(name) or str(int(default))
    if value not in {"0", "1"}:
        raise ConflictError(f"{name} must be 0 or 1.")
    return value == "1"
