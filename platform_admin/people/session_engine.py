"""Django's database sessions with a column for the person (its documented extension point)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from platform_admin.people.models import PersonSession

DEVICE: Final = "device"
ADDRESS: Final = "address"
BEGAN_AT: Final = "began_at"
SEEN_AT: Final = "seen_at"
"""Keys of the session's data that have a column as well; times as ISO 8601."""


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[PersonSession]:
        return PersonSession

    def create_model_instance(self, data: dict[str, Any]) -> PersonSession:
        return _described(super().create_model_instance(data), data)

    async def acreate_model_instance(self, data: dict[str, Any]) -> PersonSession:
        return _described(await super().acreate_model_instance(data), data)


def _described(row: Any, data: dict[str, Any]) -> PersonSession:  # noqa: ANN401 - the stubs name Django's own model
    session: PersonSession = row
    session.user_id = data.get(SESSION_KEY)
    session.device = data.get(DEVICE, "")
    session.address = data.get(ADDRESS, "")
    session.began_at, session.seen_at = _time(data.get(BEGAN_AT)), _time(data.get(SEEN_AT))
    return session


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
