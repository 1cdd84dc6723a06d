"""What leaves inside and outside the 24 hours, against a Graph API that keeps the same windows and templates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.outputs.capabilities import read_capabilities
from flow_engine.outputs.output import Buttons, Media, Option, Output, Parameter, Template, TemplateButton, Text
from flow_engine.vocabulary import JSON, MediaType
from runtime.channels.whatsapp import WhatsAppChannelConfig
from runtime.channels.whatsapp.send_planner import MARGIN, TOO_LATE, WINDOW, SendPlanner, window_is_open
from runtime.errors import SendAction, SendError
from runtime.outreach import ApprovedTemplates
from runtime.ports.contact_store import LastWord
from runtime.ports.inbox_store import ContactKey
from tests.fakes.graph.template_shelf import ShelfTemplate
from tests.fakes.graph_server import FakeGraphServer, Fault
from tests.runtime.channels.whatsapp.expectations import NUMBER
from tests.runtime.channels.whatsapp.phone import ANA, NOW, Phone, open_adapter

LISTED: list[JSON] = [
    {"name": "reminder", "language": "es", "status": "APPROVED", "category": "UTILITY", "parameters": 1},
    {"name": "paused", "language": "es", "status": "PAUSED", "category": "UTILITY", "parameters": 0},
]
REMINDER = Template(
    "reminder", "es", (Parameter("mañana"),), "Tu cita es mañana.", buttons=(TemplateButton("No puedo", "cancel_7"),)
)
BARE = Template("reminder", "es", (Parameter("mañana"),))


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraphServer]:
    async with FakeGraphServer(tokens=["EAAtoken"], phone_number_ids=[NUMBER]) as server:
        server.app.windows.enforced = True
        server.app.windows.now = NOW.timestamp
        server.app.templates.put(ShelfTemplate("reminder", "es", parameters=1, buttons=("quick_reply",)))
        server.app.templates.put(ShelfTemplate("paused", "es", "PAUSED"))
        yield server


@pytest.fixture
async def phone(graph: FakeGraphServer, config: WhatsAppChannelConfig) -> AsyncIterator[Phone]:
    async with open_adapter(graph, config, ApprovedTemplates.from_json(LISTED)) as opened:
        yield opened


async def writes(phone: Phone, graph: FakeGraphServer, ago: timedelta = timedelta(0)) -> None:
    await phone.hears(ago=ago)
    graph.app.windows.wrote(NUMBER, ANA, (NOW - ago).timestamp())


def kinds(graph: FakeGraphServer) -> list[str]:
    return [sent.body["type"] for sent in graph.sent]


async def refusal(phone: Phone, output: Output) -> str:
    with pytest.raises(SendError) as caught:
        await phone.say(output)
    assert caught.value.action is SendAction.PARK
    return caught.value.detail


async def test_inside_the_window_the_words_go_out_and_the_buttons_with_them(
    phone: Phone, graph: FakeGraphServer
) -> None:
    await writes(phone, graph, timedelta(hours=23))
    await phone.say(REMINDER)
    (sent,) = graph.sent
    assert sent.body["type"] == "interactive"
    assert sent.body["interactive"]["body"]["text"] == "Tu cita es mañana."
    assert sent.body["interactive"]["action"]["buttons"][0]["reply"] == {"id": "cancel_7", "title": "No puedo"}


OUTSIDE = [timedelta(hours=24), timedelta(hours=23, minutes=59, seconds=30), timedelta(days=40)]


@pytest.mark.parametrize("ago", OUTSIDE, ids=str)
async def test_outside_the_window_the_template_goes_out(phone: Phone, graph: FakeGraphServer, ago: timedelta) -> None:
    await writes(phone, graph, ago)
    await phone.say(REMINDER)
    (sent,) = graph.sent
    assert sent.body["type"] == "template"
    assert [part["type"] for part in sent.body["template"]["components"]] == ["body", "button"]
    assert graph.refused == []


async def test_outside_the_window_a_step_without_a_template_is_parked_and_nothing_is_asked_of_whatsapp(
    phone: Phone, graph: FakeGraphServer
) -> None:
    await writes(phone, graph, timedelta(days=2))
    assert await refusal(phone, Text("hola")) == TOO_LATE
    assert (graph.sent, graph.refused) == ([], [])


async def test_who_never_wrote_gets_templates_only(phone: Phone, graph: FakeGraphServer) -> None:
    assert await refusal(phone, Text("hola")) == TOO_LATE
    await phone.say(REMINDER)
    assert kinds(graph) == ["template"]


async def test_a_template_without_a_text_is_sent_inside_the_window_too(phone: Phone, graph: FakeGraphServer) -> None:
    await writes(phone, graph)
    await phone.say(BARE)
    assert kinds(graph) == ["template"]


async def test_a_text_that_is_too_long_for_one_message_leaves_it_to_the_template(
    phone: Phone, graph: FakeGraphServer
) -> None:
    await writes(phone, graph)
    await phone.say(Template("reminder", "es", (Parameter("x"),), "y" * 5000))
    assert kinds(graph) == ["template"]


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        (Template("paused", "es"), "is paused; see WhatsApp Manager"),
        (Template("reminder", "es", ()), "has 1 blanks, and 0 are filled"),
        (Template("nobody_knows", "es"), "there is no approved template 'nobody_knows'"),
        (Template("reminder", "en", (Parameter("x"),)), "there is no approved template 'reminder' in 'en'"),
    ],
)
async def test_a_template_that_would_be_refused_is_parked_with_the_reason(
    phone: Phone, graph: FakeGraphServer, template: Template, reason: str
) -> None:
    assert reason in await refusal(phone, template)
    assert (graph.sent, graph.refused) == ([], [])


async def test_a_paused_template_is_not_missed_while_words_may_be_sent(phone: Phone, graph: FakeGraphServer) -> None:
    await writes(phone, graph)
    await phone.say(Template("paused", "es", text="Tu cita es mañana."))
    assert kinds(graph) == ["text"]


async def test_when_whatsapp_closed_the_window_early_the_template_goes_out_at_once(
    phone: Phone, graph: FakeGraphServer
) -> None:
    await phone.hears()
    await phone.say(REMINDER)
    assert kinds(graph) == ["template"]
    assert [reason[:6] for reason in graph.refused] == ["131047"]
    await phone.say(REMINDER)
    assert len(graph.refused) == 1  # it is known now, until the customer writes again
    phone.clock.advance(60)
    await phone.hears()
    graph.app.windows.wrote(NUMBER, ANA)
    await phone.say(REMINDER)
    assert kinds(graph) == ["template", "template", "interactive"]


async def test_when_whatsapp_closed_the_window_early_words_without_a_template_are_parked(
    phone: Phone, graph: FakeGraphServer
) -> None:
    await phone.hears()
    assert "no template" in await refusal(phone, Buttons("?", (Option("a", "A"),)))
    assert graph.sent == []


async def test_a_user_id_that_a_template_does_not_reach_is_reached_by_its_number(
    phone: Phone, graph: FakeGraphServer
) -> None:
    contact = ContactKey(phone.adapter.channel_id, "ES.1349")
    await phone.hears("ES.1349")
    await phone.store.contacts.link(contact, ANA, at=NOW)
    graph.script(Fault("fail", code=131062))
    await phone.say(BARE, "ES.1349")
    assert [sent.body["to"] for sent in graph.sent] == [f"+{ANA}"]


async def test_a_file_that_whatsapp_cannot_fetch_twice_goes_out_as_its_address(
    phone: Phone, graph: FakeGraphServer
) -> None:
    await writes(phone, graph)
    picture = Media(MediaType.IMAGE, "http://127.0.0.1:1/a.png", "Precios")
    graph.script(Fault("fail", code=131053, times=2))
    with pytest.raises(SendError) as caught:
        await phone.say(picture)
    assert caught.value.action is SendAction.RETRY
    assert graph.sent == []
    await phone.say(picture, attempt=2)
    assert [sent.body["text"]["body"] for sent in graph.sent] == ["Precios\nhttp://127.0.0.1:1/a.png"]


moments = st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=3)).map(lambda span: NOW - span)


@given(heard_at=st.none() | moments, refused_at=st.none() | moments)
def test_the_window_is_open_only_in_the_day_after_the_last_word_and_not_after_a_refusal(
    heard_at: object, refused_at: object
) -> None:
    word = LastWord(heard_at, refused_at)  # type: ignore[arg-type]  # both are what the strategies say
    if window_is_open(word, NOW):
        assert word.heard_at is not None
        assert NOW - word.heard_at < WINDOW - MARGIN
        assert word.refused_at is None or word.refused_at < word.heard_at


@given(heard_at=st.none() | moments, text=st.none() | st.text(max_size=40))
def test_nothing_but_a_template_is_ever_planned_outside_the_window(heard_at: object, text: str | None) -> None:
    word = LastWord(heard_at)  # type: ignore[arg-type]  # as above
    planned = SendPlanner(read_capabilities()["whatsapp"]).plan(Template("reminder", "es", text=text), word, NOW)
    assert isinstance(planned, Template) or window_is_open(word, NOW)
