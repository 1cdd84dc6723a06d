"""A new bundle while people are in the middle: sub-flows, timers, renamed states and failures across the swap."""

from __future__ import annotations

from connectors.plain_json import ReadOnlyJSON
from flow_engine.vocabulary import JSONObject
from runtime.active_config import ActiveConfig
from runtime.ports.state_store import StateStorePort
from tests.flow_engine.normalised import invoke, program, state, text, transition
from tests.runtime.desk import config, open_desk

HALF_AN_HOUR_S = 1800
END: JSONObject = {"action": "end"}
BOOK: JSONObject = invoke("calendar", "book", result_key="id") | {"on_error": {"conflict": "TAKEN"}}
BUSY: ReadOnlyJSON = {"type": "mock", "failures": {"book": "conflict"}}
FREE: ReadOnlyJSON = {"type": "mock", "responses": {"book": "appt-1"}}


def release(
    calendar: ReadOnlyJSON, *, asks: str = "ASK", late: str = "late", serial: int = 1, **more: object
) -> ActiveConfig:
    """The state that asks, inside the sub-flow and with a timeout, is called ``asks``."""
    timeout: JSONObject = {"after": HALF_AN_HOUR_S, "at": None, "target": "LATE", "set_data": {}}
    asking = state(text("when?"), transitions=[transition("BOOK", on_payload="ten")], fallback=asks)
    booking: JSONObject = {
        "inputs": [],
        "outputs": ["id"],
        "initial_state": asks,
        "global_transitions": [],
        "states": {
            asks: asking | {"timeout": timeout},
            "BOOK": state(BOOK, END),
            "TAKEN": state(text("{{ data.error_kind }}"), {"action": "go_to", "target": asks}),
            "LATE": state(text(late), END),
        },
    }
    call: JSONObject = {"action": "call", "flow": "booking", "inputs": {}, "outputs": {"id": "id"}}
    flow = program({"MENU": state(call, text("got {{ data.id }}"))}) | {"flows": {"booking": booking}} | more
    return config({"calendar": calendar}, flow=flow, serial=serial)  # type: ignore[arg-type]  # a table's keywords


async def test_a_failure_leads_where_on_error_says_and_the_next_release_ends_the_sub_flow(
    store: StateStorePort,
) -> None:
    async with open_desk(store, release(BUSY)) as desk:
        await desk.receive("m1", "hello")
        await desk.receive("m2", "ten")
        await desk.quiet()
        assert desk.channel.texts() == ["when?", "conflict", "when?"]
        await desk.core.swap_program(release(FREE, serial=2))
        await desk.receive("m3", "ten")
        await desk.quiet()
        assert desk.channel.texts()[3:] == ["got appt-1"]


async def test_who_is_inside_a_state_that_was_renamed_goes_on_under_its_new_name(store: StateStorePort) -> None:
    async with open_desk(store, release(FREE)) as desk:
        await desk.receive("m1", "hello")
        await desk.quiet()
        renamed = {"booking/ASK": "booking/WHEN"}
        await desk.core.swap_program(release(FREE, asks="WHEN", serial=2, renamed_states=renamed))
        await desk.receive("m2", "ten")
        await desk.quiet()
        assert desk.channel.texts() == ["when?", "got appt-1"]


async def test_who_is_in_a_state_that_is_gone_is_told_and_starts_again(store: StateStorePort) -> None:
    async with open_desk(store, release(FREE)) as desk:
        await desk.receive("m1", "hello")
        await desk.quiet()
        await desk.core.swap_program(release(FREE, asks="WHEN", serial=2, moved_text="we moved"))
        await desk.receive("m2", "ten")
        await desk.quiet()
        assert desk.channel.texts() == ["when?", "we moved", "when?"]


async def test_a_timer_set_by_one_release_fires_into_the_next(store: StateStorePort) -> None:
    async with open_desk(store, release(FREE)) as desk:
        await desk.receive("m1", "hello")
        await desk.quiet()
        await desk.core.swap_program(release(FREE, late="still there?", serial=2))
        desk.clock.advance(HALF_AN_HOUR_S)
        assert (await desk.core.task_executor.fire()).fired == 1
        await desk.quiet()
        assert desk.channel.texts() == ["when?", "still there?", "got "]


async def test_a_swap_at_any_moment_of_a_turn_leaves_its_call_made_once(store: StateStorePort) -> None:
    async with open_desk(store, release(FREE)) as desk:
        first = desk.calendar
        await desk.receive("m1", "hello")
        await desk.quiet()
        await desk.receive("m2", "ten")
        await desk.core.swap_program(release(BUSY, serial=2))
        await desk.quiet()
        calls = [call.operation for call in (*first.calls, *desk.calendar.calls)]
        assert calls == ["book"]
