"""The signed id: ours or nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.channels.web_chat.visitor import LIFETIME, Visitors
from tests.runtime.channels.web_chat.conftest import SECRET
from tests.runtime.desk import NOW

LUNA = Visitors(SECRET, "luna")


def test_what_we_issued_is_read_until_it_is_over() -> None:
    token, visitor = LUNA.issue(NOW)
    assert LUNA.read(token, NOW) == visitor
    assert LUNA.read(token, visitor.expires_at - timedelta(seconds=1)) == visitor
    assert LUNA.read(token, visitor.expires_at) is None
    assert visitor.expires_at == NOW + LIFETIME


def test_two_visitors_are_two() -> None:
    assert len({LUNA.issue(NOW)[1].contact_id for _ in range(100)}) == 100


def test_a_renewed_id_is_the_same_visitor_for_another_month() -> None:
    _, visitor = LUNA.issue(NOW)
    later = NOW + timedelta(days=20)
    token, renewed = LUNA.issue(later, visitor.contact_id)
    assert (renewed.contact_id, renewed.expires_at) == (visitor.contact_id, later + LIFETIME)
    assert LUNA.read(token, later) == renewed


@pytest.mark.parametrize("stranger", [Visitors(SECRET, "sol"), Visitors(SECRET[::-1], "luna")])
def test_another_tenants_or_another_secrets_id_is_nothing(stranger: Visitors) -> None:
    assert LUNA.read(stranger.issue(NOW)[0], NOW) is None


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_a_single_changed_character_is_noticed(place: int, character: str) -> None:
    token, _ = LUNA.issue(NOW)
    place %= len(token)
    changed = token[:place] + character + token[place + 1 :]
    # The last character of base64 has two bits to spare; they are compared as well, so only the same text passes.
    assert (LUNA.read(changed, NOW) is not None) == (changed == token)


@given(st.text(max_size=120))
def test_any_other_text_is_nothing(text: str) -> None:
    assert LUNA.read(text, NOW) is None
