"""Published attack lists against the places that take such texts. The counts are in the report (record_property)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from platform_admin.audit.exporting import defused
from platform_admin.tenants.models import Tenant

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]


def lines(shared_data: Path, folder: str, *names: str) -> list[str]:
    """Every line of these lists (of all in the folder where none is named), once."""
    files = [shared_data / "security" / folder / name for name in names] or sorted(
        (shared_data / "security" / folder).glob("*.txt")
    )
    found = dict.fromkeys(line for file in files for line in file.read_text("utf-8", "replace").splitlines())
    return [line for line in found if line.strip()]


def test_no_formula_of_the_list_is_left_at_the_beginning_of_a_cell(
    shared_data: Path, record_property: Callable[[str, object], None]
) -> None:
    formulas = [line for line in lines(shared_data, "csv") if line.lstrip()[:1] in "=+-@"]
    assert len(formulas) >= 5
    for formula in formulas:
        assert defused(formula) == f"'{formula}"
        assert defused(f"  {formula}") == f"'  {formula}"
    record_property("formulas", len(formulas))


def test_no_address_of_the_list_is_where_the_language_switch_leads(
    shared_data: Path, client: Client, record_property: Callable[[str, object], None]
) -> None:
    targets = lines(shared_data, "redirect", "patt_Open-Redirect-payloads.txt", "patt_openredirects.txt")
    assert len(targets) > 200
    for target in targets:
        answer = client.post("/language/setlang/", {"language": "es", "next": target.replace("\x00", "")})
        location = answer.headers["Location"]
        assert answer.status_code == 302
        assert location.startswith("/"), target
        assert not location.startswith(("//", "/\\")), target
    record_property("addresses", len(targets))


def test_no_statement_of_the_list_finds_or_breaks_anything_in_a_search(
    shared_data: Path, as_operator: Client, luna: Tenant, sol: Tenant, record_property: Callable[[str, object], None]
) -> None:
    statements = [line.replace("\x00", "") for line in lines(shared_data, "sql")]
    assert len(statements) > 150
    for statement in statements:
        answer = as_operator.get("/admin/tenants/tenant/", {"q": statement})
        assert answer.status_code == 200, statement
        assert "Taller Sol" not in answer.content.decode(), statement
    assert set(Tenant.objects.values_list("slug", flat=True)) == {"luna", "sol"}
    record_property("statements", len(statements))
