"""What the ingress is told, as data. What Caddy makes of it is tested with a real one (`make test-containers`)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from platform_admin.fleet.caddy.configuration import LOOKED_THROUGH, IngressConfiguration, Tls, caddy_document

ROUTES = {"sol": "10.0.2.3:8002", "luna": "10.0.1.3:8002"}
PUBLIC = IngressConfiguration(public_host="bots.example.org", admin_host="admin.example.org", tls=Tls.ACME)


def public_server(document: dict[str, Any]) -> dict[str, Any]:
    server: dict[str, Any] = document["apps"]["http"]["servers"]["public"]
    return server


def test_of_a_tenant_webhooks_and_the_web_chat_are_let_through_and_nothing_else() -> None:
    luna, sol, kept_back, admin, nothing = public_server(caddy_document(ROUTES, PUBLIC))["routes"]
    assert [luna["match"], sol["match"]] == [
        [
            {
                "host": ["bots.example.org"],
                "path": [f"/t/{tenant}{path}" for path in ("/webhook", "/telegram/*", "/widget", "/widget/*")],
            }
        ]
        for tenant in ("luna", "sol")
    ]
    assert luna["handle"][0] == {"handler": "rewrite", "strip_path_prefix": "/t/luna"}
    assert luna["handle"][1]["upstreams"] == [{"dial": "10.0.1.3:8002"}]
    assert kept_back == {
        "match": [{"path": ["/metrics", "/metrics/*", "/api/runtime/*"]}],
        "handle": [{"handler": "static_response", "status_code": 404}],
        "terminal": True,
    }
    assert admin["match"] == [{"host": ["admin.example.org"]}]
    assert nothing == {"handle": [{"handler": "static_response", "status_code": 404}]}


def matches(pattern: str, path: str) -> bool:
    """As Caddy's matcher of paths, for what is used here: whole, or up to a star at the end."""
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def led_to(routes: list[dict[str, Any]], path: str) -> list[str]:
    """Where a request for ``path`` at the public host may end up, and nothing twice."""
    found: list[str] = []
    for route in routes:
        match = route.get("match", [{}])[0]
        if "bots.example.org" in match.get("host", []) and any(matches(one, path) for one in match["path"]):
            last = route["handle"][-1]
            found += led_to(last["routes"], path) if last["handler"] == "subroute" else [last["upstreams"][0]["dial"]]
    return found


def longest_row(routes: list[dict[str, Any]]) -> int:
    inner = [part["routes"] for route in routes for part in route["handle"] if part["handler"] == "subroute"]
    return max([len(routes), *map(longest_row, inner)])


MANY = {name: f"{name}:8002" for name in ("l", "luna", *(f"luna-{number}" for number in range(999)), "sol", "z-9")}


@pytest.mark.parametrize("tenant", ["l", "luna", "luna-0", "luna-99", "luna-998", "sol", "z-9"])
@pytest.mark.parametrize("path", ["/webhook", "/telegram/x", "/widget", "/widget/a/b"])
def test_each_of_very_many_tenants_is_led_to_its_own_runtime(tenant: str, path: str) -> None:
    routes = public_server(caddy_document(MANY, PUBLIC))["routes"]
    assert led_to(routes, f"/t/{tenant}{path}") == [f"{tenant}:8002"]


@pytest.mark.parametrize("path", ["/t/lun/webhook", "/t/luna-999/webhook", "/t/luna/metrics", "/t/z/webhook", "/t/"])
def test_whoever_is_none_of_very_many_tenants_is_led_nowhere(path: str) -> None:
    assert led_to(public_server(caddy_document(MANY, PUBLIC))["routes"], path) == []


def test_no_request_is_compared_with_all_of_very_many_tenants() -> None:
    routes = public_server(caddy_document(MANY, PUBLIC))["routes"]
    assert longest_row(routes) <= LOOKED_THROUGH


def test_the_same_tenants_give_the_same_document_whatever_their_order() -> None:
    backwards = dict(reversed(ROUTES.items()))
    assert json.dumps(caddy_document(ROUTES, PUBLIC)) == json.dumps(caddy_document(backwards, PUBLIC))


def test_runtimes_reach_their_api_and_nothing_else_of_the_control_plane() -> None:
    api, nothing = caddy_document({}, PUBLIC)["apps"]["http"]["servers"]["runtime_api"]["routes"]
    assert api["match"] == [{"path": ["/api/runtime/*"]}]
    assert nothing["handle"][0]["status_code"] == 404


