"""The document that flows are checked against says what the connectors declare, and its schemas hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.catalog.cli import main, tenant_catalog
from connectors.catalog.operations import FAMILIES, catalog_document
from connectors.catalog.schemas import as_text
from connectors.operation import Access, Operation, Parameter, ParameterKind
from flow_engine.validation.catalog import COMMITTED, read_catalog


def test_the_committed_catalogue_is_what_the_connectors_declare() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == as_text(catalog_document()), "run `make catalog`"


def test_the_checker_reads_every_operation() -> None:
    catalog = read_catalog(as_text(catalog_document()))
    assert {category: set(operations) for category, operations in catalog.items()} == {
        category: set(operations) for category, operations in FAMILIES.items()
    }
    booking = catalog["calendar"]["book_appointment"]
    assert booking.writes
    assert booking.required == {"date", "time", "service"}


def test_the_shape_of_a_result_is_described_and_what_may_be_missing_is_not_required() -> None:
    example = [{"id": "a", "price": 1.5, "left": 3, "open": True, "note": "x", "more": None, "none": []}]
    operation = Operation("find", Access.READS, "Find.", result=example, optional_results=frozenset({"note"}))  # type: ignore[arg-type] # a literal is wider than JSON
    assert operation.result_schema() == {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "price": {"type": "number"},
                "left": {"type": "integer"},
                "open": {"type": "boolean"},
                "note": {"type": "string"},
                "more": {},
                "none": {"type": "array"},
            },
            "required": ["id", "price", "left", "open", "more", "none"],
        },
    }


def test_every_kind_of_parameter_has_a_schema() -> None:
    assert all(Parameter("x", kind, "x").schema() is not None for kind in ParameterKind)


def test_a_tenants_own_connectors_join_the_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tenant.yaml"
    file.write_text("connectors:\n  crm: {type: mock, responses: {find: {name: Ana}}}\n", encoding="utf-8")
    assert set(tenant_catalog(file)) == {"calendar", "llm", "notification", "crm"}
    assert main(["print", "--tenant", str(file)]) == 0
    assert "find" in read_catalog(capsys.readouterr().out)["crm"]


def test_a_declared_api_joins_without_its_secret(tmp_path: Path) -> None:
    file = tmp_path / "tenant.yaml"
    declared = (
        "{find: {path: /customers, query: {q: '{phone}'}, parameters: {phone: the number}, example: {name: Ana}}}"
    )
    file.write_text(
        "connectors:\n  calendar: {type: google_calendar}\n"
        f"  crm: {{type: http, base_url: 'http://erp.internal:8080', auth: bearer, operations: {declared}}}\n",
        encoding="utf-8",
    )
    operation = read_catalog(as_text(tenant_catalog(file)))["crm"]["find"]
    assert not operation.writes
    assert operation.required == {"phone"}
    assert operation.result == {"name": "Ana"}


def test_a_tenant_that_cannot_be_built_is_told_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tenant.json"
    file.write_text(json.dumps({"connectors": {"crm": {"type": "nothing"}}}), encoding="utf-8")
    assert main(["print", "--tenant", str(file)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "connectors.crm.type: there is no 'nothing'" in printed.err
