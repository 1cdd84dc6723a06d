"""The ingress of deploy/compose.yaml: what it lets through from outside, and what it keeps from the tenants."""

from __future__ import annotations

import json
import uuid

import httpx2
import pytest

from tests.containers.probe import Answer, reaches_only
from tests.containers.stack import Stack, podman
from tests.containers.visitor import outside

pytestmark = pytest.mark.containers


LET_THROUGH = {
    "the web chat's page": "/t/first/widget",
    "its script": "/t/first/widget/files/widget.js",
    "another tenant's": "/t/second/widget",
}
KEPT_BACK = [
    *(f"/t/first/{path}" for path in ("metrics", "run-task", "ready", "health", "inbound", "messages", "chat")),
    "/t/first/internal/inspect",
    "/t/first",
    "/t/first/",
    "/t/nobody/widget",
    "/t/first/widget/../metrics",
    "/t/first/widget/%2e%2e/metrics",
    "/t/first/widget/..%2fmetrics",
    "/t/first//metrics",
    "/t/first/webhook/metrics",
    "/t/first/t/first/widget",
    "/t/FIRST/metrics",
    "/metrics",
    "/ready",
    "/widget",
    "/admin/",
    "/api/runtime/v1/tenants/first/bundle",
]
PASSED_ON_AND_REFUSED = {
    "a webhook of a channel that the tenant has not": "/t/first/webhook",
    "what only servers of another kind take for a way up": "/t/first/widget/..;/metrics",
}


@pytest.mark.parametrize("path", LET_THROUGH.values(), ids=LET_THROUGH.keys())
def test_what_the_web_chat_needs_is_let_through(running: Stack, path: str) -> None:
    with outside(running.ingress_port) as somebody:
        assert somebody.get(path).status_code == 200


FOR_MACHINES = ["/metrics", "/metrics/", "/%6detrics", "/Metrics", "/api/runtime/v1/tenants/first/bundle"]


@pytest.mark.parametrize("path", FOR_MACHINES)
def test_what_machines_ask_of_the_control_plane_is_not_there_under_the_admins_name(running: Stack, path: str) -> None:
    host = {"Host": f"admin.localhost:{running.ingress_port}"}
    with outside(running.ingress_port) as somebody:
        url = somebody.base_url.copy_with(raw_path=path.encode())
        answer = somebody.send(httpx2.Request("GET", url, headers=host, extensions={"sni_hostname": "admin.localhost"}))
    # The ingress says it, with nothing; a page of the control plane brings its policy.
    assert (answer.status_code, answer.content, answer.headers.get("content-security-policy")) == (404, b"", None)


@pytest.mark.parametrize("path", KEPT_BACK)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_else_of_a_runtime_or_of_the_control_plane_is_public(running: Stack, method: str, path: str) -> None:
    with outside(running.ingress_port) as somebody:
        raw = httpx2.Request(method, f"{somebody.base_url}")
        answer = somebody.send(httpx2.Request(method, raw.url.copy_with(raw_path=path.encode())))
    # The ingress says it, with nothing; a runtime or the control plane would bring words, also to a 404 of its own.
    assert (answer.status_code, answer.content) == (404, b"")


@pytest.mark.parametrize("path", PASSED_ON_AND_REFUSED.values(), ids=PASSED_ON_AND_REFUSED.keys())
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_runtime_itself_refuses_what_it_does_not_have(running: Stack, method: str, path: str) -> None:
    with outside(running.ingress_port) as somebody:
        answer = somebody.request(method, path)
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found", "message": "There is nothing here."})


def test_the_admin_has_a_host_name_of_its_own(running: Stack) -> None:
    host = {"Host": f"admin.localhost:{running.ingress_port}"}
    with outside(running.ingress_port) as somebody:
        answer = somebody.get("/admin/login/", headers=host, extensions={"sni_hostname": "admin.localhost"})
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (302, "/sign-in/")


def test_who_writes_is_who_the_ingress_saw_and_not_who_the_client_says(running: Stack) -> None:
    """The web chat counts new visitors by address: one who names another address each time is still one."""
    statuses = []
    with outside(running.ingress_port) as somebody:
        for number in range(60):
            told = {"X-Forwarded-For": f"203.0.113.{number}", "Origin": str(somebody.base_url).rstrip("/")}
            statuses.append(somebody.post("/t/second/widget/session", json={}, headers=told).status_code)
    assert statuses[0] == 200
    assert 429 in statuses


def address_of(running: Stack, service: str) -> list[str]:
    (details,) = json.loads(podman("inspect", running.container(service)))
    return [network["IPAddress"] for network in details["NetworkSettings"]["Networks"].values()]


def test_a_tenant_reaches_the_ingress_and_its_api_and_no_other_tenant(running: Stack) -> None:
    (second,) = address_of(running, "data-plane-second")
    (database,) = address_of(running, "postgres")
    (control_plane,) = address_of(running, "control-plane")
    probes: dict[str, Answer] = {
        "ingress:8001/api/runtime/v1/tenants/first/bundle": 401,  # the positive control: answered, without a token
        "ingress:8001/admin/": 404,
        "127.0.0.1:8002/health": 200,
        f"{second}:8002/health": None,
        "data-plane-second:8002/health": None,
        f"{database}:5432/": None,
        f"{control_plane}:8001/health": None,
        "ingress:2019/config/": None,
    }
    reaches_only(running.container("data-plane"), probes)


def test_a_tenant_sees_its_own_volume_and_no_other(running: Stack) -> None:
    name = f"mark-{uuid.uuid4().hex}"
    running.inside("data-plane", "touch", f"/var/lib/frontdesk/{name}")
    assert running.inside("data-plane", "find", "/var/lib/frontdesk", "-name", name).strip().endswith(name)
    assert running.inside("data-plane-second", "sh", "-c", f"find / -name {name} 2>/dev/null || true").strip() == ""
