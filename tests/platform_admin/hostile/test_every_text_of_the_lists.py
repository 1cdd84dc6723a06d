"""Every text of the published lists of hostile markup, on every page that shows what customers or staff wrote.

A parser reads each page, first with harmless texts and then with hostile ones in the same places: nothing has a shape
(an element's name, its attributes, the schemes of its addresses) that was not there before, and no markup stands in the
answer as it was sent. A real browser reads sixty of the texts (``tests/e2e/test_hostile_texts.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from platform_admin.tenants.models import Tenant, User
from tests.e2e.hostile_seed import plant
from tests.platform_admin.business import provisioned
from tests.platform_admin.hostile.markup import Markup, squeezed
from tests.platform_admin.sight.seeded import seed

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

LOADS: Final = 16
MOST_TEXTS_OF_A_LOAD: Final = 100
"""As many turns as the page of a conversation shows."""

ALL: Final = 1.0
SOME: Final = 0.01

PAGES: Final[dict[str, tuple[str, float]]] = {
    **{f"customers, page {n}": (f"authoring/luna/customers/?page={n}", 0.1) for n in (1, 2, 3, 4)},
    **{f"conversations, page {n}": (f"sight/luna/conversations/?page={n}", 0.9) for n in (1, 2)},
    "one customer": ("authoring/luna/customers/conv-hostile/", ALL),
    "frequent questions": ("authoring/luna/faq/", ALL),
    "texts of the conversation": ("authoring/luna/conversation/", 0.4),
    "publish": ("authoring/luna/publish/", ALL),
    "tests": ("authoring/luna/tests/", SOME),
    "home": ("authoring/luna/", SOME),
    "summary": ("sight/luna/", ALL),
    "one conversation": ("sight/luna/conversations/conv-hostile/", ALL),
    "people wanted": ("sight/luna/people-wanted/", ALL),
    "unanswered": ("sight/luna/unanswered/", 0.2),
    "waiting and dead letters": ("sight/luna/waiting/", ALL),
    "health": ("sight/luna/health/", ALL),
    "overview": ("", SOME),
    **{f"templates, page {n}": (f"message_templates/messagetemplate/?p={n}", 0.4) for n in (1, 2)},
}
"""Page: its address below ``/admin/``, and the share of the texts of a load that stands on it at least.

Questions that ask the same are one line, and a draft has quotation marks escaped.
"""


def payloads(shared_data: Path) -> list[str]:
    """Every line of the lists, once."""
    lines: dict[str, None] = {}
    for file in sorted((shared_data / "security" / "xss").glob("*.txt")):
        lines |= dict.fromkeys(
            line.replace("\x00", "").strip() for line in file.read_text("utf-8", "replace").splitlines()
        )
    return [line for line in lines if line]


def load_of(texts: list[str], number: int) -> list[str]:
    """A share of the texts, spread over the lists, all shares as long; the last ones begin again for that."""
    size = -(-len(texts) // LOADS)
    return (texts + texts[:LOADS])[number::LOADS][:size]


@dataclass
class Desk:
    """An operator before the pages of one business. ``harmless`` is what they are made of by themselves."""

    tenant: Tenant
    client: Client
    harmless: dict[str, Markup] = field(default_factory=dict)

    def read(self, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Each page with these texts on it, by its name."""
        with transaction.atomic():
            plant(self.tenant, list(texts))
            for name, (address, _) in PAGES.items():
                answer = self.client.get(f"/admin/{address}")
                assert answer.status_code == 200, name
                yield name, answer.content.decode()
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Desk]:
    """Built once for the module, and rolled back with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        luna = provisioned("luna", name="Peluquería Luna").tenant
        seed(luna)
        client = Client()
        client.force_login(User.objects.create_superuser("operator@example.com", "a long enough password"))
        yield Desk(luna, client)
        transaction.set_rollback(True)


def test_every_text_of_the_lists_is_in_a_load(shared_data: Path) -> None:
    texts = payloads(shared_data)
    loads = [load_of(texts, number) for number in range(LOADS)]
    assert len(texts) > 1_500
    assert {text for load in loads for text in load} == set(texts)
    assert {len(load) for load in loads} == {-(-len(texts) // LOADS)}
    assert len(loads[0]) <= MOST_TEXTS_OF_A_LOAD


@pytest.mark.parametrize("number", range(LOADS))
def test_texts_bring_nothing_onto_a_page_but_words(number: int, desk: Desk, shared_data: Path) -> None:
    texts = load_of(payloads(shared_data), number)
    if not desk.harmless:
        plain = [f"harmless text number {index}" for index in range(len(texts))]
        desk.harmless = {name: Markup(page) for name, page in desk.read(plain)}
    few: dict[str, str] = {}
    for name, page in desk.read(texts):
        before, now = desk.harmless[name], Markup(page)
        assert now.shapes.keys() - before.shapes.keys() == set(), name
        assert [text for text in texts if as_it_was_sent(text, page)] == [], name
        words = now.squeezed_words
        shown = sum(squeezed(text)[:18] in words for text in texts)
        if shown < PAGES[name][1] * len(texts):
            few[name] = f"{shown} of {len(texts)}"
    assert few == {}


def as_it_was_sent(text: str, page: str) -> bool:
    """Whether there is markup of the text in the page. A lone tag is one of ours; the shapes tell of more of them."""
    return "<" in text and len(text) > len("</textarea>") and text in page


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("<script>x</script>", "script"),
        ("<b onclick=x>y</b>", "b onclick"),
        ("<a href=' java\nscript:x'>y</a>", "a href=javascript:"),
        ("<a href='/\\evil.example'>y</a>", "a href=//"),
        ("<!-- x -->", "a comment"),
        ("<![CDATA[x]]>", "a declaration"),
        ("<?php x ?>", "an instruction"),
    ],
)
def test_a_text_that_were_markup_would_be_seen(text: str, shape: str) -> None:
    page = "<html><body><p title='{}'>{}</p></body></html>"
    assert Markup(page.format("x", text)).shapes.keys() - Markup(page.format("x", "x")).shapes.keys() >= {shape}


def test_a_text_that_left_its_attribute_would_be_seen() -> None:
    assert Markup("<p title='x' onmouseover='y'>z</p>").shapes == {"p onmouseover title": 1}
