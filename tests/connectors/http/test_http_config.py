"""Declarations and every way they can be wrong; what a value may become; nothing gets out of its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ConnectorConfigError, RejectedError
from connectors.http.headers import checked_name, checked_value
from connectors.http.placeholders import as_text, fill, fill_json, fill_path, look_up
from connectors.plain_json import JSON
from connectors.registry import ConnectorRegistry
from tests.connectors.http.studio import SECRET, studio

_BASE: dict[str, Any] = {"type": "http", "base_url": "https://api.example.com"}

_OPERATION_FAULTS: dict[str, tuple[Any, list[str]]] = {
    "none at all": ({}, ["must be a mapping of 1 to 50 operations"]),
    "no mapping": ("GET /", ["must be a mapping of 1 to 50 operations"]),
    "a name that is none": ({"Find!": {"path": "/"}}, ["Find!: must be lower-case letters, digits and '_'"]),
    "no block": ({"find": "/x"}, ["find: must be a mapping with 'path'"]),
    "no path": ({"find": {}}, ["find.path: is missing"]),
    "a path of another place": ({"find": {"path": "//evil.example/"}}, ["find.path: must not hold '.' or '..'"]),
    "a path upwards": ({"find": {"path": "/a/../b"}}, ["find.path: must not hold '.' or '..'"]),
    "a query in the path": ({"find": {"path": "/a?b=c"}}, ["find.path: must begin with '/' and hold no spaces"]),
    "a header that is ours": (
        {"find": {"path": "/", "headers": {"Host": "evil.example"}}},
        ["find.headers: 'Host' is not set by configuration"],
    ),
    "a header that is two": (
        {"find": {"path": "/", "headers": {"X-A: 1\r\nX-B": "2"}}},
        ["find.headers: 'X-A: 1\\r\\nX-B' is no name of a header"],
    ),
    "a GET with a body": ({"find": {"path": "/", "body": {"a": 1}}}, ["find.body: a GET has none"]),
    "a parameter that is not declared": (
        {"find": {"path": "/{id}"}},
        ["find.parameters: '{id}' is used and not declared"],
    ),
    "a parameter that is not used": (
        {"find": {"path": "/", "parameters": {"id": "x"}}},
        ["find.parameters: 'id' is declared and not used"],
    ),
    "a placeholder that is code": (
        {"find": {"path": "/", "query": {"q": "{__import__('os')}"}}},
        ["'{__import__('os')}' is no placeholder"],
    ),
    "a kind there is none": (
        {"find": {"path": "/{a}", "parameters": {"a": {"kind": "colour"}}}},
        ["find.parameters.a.kind: must be one of text, integer, date, time, any"],
    ),
    "two shapes of a result": (
        {"find": {"path": "/", "result": {"a": "b"}, "rows": {"each": {"id": "{id}"}}}},
        ["find.rows: and 'result' exclude each other"],
    ),
    "an unknown key, and every other fault": (
        {"find": {"pth": "/", "method": "FETCH", "errors": {"200": "conflict"}, "success": {"code": 1}}},
        [
            "find.method: must be one of GET, POST, PUT, PATCH, DELETE",
            "find.success.code: unknown key",
            "find.errors: must be a whole number from 400 to 599",
            "find.path: is missing",
            "find.pth: unknown key",
        ],
    ),
}


@pytest.mark.parametrize(("operations", "problems"), _OPERATION_FAULTS.values(), ids=_OPERATION_FAULTS.keys())
def test_a_declaration_is_refused_with_every_fault(operations: Any, problems: list[str]) -> None:
    with pytest.raises(ConnectorConfigError) as refused:
        ConnectorRegistry.from_config({"crm": {**_BASE, "operations": operations}})
    (text,) = refused.value.problems
    assert text.startswith("connectors.crm.operations: ")
    for problem in problems:
        assert problem in text
    assert text.count(";") >= len(problems) - 1


_FINE: dict[str, JSON] = {"ping": {"path": "/"}}
_BLOCK_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "http in the open": ({"base_url": "http://api.example.com"}, "base_url: must be an https address"),
    "a secret that is not stored": ({"auth": "bearer"}, "secret: is missing; store it as the credential"),
    "no user": ({"auth": "basic", "secret": "s3cret"}, "user: is missing"),
    "no header": ({"auth": "header", "secret": "s3cret"}, "header: '' is no name of a header"),
    "a header that is ours": (
        {"auth": "header", "secret": "s3cret", "header": "Cookie"},
        "header: 'Cookie' is not set by configuration",
    ),
    "two lines in a header": ({"headers": {"x-a": "b\r\nx-c: d"}}, "headers: must be a mapping of names to texts of"),
    "a secret of two lines": ({"auth": "bearer", "secret": "a\nb"}, "secret: must be the provider's key"),
}


@pytest.mark.parametrize(("block", "problem"), _BLOCK_FAULTS.values(), ids=_BLOCK_FAULTS.keys())
def test_a_block_is_refused(block: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConnectorConfigError) as refused:
        ConnectorRegistry.from_config({"crm": {**_BASE, "operations": _FINE, **block}})
    assert any(found.startswith(f"connectors.crm.{problem}") for found in refused.value.problems)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1", "http://10.1.2.3:8080", "http://erp.internal/api", "http://nas.local", "http://erp:80"],
)
def test_an_address_of_ones_own_network_may_be_http(address: str) -> None:
    """Whether it may be called is decided when it is: nothing but what the operator opened."""
    ConnectorRegistry.from_config({"crm": {**_BASE, "operations": _FINE, "base_url": address}})


@pytest.mark.parametrize("category", ["calendar", "llm", "notification"])
def test_a_family_cannot_be_declared(category: str) -> None:
    with pytest.raises(ConnectorConfigError, match="whose operations are fixed"):
        ConnectorRegistry.from_config({category: {**_BASE, "operations": _FINE}})


def test_what_a_parameter_can_hold_stays_in_its_place() -> None:
    values: dict[str, JSON] = {"a": "x/../y?z#w", "b": {"c": [1, 2.0, None]}, "n": 3, "yes": True}
    assert fill_path("/p/{a}/q", values) == "/p/x%2F..%2Fy%3Fz%23w/q"
    assert fill("{b.c.1} {n} {yes} {nothing}.", values) == "2 3 true ."
    assert fill_json({"k": "{b}", "t": "{n}!", "l": ["{n}", 1, None]}, values) == {
        "k": {"c": [1, 2.0, None]},
        "t": "3!",
        "l": [3, 1, None],
    }
    assert as_text([1, "a"]) == "1, a"
    assert look_up({"a": {"b": 1}}, "a.b.c") is None


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_value_cannot_change_where_a_path_leads(value: str) -> None:
    with pytest.raises(RejectedError):
        fill_path("/customers/{id}/cards", {"id": value})


@given(st.text(max_size=60))
def test_any_text_stays_one_segment(value: str) -> None:
    try:
        filled = fill_path("/a/{x}/b", {"x": value})
    except (RejectedError, UnicodeEncodeError):
        return
    _, first, middle, last = filled.split("/")
    assert (first, last) == ("a", "b")
    assert middle.isascii()
    assert not set(middle) & set("?# \r\n")
    assert unquote(middle) == value


@given(st.text(max_size=60))
def test_a_header_is_one_line_or_nothing(value: str) -> None:
    try:
        kept = checked_value(value, "x-a")
    except RejectedError:
        return
    assert kept.isascii()
    assert kept.isprintable()


def _lines(shared_data: Path) -> list[str]:
    folder = shared_data / "security/headers"
    return [line for path in sorted(folder.glob("*.txt")) for line in path.read_text("utf-8").splitlines() if line]


async def test_no_text_of_the_collection_becomes_a_header_of_its_own(shared_data: Path) -> None:
    lines = [variant for line in _lines(shared_data) for variant in (line, unquote(line), unquote(unquote(line)))]
    assert len(lines) > 100
    async with studio() as at:
        for line in lines:
            try:
                await at.call("enrol", **{"class": line, "name": line})
            except RejectedError:
                continue
        assert len(at.api.asked) > 20
        for asked in at.api.asked:
            assert set(asked.headers) == {
                "accept",
                "accept-encoding",
                "authorization",
                "connection",
                "content-length",
                "content-type",
                "host",
                "idempotency-key",
                "user-agent",
                "x-source",
            }
            assert asked.headers["authorization"] == f"Bearer {SECRET}"
            assert asked.target.startswith("/classes/")
            assert asked.target.endswith("/members")


@pytest.mark.parametrize("name", ["", "a b", "a:", "ä", "x\n", "x" * 101, "content-length", "Transfer-Encoding"])
def test_a_name_that_no_header_may_have(name: str) -> None:
    with pytest.raises(ValueError, match=r"no name of a header|not set by"):
        checked_name(name)
