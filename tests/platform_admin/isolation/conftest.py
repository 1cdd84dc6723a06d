"""The world of the matrix, once for each module that asks it, and rolled back with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker
from starlette.applications import Starlette

from connectors.kernel.egress.policy import THIS_MACHINE
from platform_admin.fleet.backups.store import CopyName
from tests.fakes.graph.management import Account, GraphManagement
from tests.fakes.radicale_server import Radicale, running_radicale
from tests.fakes.threaded_server import ThreadedServer
from tests.platform_admin.isolation import scenes
from tests.platform_admin.isolation.bodies import copy_bytes
from tests.platform_admin.isolation.database import Dump, dump
from tests.platform_admin.isolation.objects import COPIED_AT
from tests.platform_admin.isolation.world import World, build_world


@pytest.fixture(scope="module")
def calendars(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """A calendar server that the businesses may connect, though it is on this machine."""
    with running_radicale(tmp_path_factory.mktemp("calendars")) as server, override_settings(PROBE_EGRESS=THIS_MACHINE):
        yield server


@pytest.fixture(scope="module", autouse=True)
def _meta() -> Iterator[None]:
    """Meta's side: it shows the number to the token that the rows send, and takes no other one."""
    account = Account()
    account.add_number(scenes.NUMBER)
    routes = GraphManagement(account, frozenset({scenes.TOKEN})).routes()
    with ThreadedServer(Starlette(routes=routes)) as server, override_settings(GRAPH_BASE_URL=server.url):
        yield


@pytest.fixture(scope="module", autouse=True)
def _copies_have_a_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where the copies lie that the tickets of both businesses name."""
    folder = tmp_path_factory.mktemp("copies")
    for slug in ("luna", "sol"):
        name = CopyName(slug, COPIED_AT)
        (folder / slug).mkdir()
        (folder / str(name)).write_bytes(copy_bytes())
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FLEET_BACKUPS", str(folder))
        yield


@pytest.fixture(scope="module")
def world(calendars: Radicale, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once for the module, and rolled back with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world(calendars.calendar())
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def before(world: World, django_db_blocker: DjangoDbBlocker) -> Dump:
    with django_db_blocker.unblock():
        return dump()
