"""The scene of a row, set before it is asked and taken back afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.test import Client

from tests.platform_admin.isolation.asking import forgetful
from tests.platform_admin.isolation.database import Dump, dump
from tests.platform_admin.isolation.row import Row, Who
from tests.platform_admin.isolation.scenes import Scene
from tests.platform_admin.isolation.world import World


@contextmanager
def staged(world: World, before: Dump, row: Row, who: Who) -> Iterator[tuple[Dump, Mapping[str, str]]]:
    """What the database holds once the scene of a row is set, and what only the scene knows. Taken back afterwards."""
    if row.given is None:
        yield before, {}
        return
    client = world.clients[who]
    with transaction.atomic(), forgetful(client):
        known = row.given(Scene(client, world.people.get(who), world.own))
        yield dump(), known
        transaction.set_rollback(True)


def session_of(client: Client) -> str:
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""
