"""A connector fails in every way there is; the customer is answered, once, and the chat goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from connectors.kernel.circuit_breaker import Trigger
from connectors.plain_json import JSON, ReadOnlyJSON
from runtime.store.in_memory import InMemoryStateStore
from tests.connectors.http.studio import OPERATIONS, SECRET
from tests.fakes.loopback import LoopbackServer
from tests.fakes.rest_api import RestAPI
from tests.flow_engine.normalised import invoke, program, state, text, transition
from tests.runtime.desk import config, open_desk

BRANCHED = {**invoke("crm", "find_customer", result_key="found", phone="1"), "on_error": {"default": "SORRY"}}
PLAIN = invoke("crm", "find_customer", result_key="found", phone="1")
HANGS = {**invoke("crm", "hang", result_key="found"), "on_error": {"default": "SORRY"}}
ENDLESS = {**invoke("crm", "endless", result_key="found"), "on_error": {"default": "SORRY"}}


def flow(call: Any) -> Any:
    return program(
        {
            "MENU": state(text("Menú"), fallback="MENU"),
            "FIND": state(call, text("Hola {{ data.found.name }}"), fallback="MENU"),
            "SORRY": state(text("Lo siento: {{ data.error_kind }}"), fallback="MENU"),
        },
        global_transitions=[transition("FIND", on_payload="find")],
    )


type Break = Callable[[RestAPI], None]


def answering(*answers: Response) -> Break:
    return lambda api: api.next_answers.extend(answers)


def doing_nothing(_api: RestAPI) -> None:
    pass


_BIG = Response("x" * 10_000_000)
_DEEP = Response("[" * 100_000, media_type="application/json")

_FAILURES: dict[str, tuple[Break, Any, dict[str, JSON], str]] = {
    "a wrong credential": (answering(Response(status_code=401)), BRANCHED, {}, "unauthorized"),
    "a revoked key": (answering(Response(status_code=403)), BRANCHED, {}, "unauthorized"),
    "a server that is down": (answering(*[Response(status_code=503)] * 9), BRANCHED, {}, "unavailable"),
    "too many requests": (
        answering(Response(status_code=429, headers={"retry-after": "3600"})),
        BRANCHED,
        {},
        "rate_limited",
    ),
    "a page instead of an answer": (answering(*[Response("<html>")] * 9), BRANCHED, {}, "unavailable"),
    "ten megabytes": (answering(*[_BIG] * 9), BRANCHED, {}, "unavailable"),
    "an answer without an end": (doing_nothing, ENDLESS, {}, "unavailable"),
    "nonsense without a bottom": (answering(*[_DEEP] * 9), BRANCHED, {}, "unavailable"),
    "200 with an error inside": (answering(JSONResponse({"ok": False})), BRANCHED, {}, "rejected"),
    "someone was there first": (answering(Response(status_code=409)), BRANCHED, {}, "conflict"),
    "a server that hangs": (doing_nothing, HANGS, {}, "timeout"),
    "nobody at the address": (doing_nothing, BRANCHED, {"base_url": "http://127.0.0.1:1"}, "unavailable"),
    "an address of the metadata service": (
        doing_nothing,
        BRANCHED,
        {"base_url": "https://169.254.169.254"},
        "rejected",
    ),
}


def block(url: str, **more: JSON) -> ReadOnlyJSON:
    policy: dict[str, JSON] = {
        "base_wait_s": 0.001,
        "max_wait_s": 0.001,
        "attempt_timeout_s": 0.5,
        "deadline_s": 1.5,
        "attempts": 2,
    }
    known: dict[str, JSON] = {
        "type": "http",
        "base_url": url,
        "auth": "bearer",
        "secret": SECRET,
        "operations": OPERATIONS,
    }
    return {**known, "policy": policy, **more}


@pytest.mark.parametrize(("break_it", "call", "more", "kind"), _FAILURES.values(), ids=_FAILURES.keys())
async def test_the_flow_branches_by_kind_and_goes_on(
    break_it: Break, call: Any, more: dict[str, JSON], kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    api, store = RestAPI(), InMemoryStateStore()
    break_it(api)
    async with LoopbackServer(api.app()) as server:
        active = config({"crm": block(server.url, **more)}, flow=flow(call))
        async with open_desk(store, active) as desk:
            await desk.receive("m1", "find")
            await desk.receive("m2", "anything")
            await desk.quiet()
            assert desk.channel.texts() == [f"Lo siento: {kind}", "Menú"]
            assert (await store.counts()).inbox_dead == 0
    assert SECRET not in caplog.text


async def test_without_a_branch_the_tenants_sentence_is_said_and_the_state_left() -> None:
    api, store = RestAPI(), InMemoryStateStore()
    api.next_answers = [Response(status_code=401)]
    async with (
        LoopbackServer(api.app()) as server,
        open_desk(store, config({"crm": block(server.url)}, flow=flow(PLAIN))) as desk,
    ):
        await desk.receive("m1", "find")
        await desk.quiet()
        said = desk.channel.texts()
    assert len(said) == 2
    assert said[1] == "Menú"
    assert "Hola" not in said[0]


async def test_an_open_breaker_answers_at_once_and_asks_nobody() -> None:
    api, store = RestAPI(), InMemoryStateStore()
    async with LoopbackServer(api.app()) as server:
        active = config({"crm": block(server.url)}, flow=flow(BRANCHED))
        active.registry.pipeline("crm").breaker.operate(Trigger.FORCE_OPEN)
        async with open_desk(store, active) as desk:
            await desk.receive("m1", "find")
            await desk.quiet()
            assert desk.channel.texts() == ["Lo siento: unavailable"]
    assert api.asked == []
