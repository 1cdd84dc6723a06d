"""Published attack lists against the places that take such texts. Each test prints how many it tried.

The other lists stand beside what they attack: addresses of mail in ``people/test_invitations.py``, paths in
``releases/test_archive.py``, Fernet tokens in ``credentials/test_vault.py``, the sign-in's own redirects in
``people/test_sign_in.py``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from platform_admin.audit.exporting import Form, written
from platform_admin.tenants.models import AuditEntry, Tenant

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]


type Counted = Callable[[str, int], None]


@pytest.fixture
def counted(record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]) -> Counted:
    """Says how many texts of a list were tried, on the terminal and in the report."""

    def say(what: str, how_many: int) -> None:
        record_property(what, how_many)
        with capsys.disabled():
            print(f"\n{what}: {how_many}")  # noqa: T201 - the count is for whoever runs it

    return say


def lines(shared_data: Path, folder: str, *names: str) -> list[str]:
    """Every line of these lists (of all in the folder where none is named), once."""
    files = [shared_data / "security" / folder / name for name in names] or sorted(
        (shared_data / "security" / folder).glob("*.txt")
    )
    found = dict.fromkeys(line for file in files for line in file.read_text("utf-8", "replace").splitlines())
    return [line for line in found if line.strip()]


def test_no_formula_of_the_list_is_left_at_the_beginning_of_a_cell(shared_data: Path, counted: Counted) -> None:
    formulas = [line for line in lines(shared_data, "csv") if line.lstrip()[:1] in "=+-@"]
    assert len(formulas) >= 14
    for formula in formulas:
        entry = AuditEntry(actor_label=formula, verb=f"  {formula}", number=1, details={}, at=timezone.now())
        (row,) = csv.DictReader(io.StringIO(written([entry], Form.CSV)))
        assert (row["who"], row["what"]) == (f"'{formula}", f"'  {formula}")
    counted("formulas", len(formulas))


def test_no_address_of_the_list_is_where_the_language_switch_leads(
    shared_data: Path, client: Client, counted: Counted
) -> None:
    targets = lines(shared_data, "redirect", "patt_Open-Redirect-payloads.txt", "patt_openredirects.txt")
    assert len(targets) > 200
    for target in targets:
        answer = client.post("/language/setlang/", {"language": "es", "next": target.replace("\x00", "")})
        assert answer.status_code == 302
        assert stays_here(answer.headers["Location"]), target
    counted("addresses", len(targets))


def stays_here(location: str) -> bool:
    """Whether a browser at the switch's own address stays on this host: relative paths may, whatever they spell.

    Browsers read a backslash as a slash (WHATWG URL, "special authority ignore slashes state"); an address with a
    scheme is none of ours, even ``http:path``.
    """
    asked = urlsplit(location.replace("\\", "/"))
    reached = urlsplit(urljoin("http://testserver/language/setlang/", asked.geturl()))
    return (asked.scheme, asked.netloc) == ("", "") and (reached.scheme, reached.netloc) == ("http", "testserver")


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\\evil.example", "\t//evil.example", "https:evil.example", "javascript:x"]
)
def test_what_counts_as_another_host(elsewhere: str) -> None:
    assert not stays_here(elsewhere)


def test_no_statement_of_the_list_finds_or_breaks_anything_in_a_search(
    shared_data: Path, as_operator: Client, luna: Tenant, sol: Tenant, counted: Counted
) -> None:
    statements = [line.replace("\x00", "") for line in lines(shared_data, "sql")]
    assert len(statements) > 150
    for statement in statements:
        answer = as_operator.get("/admin/tenants/tenant/", {"q": statement})
        assert answer.status_code == 200, statement
        assert "Taller Sol" not in answer.content.decode(), statement
    assert set(Tenant.objects.values_list("slug", flat=True)) == {"luna", "sol"}
    counted("statements", len(statements))
