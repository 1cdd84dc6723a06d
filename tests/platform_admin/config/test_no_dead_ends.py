"""Whoever signs in can follow every link they are shown, from the first page on: none leads to a refusal or a fault."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.platform_admin.isolation.row import MEMBERS, Who
from tests.platform_admin.isolation.world import World, build_world

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

STARTS: Final = ("/admin/", "/admin/authoring/", "/account/")
MOST_PAGES: Final = 700
"""A walk that goes on for longer has found addresses without an end."""

EXPECTED: Final = {Who.VIEWER: 20, Who.EDITOR: 20, Who.PUBLISHER: 20, Who.OWNER: 25, Who.OPERATOR: 80}
"""Pages that each reaches at least."""


MARKED: Final = "/sol/"
"""The pages of the business whose every column holds a mark, also those that have a form of their own."""


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") if tag in {"a", "area"} else None
        if href:
            self.found.append(href)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", [*MEMBERS, Who.OPERATOR])
def test_every_link_leads_somewhere(world: World, who: Who) -> None:
    reached, dead = walked(world.clients[who])
    assert dead == []
    assert EXPECTED[who] <= len(reached) < MOST_PAGES


def walked(client: Client) -> tuple[set[str], list[str]]:
    """The addresses that were asked, and those of them that answered 4xx or 5xx, with the page that led there."""
    waiting = deque((start, "the beginning") for start in STARTS)
    asked: set[str] = set()
    dead: list[str] = []
    while waiting and len(asked) < MOST_PAGES:
        address, shown_on = waiting.popleft()
        if sort_of(address) in asked or MARKED in address:
            continue
        asked.add(sort_of(address))
        answer = client.get(address, follow=False)
        if answer.status_code >= 400:
            dead.append(f"{answer.status_code} {address} (on {shown_on})")
        waiting.extend((link, address) for link in links_of(address, answer))
        if answer.streaming:
            b"".join(answer)  # read to its end, which closes it; close() would take the database's connection along
    return asked, dead


def links_of(address: str, answer: object) -> list[str]:
    """The addresses of this host that the answer leads to."""
    headers, streaming = getattr(answer, "headers", {}), getattr(answer, "streaming", False)
    targets = [headers["Location"]] if "Location" in headers else []
    if not streaming and "text/html" in headers.get("Content-Type", ""):
        targets += Links(getattr(answer, "content", b"").decode()).found
    absolute = [urlsplit(urljoin(f"http://testserver{address}", target)) for target in targets]
    return [
        there._replace(scheme="", netloc="", fragment="").geturl()
        for there in absolute
        if (there.scheme, there.netloc) == ("http", "testserver")
    ]


def sort_of(address: str) -> str:
    """The path, and which questions are asked, whatever the values: one order of a list stands for all."""
    parts = urlsplit(address)
    return f"{parts.path}?{' '.join(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))}"