def test_runtimes_on_other_machines_reach_their_api_where_somebody_says_so() -> None:
    public = IngressConfiguration.from_environment({"INGRESS_RUNTIME_API": "public"})
    kept_back = public_server(caddy_document(ROUTES, public))["routes"][2]
    assert kept_back["match"] == [{"path": ["/metrics", "/metrics/*"]}]


def test_no_proxy_flushes_at_an_interval_which_loses_answers_in_some_versions() -> None:
    document = json.dumps(caddy_document(ROUTES, PUBLIC))
    assert (document.count("reverse_proxy"), document.count("flush_interval")) == (4, 0)


def test_nobody_is_told_who_could_not_come_to_the_admin_socket() -> None:
    assert caddy_document({}, PUBLIC)["admin"] == {"listen": "unix//run/ingress/admin.sock", "origins": ["ingress"]}


@pytest.mark.parametrize(
    ("tls", "listens", "disabled", "issuers"),
    [
        (Tls.ACME, ":8443", False, None),
        (Tls.INTERNAL, ":8443", False, [{"module": "internal"}]),
        (Tls.OFF, ":8080", True, None),
    ],
    ids=["public certificates", "certificates of its own", "plain HTTP"],
)
def test_how_it_is_encrypted(tls: Tls, listens: str, disabled: bool, issuers: list[object] | None) -> None:
    document = caddy_document(ROUTES, IngressConfiguration(tls=tls))
    server = public_server(document)
    assert server["listen"] == [listens]
    assert ("automatic_https" in server) is disabled
    policies = document["apps"].get("tls", {}).get("automation", {}).get("policies", [{"issuers": None}])
    assert policies[0]["issuers"] == issuers


def test_names_come_from_the_environment() -> None:
    environment = {"INGRESS_PUBLIC_HOST": "bots.example.org", "INGRESS_ADMIN_HOST": "", "INGRESS_TLS": "acme"}
    read = IngressConfiguration.from_environment(environment)
    assert (read.public_host, read.admin_host, read.tls) == ("bots.example.org", "admin.localhost", Tls.ACME)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"INGRESS_TLS": "maybe"}, "INGRESS_TLS must be one of acme, internal, off."),
        ({"INGRESS_RUNTIME_API": "1"}, "INGRESS_RUNTIME_API must be one of inside, public."),
        (
            {"INGRESS_ROUTES": "luna=10.1.0.2:8002, sol"},
            "INGRESS_ROUTES must be TENANT=HOST:PORT, parted by commas; 'sol' is none.",
        ),
    ],
    ids=["no way to encrypt", "neither inside nor public", "no route"],
)
def test_what_cannot_be_read_is_told(environment: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        IngressConfiguration.from_environment(environment)


def test_fixed_routes_are_led_beside_the_orchestrators_and_give_way_to_them() -> None:
    fixed = IngressConfiguration.from_environment({"INGRESS_ROUTES": "first=data-plane:8002, luna=old:8002"})
    routes = public_server(caddy_document({"luna": "10.1.0.2:8002"}, fixed))["routes"][:2]
    assert [(route["match"][0]["path"][0], route["handle"][1]["upstreams"]) for route in routes] == [
        ("/t/first/webhook", [{"dial": "data-plane:8002"}]),
        ("/t/luna/webhook", [{"dial": "10.1.0.2:8002"}]),
    ]


def _keys(document: object) -> set[str]:
    match document:
        case dict():
            return {*document, *set[str]().union(*map(_keys, document.values()))}
        case list():
            return set[str]().union(*map(_keys, document))
        case _:
            return set()


@pytest.mark.parametrize("tls", [Tls.ACME, Tls.INTERNAL])
def test_nothing_is_taken_from_what_caddy_asks_of_tls(tls: Tls) -> None:
    """Without policies of ours Caddy speaks TLS 1.2 and 1.3, with the ciphers it recommends."""
    document = caddy_document({"luna": "10.0.0.2:8000"}, IngressConfiguration(tls=tls))
    assert _keys(document) & {"tls_connection_policies", "protocol_min", "protocol_max", "cipher_suites"} == set()


def test_a_public_name_gets_its_certificate_from_a_public_authority() -> None:
    apps = caddy_document({"luna": "10.0.0.2:8000"}, IngressConfiguration(tls=Tls.ACME))["apps"]
    assert "tls" not in apps  # no authority of our own: Caddy's default is the public ones
    assert "automatic_https" not in apps["http"]["servers"]["public"]
