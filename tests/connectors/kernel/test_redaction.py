"""What a log may show."""

from __future__ import annotations

import pytest

from connectors.kernel.redaction import Redactor, secrets_in

_CASES = {
    "a known secret": ("token is EAAB-secret-1 here", "token is ••• here"),
    "a bearer credential": ("Authorization: Bearer eyJhbGciOi.J9", "Authorization: •••"),
    "a token in an address": ("GET /x?access_token=EAAqqq&y=1", "GET /x?•••&y=1"),
    "a phone number": ("to +34600111222 failed", "to ••• failed"),
    "a phone number without a plus": ("to 34600111222 failed", "to ••• failed"),
    "a date is no phone number": ("on 2026-11-24 at 10:00", "on 2026-11-24 at 10:00"),
    "a new line": ("fine\nERROR forged", "fine ERROR forged"),
    "a terminal sequence": ("\x1b[31mred\x1b[0m", " red "),
    "a Unicode line separator": ("fine\u2028forged", "fine forged"),
    "a short text as it is": ("calendar server: answered 503", "calendar server: answered 503"),
}


@pytest.mark.parametrize(("text", "shown"), _CASES.values(), ids=_CASES.keys())
def test_a_log_shows(text: str, shown: str) -> None:
    assert Redactor(["EAAB-secret-1"])(text) == shown


def test_a_page_of_html_is_cut() -> None:
    shown = Redactor()("x" * 100_000)
    assert len(shown) == 500
    assert shown.endswith("…")


def test_secrets_are_found_by_the_names_of_their_keys_at_any_depth() -> None:
    block: dict[str, object] = {
        "access_token": "one",
        "auth": {"password": "two", "user": "ana"},
        "credentials": {"json": "three"},
        "apiKey": ["four"],
        "title": "five",
    }
    assert secrets_in(block) == ["one", "two", "three", "four"]  # type: ignore[arg-type] # a literal is wider than JSON


def test_a_short_value_is_no_secret_worth_riddling_texts_for() -> None:
    assert Redactor(["a"])("a cat") == "a cat"
