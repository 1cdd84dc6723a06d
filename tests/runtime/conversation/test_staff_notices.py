"""Who tells the staff of a hand-off, how often, and what the customer notices of it: nothing."""

from __future__ import annotations

from functools import partial

from connectors.mock import MockConnector
from connectors.plain_json import JSON, ReadOnlyJSON
from flow_engine.vocabulary import JSONObject
from runtime.ports.inbox_store import ContactKey
from runtime.ports.state_store import StateStorePort
from runtime.staff_notices import MAX_ATTEMPTS
from tests.fakes.mail_server import MailServer
from tests.flow_engine.normalised import program, state, text, transition
from tests.runtime.desk import Desk, config, open_desk

ANA = ContactKey("http_dev", "ana")
HAND_OFF: JSONObject = {"action": "hand_off", "reason": "large party", "text": "one moment", "resume": "never"}
FLOW = program(
    {"MENU": state(text("Menú")), "PERSON": state(HAND_OFF)},
    global_transitions=[transition("PERSON", on_payload="person")],
)

TELLS: ReadOnlyJSON = {"type": "mock", "responses": {"notify": {"accepted": True}}}


def refusing(kind: str) -> ReadOnlyJSON:
    return {"type": "mock", "failures": {"notify": kind}}


def staff(desk: Desk) -> MockConnector:
    assert desk.core.configs.current is not None
    connector = desk.core.configs.current.registry.connector("notification")
    assert isinstance(connector, MockConnector)
    return connector


async def settled(desk: Desk, state_name: str) -> None:
    """Return when the first notice about Ana has come to this state."""
    await desk.until(lambda: _is(desk, state_name))


async def _is(desk: Desk, state_name: str) -> bool:
    records = await desk.core.store.notices.records(ANA)
    return bool(records) and records[0].state == state_name


async def test_the_staff_is_told_once_of_each_hand_off(store: StateStorePort) -> None:
    async with open_desk(store, config({"notification": TELLS}, flow=FLOW)) as desk:
        await desk.receive("m1", "person")
        await desk.receive("m2", "person")
        await desk.quiet()
        await settled(desk, "told")
        (told,) = staff(desk).calls
        (record,) = await store.notices.records(ANA)
        (outcome,) = await store.conversations.outcomes(ANA)
        assert (told.operation, told.contact_id, told.idempotency_key) == ("notify", "ana", outcome.id)
        assert dict(told.params) == {
            "subject": "Un cliente pide hablar con una persona",
            "text": "ana espera a una persona en http_dev.\nlarge party",
        }
        assert (record.id, record.state, record.attempts) == (outcome.id, "told", 1)


async def test_without_a_notification_connector_nothing_is_kept_to_be_told(store: StateStorePort) -> None:
    async with open_desk(store, config({}, flow=FLOW)) as desk:
        await desk.receive("m1", "person")
        await desk.quiet()
        assert (desk.channel.texts(), await store.notices.records(ANA)) == (["one moment"], [])


async def test_a_refused_notice_is_given_up_and_the_chat_goes_on(store: StateStorePort) -> None:
    async with open_desk(store, config({"notification": refusing("rejected")}, flow=FLOW)) as desk:
        await desk.receive("m1", "person")
        await desk.receive("m2", "hola", "bruno")
        await desk.quiet()
        await settled(desk, "dead")
        assert sorted(desk.channel.texts()) == ["Menú", "one moment"]
        (record,) = await store.notices.records(ANA)
        assert (record.attempts, record.error) == (1, "rejected: notify is set to fail with 'rejected'")


async def test_a_notice_waits_for_a_connector_that_is_away_and_is_told_under_the_same_key(
    store: StateStorePort,
) -> None:
    async with open_desk(store, config({"notification": refusing("unauthorized")}, flow=FLOW)) as desk:
        await desk.receive("m1", "person")
        await desk.quiet()
        await desk.until(lambda: _has_error(desk))
        assert desk.channel.texts() == ["one moment"]
        (waiting,) = await store.notices.records(ANA)
        assert (waiting.state, waiting.attempts) == ("pending", 1)
        await desk.core.swap_program(config({"notification": TELLS}, flow=FLOW, serial=2))
        desk.clock.advance(31)
        desk.core.notices.wake()
        await settled(desk, "told")
        assert [call.idempotency_key for call in staff(desk).calls] == [waiting.id]


async def test_a_notice_nobody_takes_is_given_up_in_the_end(store: StateStorePort) -> None:
    async with open_desk(store, config({"notification": refusing("unauthorized")}, flow=FLOW)) as desk:
        await desk.receive("m1", "person")
        await desk.quiet()
        await desk.until(partial(_dead_after_another_pause, desk))
        (record,) = await store.notices.records(ANA)
        assert record.attempts == MAX_ATTEMPTS


async def test_a_notice_left_by_a_run_that_died_is_told_by_the_next(store: StateStorePort) -> None:
    async with open_desk(store, config({"notification": TELLS}, flow=FLOW)) as desk:
        await desk.core.notices.stop(1)
        await desk.receive("m1", "person")
        await desk.quiet()
        (left,) = await store.notices.records(ANA)
        assert left.state == "pending"
    async with open_desk(store, config({"notification": TELLS}, flow=FLOW)) as desk:
        await settled(desk, "told")
        assert [call.idempotency_key for call in staff(desk).calls] == [left.id]


async def test_the_staff_is_told_by_e_mail(store: StateStorePort) -> None:
    async with MailServer(offers_starttls=False) as server:
        async with open_desk(store, config({"notification": by_mail(server)}, flow=FLOW)) as desk:
            await desk.receive("m1", "person")
            await desk.quiet()
            await settled(desk, "told")
        (mail,) = server.mails
        assert mail.parsed["Subject"] == "Un cliente pide hablar con una persona"
        assert b"ana espera a una persona en http_dev." in mail.raw


async def test_a_mail_that_may_have_arrived_is_not_sent_again(store: StateStorePort) -> None:
    async with (
        MailServer(offers_starttls=False, drop_in_data=True) as server,
        open_desk(store, config({"notification": by_mail(server)}, flow=FLOW)) as desk,
    ):
        await desk.receive("m1", "person")
        await desk.quiet()
        await settled(desk, "dead")
        assert desk.channel.texts() == ["one moment"]
        (record,) = await store.notices.records(ANA)
        assert (record.attempts, server.sessions) == (1, 1)


def by_mail(server: MailServer) -> ReadOnlyJSON:
    address: dict[str, JSON] = {"host": "127.0.0.1", "port": server.port, "security": "none"}
    return {"type": "email", "sender": "desk@shop.example", "to": "staff@shop.example", **address}


async def _has_error(desk: Desk) -> bool:
    (record,) = await desk.core.store.notices.records(ANA)
    return record.error is not None


async def _dead_after_another_pause(desk: Desk) -> bool:
    """Once more than the longest pause goes by; a single jump could fall before the attempt is written down."""
    desk.clock.advance(7200)
    desk.core.notices.wake()
    (record,) = await desk.core.store.notices.records(ANA)
    return record.state == "dead"
