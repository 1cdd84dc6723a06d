"""Who reads what customers wrote and what was said to them: one rule, for every page that could show it."""

from __future__ import annotations

from platform_admin.tenants.identity import Role


def reads_words(role: Role | None) -> bool:
    """Those who may answer a customer, so editors and above. Who may only look sees that somebody wrote, and when."""
    return role is not None and role.rank >= Role.EDITOR.rank
