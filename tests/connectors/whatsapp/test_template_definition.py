"""Templates as Meta describes them, read for sending."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.whatsapp.template_definition import blanks_in, read_template

PUBLISHED: dict[str, tuple[str, Any, Any, list[str]]] = {
    "buttons.json seasonal_promotion": (
        "MARKETING",
        3,
        {"format": "TEXT", "parameters": 1},
        ["QUICK_REPLY", "QUICK_REPLY"],
    ),
    "buttons.json order_confirmation": ("UTILITY", 2, {"format": "DOCUMENT"}, ["PHONE_NUMBER", "URL"]),
    "limited_time_offer.json limited_time_offer_caribbean_pkg_2023": (
        "MARKETING",
        2,
        {"format": "IMAGE"},
        ["COPY_CODE", "URL"],
    ),
}


@pytest.mark.parametrize(("place", "expected"), PUBLISHED.items(), ids=PUBLISHED)
def test_a_published_template_is_read_as_the_table_says(
    place: str, expected: tuple[str, Any, Any, list[str]], shared_data: Path
) -> None:
    file, name = place.split()
    raw = json.loads((shared_data / "whatsapp/pywa_templates" / file).read_text())[name]
    found = read_template(raw)
    assert found is not None
    buttons = [button["type"] for button in found.buttons]
    assert (found.name, found.language) == (name, "en_US")
    assert (found.category.upper(), found.parameters, found.header, buttons) == expected


@pytest.mark.parametrize(
    ("text", "blanks"),
    [
        ("Hola", 0),
        ("Hola {{1}}, a las {{2}}. {{1}}", 2),
        ("{{ 3 }} only", 3),
        ("Hola {{name}}, el {{day}}. {{name}}", ("name", "day")),
        ("{{name}} {{1}}", ("name", "1")),
        ("{{}} {name} {{a b}}", 0),
    ],
)
def test_blanks_are_counted_or_named(text: str, blanks: Any) -> None:
    assert blanks_in(text) == blanks


def test_a_rejected_one_says_why_and_a_hyphen_becomes_an_underline() -> None:
    found = read_template({"name": "a", "language": "en-US", "status": "REJECTED", "rejected_reason": "SCAM"})
    assert found is not None
    assert (found.language, found.status, found.reason) == ("en_US", "REJECTED", "SCAM")


@pytest.mark.parametrize("raw", [{}, {"name": "a"}, {"language": "es"}, {"name": 7, "language": "es"}])
def test_what_has_no_name_or_language_is_none(raw: dict[str, Any]) -> None:
    assert read_template(raw) is None


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "text", "buttons"]), inner),
    max_leaves=12,
)


@given(values, values, values)
def test_anything_else_about_it_never_fails(components: Any, quality: Any, status: Any) -> None:
    raw = {"name": "a", "language": "es", "components": components, "quality_score": quality, "status": status}
    assert read_template(raw) is not None
