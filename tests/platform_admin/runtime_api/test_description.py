from __future__ import annotations

from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.urls import get_resolver

DESCRIPTION = Path(__file__).parents[3] / "docs" / "runtime-api.openapi.yaml"


def described() -> str:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return out.getvalue()


def test_the_published_description_is_what_the_code_says() -> None:
    assert described() == DESCRIPTION.read_text(), "make api-description writes it anew"


def test_every_address_of_the_api_is_described() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith("runtime-")}
    assert DESCRIPTION.read_text().count("\n  /api/runtime/v1/") == len(names)
