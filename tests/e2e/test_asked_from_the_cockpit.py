"""What a person asks on a page reaches a runtime that waits: in the answer to the question that it has already put."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx2

from tests.e2e.both_planes import both_planes
from tests.e2e.child import PATIENCE_S, run
from tests.e2e.narrow_way import NarrowWay
from tests.e2e.whole_line import SLUG, free_port
from tests.fakes.loopback import LoopbackServer

PERSON, PASSWORD = "luna@example.com", "a long enough password"
DJANGO: Final = {"DJANGO_SETTINGS_MODULE": "platform_admin.config.settings.base"}
DO: Final = f"/admin/authoring/{SLUG}/customers/do/"

_PERSON: Final = f"""
import django
django.setup()
from platform_admin.tenants.models import Membership, Role, Tenant, User
person = User.objects.create_user({PERSON!r}, {PASSWORD!r})
Membership.objects.create(user=person, tenant=Tenant.objects.get(slug={SLUG!r}), role=Role.EDITOR)
"""

_SEEN: Final = f"""
import django, json
django.setup()
from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.models import Turn
from platform_admin.tenants.models import Tenant
luna = Tenant.objects.get(slug={SLUG!r})
turn = Turn.objects.for_tenant(luna).exclude(heard="").first()
whom = {{}} if turn is None else {{"channel": turn.channel, "contact": turn.contact}}
states = dict(RuntimeCommand.objects.for_tenant(luna).values_list("kind", "state"))
print(json.dumps({{"whom": whom, "states": states}}))
"""


async def seen(environment: dict[str, str], wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What the control plane knows, once it is as wanted."""
    django = {**environment, **DJANGO}
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found: dict[str, Any] = json.loads(await run(["-c", _SEEN], django))
        if wanted(found):
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.5)


async def signed_in(http: httpx2.AsyncClient) -> None:
    await http.get("/sign-in/")
    answer = await press(http, "/sign-in/", username=PERSON, password=PASSWORD)
    assert "/sign-in/" not in answer.headers["Location"]


async def press(http: httpx2.AsyncClient, address: str, **fields: str) -> httpx2.Response:
    answer = await http.post(address, data={**fields, "csrfmiddlewaretoken": http.cookies["csrftoken"]})
    assert answer.status_code == 302, re.sub(r"\s+", " ", answer.text)[:300]
    return answer


async def test_a_reply_and_a_pause_arrive_in_the_answer_to_a_question_that_waits(tmp_path: Path) -> None:
    port = free_port()
    way = NarrowWay(f"http://127.0.0.1:{port}")
    async with (
        LoopbackServer(way) as door,
        both_planes(tmp_path, control_port=port, asked_at=door.url) as line,
        httpx2.AsyncClient(base_url=line.control_url, trust_env=False, timeout=PATIENCE_S) as http,
    ):
        await run(["-c", _PERSON], {**line.environment, **DJANGO})
        await line.chat.say("Hola")
        whom = (await seen(line.environment, lambda found: bool(found["whom"])))["whom"]
        await signed_in(http)

        await asyncio.wait_for(way.one_question(), PATIENCE_S)
        await press(http, f"{DO}reply", **whom, text="Ahora mismo te llamo.")
        said = (await line.chat.hear())["text"]["body"]
        assert said == "Ahora mismo te llamo."

        await asyncio.wait_for(way.one_question(), PATIENCE_S)
        await press(http, f"{DO}pause", **whom)
        await seen(line.environment, lambda found: found["states"].get("pause_contact") == "delivered")
        way.widen()
        done = {"staff_reply": "done", "pause_contact": "done"}
        await seen(line.environment, lambda found: found["states"] == done)
