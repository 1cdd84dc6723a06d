"""Two tenants that came by a command, on a real engine: what they are promised, from their first day to their last."""

from __future__ import annotations

import json
import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.containers.probe import reaches_only
from tests.containers.stack import Stack, podman, until
from tests.containers.visitor import Message, Visitor, outside

pytestmark = pytest.mark.containers

TENANTS = ("luna", "sol")
FIRST_IMAGE, NEXT_IMAGE = "frontdesk-runtime", "localhost/frontdesk-runtime:next"
PATIENCE_S = 180.0


@pytest.fixture
def visitors() -> Iterator[ExitStack]:
    with ExitStack() as visitors:
        yield visitors


def test_two_tenants_live_apart_are_upgraded_and_come_back_from_a_copy(running: Stack, visitors: ExitStack) -> None:
    for tenant in TENANTS:
        founded(running, tenant)
    ready(running, FIRST_IMAGE)
    led_in(running)

    anna, berta = (visitors.enter_context(Visitor(running.ingress_port, tenant)) for tenant in TENANTS)
    books(anna)
    books(berta)
    neither_reaches_the_other()
    neither_sees_the_others_volume()

    killed("luna")
    assert appointments(anna) == 1

    command(running, "fleet", "backup", "luna")
    carla = visitors.enter_context(Visitor(running.ingress_port, "luna"))
    books(carla)
    upgraded(running)
    assert [appointments(visitor) for visitor in (anna, berta, carla)] == [1, 1, 1]
    neither_reaches_the_other()

    command(running, "fleet", "stop", "luna")
    until(lambda: bool(seen(running, "luna")["as_wanted"]), "luna is stopped", patience_s=PATIENCE_S)
    command(running, "fleet", "restore", "luna")
    command(running, "fleet", "deploy", "luna")
    ready(running, NEXT_IMAGE)
    for visitor in (anna, carla):
        visitor.open_page_again()  # it had read further than the copy goes
    # Carla came after the copy was made: her visit is unknown, Anna's is there, and Berta's tenant was not touched.
    assert [appointments(visitor) for visitor in (anna, berta, carla)] == [1, 1, 0]

    removed(running)
    # Told anew at each step, with long polls and streams open.
    assert podman("inspect", "--format", "{{.RestartCount}}", running.container("ingress")).strip() == "0"


def command(running: Stack, *words: str) -> Any:
    return json.loads(running.inside("orchestrator", "python", "manage.py", *words, "--json"))


def founded(running: Stack, tenant: str) -> None:
    """As docs/operations.md says, with the flow and the settings of the first tenant."""
    manage = ("control-plane", "python", "manage.py")
    running.inside(
        *(*manage, "provision_tenant", tenant, "--name", f"Peluquería {tenant}", "--language", "es"),
        *("--timezone", "Europe/Madrid", "--output-dir", f"/tmp/{tenant}"),  # noqa: S108 - in the container, its own
    )
    secret = f"{uuid.uuid4().hex}{uuid.uuid4().hex}"
    setting = f"echo {secret} | python manage.py set_credential {tenant} channels.1.visitor_secret"
    running.inside("control-plane", "sh", "-c", setting)
    running.inside(
        *(*manage, "publish", tenant, "--flow", "flows/peluqueria_flow.yaml"),
        *("--knowledge", "flows/peluqueria/knowledge.md", "--settings-file", "/first-tenants/first.yaml"),
    )
    command(running, "fleet", "deploy", tenant, "--driver", "docker")


def seen(running: Stack, tenant: str) -> dict[str, Any]:
    look = "python manage.py fleet --json || test $? -eq 4"  # 4: something is not as it is wanted
    told = json.loads(running.inside("orchestrator", "sh", "-c", look))
    (found,) = [row for row in told["tenants"] if row["tenant"] == tenant]
    return dict(found)


def ready(running: Stack, image: str) -> None:
    def is_so(tenant: str) -> bool:
        row = seen(running, tenant)
        return bool(row["as_wanted"] and row["seen_image"] == image)

    until(lambda: all(map(is_so, TENANTS)), f"both are ready with {image}", patience_s=PATIENCE_S)


def led_in(running: Stack) -> None:
    """A new tenant's path is there: the ingress is told at the end of the pass that finds the runtime ready."""
    with outside(running.ingress_port) as somebody:
        pages = [f"/t/{tenant}/widget" for tenant in TENANTS]
        until(lambda: all(somebody.get(page).status_code == 200 for page in pages), "the ingress leads to both")


def books(visitor: Visitor) -> None:
    menu = visitor.say("hola", offers="menu_book")
    services = visitor.tap(menu, "menu_book", offers="service_")
    days = visitor.tap(services, "service_", offers="day_")
    hours = visitor.tap(days, "day_", offers="slot_", last=True)
    confirmation = visitor.tap(hours, "slot_", offers="confirm_yes")
    visitor.tap(confirmation, "confirm_yes", offers="menu_appointments")


def appointments(visitor: Visitor) -> int:
    menu: Message = visitor.say("hola", offers="menu_appointments")
    listed = visitor.tap(menu, "menu_appointments", offers="")
    return len([option for option in listed["options"] if option["id"].startswith("appt_")])


def address_of(tenant: str) -> str:
    (details,) = json.loads(podman("inspect", f"frontdesk-{tenant}"))
    return str(details["NetworkSettings"]["Networks"][f"frontdesk-{tenant}"]["IPAddress"])


def neither_reaches_the_other() -> None:
    addresses = {tenant: f"{address_of(tenant)}:8002/health" for tenant in TENANTS}
    for tenant, other in (TENANTS, TENANTS[::-1]):
        api = f"ingress:8001/api/runtime/v1/tenants/{tenant}/bundle"
        # 401: answered, without a token.
        reaches_only(f"frontdesk-{tenant}", {api: 401, addresses[tenant]: 200, addresses[other]: None})


def neither_sees_the_others_volume() -> None:
    for tenant, other in (TENANTS, TENANTS[::-1]):
        name = f"mark-{uuid.uuid4().hex}"
        podman("exec", f"frontdesk-{tenant}", "touch", f"/var/lib/frontdesk/{name}")
        look = ("sh", "-c", f"find / -name {name} 2>/dev/null || true")
        assert podman("exec", f"frontdesk-{tenant}", *look).strip() == f"/var/lib/frontdesk/{name}"
        assert podman("exec", f"frontdesk-{other}", *look).strip() == ""


def killed(tenant: str) -> None:
    def process() -> int:
        return int(podman("inspect", "--format", "{{.State.Pid}}", f"frontdesk-{tenant}"))

    before = process()
    assert before > 0, f"{tenant} is not running"  # 0 would stand for this process's whole group
    os.kill(before, signal.SIGKILL)
    until(lambda: process() not in {0, before}, f"{tenant} is back", patience_s=PATIENCE_S)


def upgraded(running: Stack) -> None:
    podman("tag", FIRST_IMAGE, NEXT_IMAGE)
    command(running, "fleet", "upgrade", NEXT_IMAGE)
    ready(running, NEXT_IMAGE)


def removed(running: Stack) -> None:
    def left() -> str:
        ours = ("--quiet", "--filter", "label=frontdesk.fleet=frontdesk")
        return "".join(podman(*kind, *ours) for kind in (("ps", "--all"), ("volume", "ls"), ("network", "ls")))

    for tenant in TENANTS:
        command(running, "fleet", "remove", tenant, "--keep-days", "0")
    until(lambda: left() == "", "nothing of them is left", patience_s=PATIENCE_S)
