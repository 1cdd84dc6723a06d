"""Sessions, messages and pages over a real connection: who is let in, what is stored, what is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flow_engine.vocabulary import MessageType
from runtime.channels.web_chat.visitor import LIFETIME
from tests.runtime.channels.web_chat.conftest import SITE, Chat

HOLA = {"id": "m1", "type": "text", "text": "hola"}


class TestSession:
    async def test_a_stranger_is_given_an_id_and_told_whose_chat_this_is(self, chat: Chat) -> None:
        answer = await chat.post("session", {})
        body = answer.json()
        assert (answer.status_code, body["name"], body["language"]) == (200, "Peluquería Luna", "es")
        assert body["expires_at"] == (chat.clock.now() + LIFETIME).replace(microsecond=0).isoformat()
        assert answer.headers["access-control-allow-origin"] == SITE
        assert answer.headers["cache-control"] == "no-store"
        assert chat.intake.is_untouched

    async def test_who_comes_back_stays_the_same_visitor(self, chat: Chat) -> None:
        first = await chat.visit()
        chat.clock.advance(timedelta(days=20).total_seconds())
        again = await chat.visit(visitor=first)
        assert (again.split(".")[0], again != first) == (first.split(".")[0], True)

    async def test_an_id_that_is_over_or_not_ours_begins_anew(self, chat: Chat) -> None:
        first = await chat.visit()
        chat.clock.advance(LIFETIME.total_seconds())
        for shown in (first, "made.up.token", 7):
            assert (await chat.visit(visitor=shown)).split(".")[0] != first.split(".")[0]

    async def test_twenty_new_visitors_of_one_address_are_enough(self, chat: Chat) -> None:
        answers = [await chat.post("session", {}) for _ in range(21)]
        assert [answer.status_code for answer in answers] == [200] * 20 + [429]
        assert answers[-1].headers["retry-after"] == "30"
        assert answers[-1].headers["access-control-allow-origin"] == SITE


class TestMessages:
    async def test_a_message_is_stored_and_acknowledged(self, chat: Chat) -> None:
        visitor = await chat.visit()
        answer = await chat.post("messages", HOLA, visitor=visitor)
        assert (answer.status_code, answer.json()) == (202, {"duplicate": False})
        ((envelope,),) = chat.intake.batches
        contact_id = visitor.split(".")[0]
        assert (envelope.channel_id, envelope.profile) == ("web_chat", "webchat")
        assert (envelope.message.id, envelope.message.contact_id) == (f"{contact_id}:m1", contact_id)
        assert (envelope.message.text, envelope.message.sent_at) == ("hola", chat.clock.now())

    @pytest.mark.parametrize(
        ("body", "kind", "text", "payload", "content"),
        [
            ({"type": "button", "text": "Sí", "payload": "y~1"}, MessageType.BUTTON, "Sí", "y~1", {}),
            ({"type": "list", "text": "Mar 3", "payload": "d~1"}, MessageType.LIST, "Mar 3", "d~1", {}),
            ({"type": "welcome"}, MessageType.WELCOME, "", None, {}),
            (
                {"type": "location", "latitude": 40.4, "longitude": -3.7},
                MessageType.LOCATION,
                "",
                None,
                {"latitude": 40.4, "longitude": -3.7},
            ),
        ],
    )
    async def test_every_kind_arrives_as_what_it_is(
        self, chat: Chat, body: dict[str, object], kind: MessageType, text: str, payload: str | None, content: object
    ) -> None:
        visitor = await chat.visit()
        assert (await chat.post("messages", {"id": "m", **body}, visitor=visitor)).status_code == 202
        ((envelope,),) = chat.intake.batches
        message = envelope.message
        assert (message.type, message.text, message.payload, message.content) == (kind, text, payload, content)

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"id": "m", "type": "text"},
            {"id": "m", "type": "text", "text": " "},
            {"id": "m", "type": "text", "text": "\x00"},
            {"id": "m", "type": "text", "text": "x" * 4097},
            {"id": "", "type": "text", "text": "x"},
            {"id": "m" * 65, "type": "text", "text": "x"},
            {"id": "m", "type": "button", "text": "x"},
            {"id": "m", "type": "button", "text": "x", "payload": "p" * 265},
            {"id": "m", "type": "location", "latitude": 91, "longitude": 0},
            {"id": "m", "type": "location", "latitude": "north", "longitude": 0},
            {"id": "m", "type": "image", "text": "x"},
            {"id": "m", "type": "text", "text": "x", "contact_id": "somebody else"},
            [],
            "hola",
        ],
    )
    async def test_what_is_no_message_is_refused_and_not_stored(self, chat: Chat, body: object) -> None:
        visitor = await chat.visit()
        answer = await chat.post("messages", body, visitor=visitor)
        assert (answer.status_code, answer.json()["error"]) == (422, "invalid_message")
        assert chat.intake.is_untouched

    async def test_a_body_that_is_no_json_or_too_large_is_refused(self, chat: Chat) -> None:
        headers = {"Origin": SITE, "Authorization": f"Bearer {await chat.visit()}"}
        plain = {**headers, "Content-Type": "text/plain"}
        strict = {**headers, "Content-Type": "application/json"}
        address = f"{chat.url}/widget/messages"
        for sent, content, status in ((plain, b"{}", 415), (strict, b"{", 400), (strict, b" " * 16_385, 413)):
            answer = await chat.http.post(address, content=content, headers=sent)
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, SITE)
        assert chat.intake.is_untouched

    async def test_while_the_store_is_down_nothing_is_acknowledged(self, chat: Chat) -> None:
        visitor = await chat.visit()
        chat.intake.is_down = True
        answer = await chat.post("messages", HOLA, visitor=visitor)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert answer.headers["access-control-allow-origin"] == SITE

    async def test_ten_at_once_are_enough_and_patience_is_rewarded(self, chat: Chat) -> None:
        visitor, other = await chat.visit(), await chat.visit()
        sent = [await chat.post("messages", {**HOLA, "id": f"m{n}"}, visitor=visitor) for n in range(11)]
        assert [answer.status_code for answer in sent] == [202] * 10 + [429]
        assert sent[-1].headers["retry-after"] == "2"
        assert len(chat.intake.batches) == 10
        assert (await chat.post("messages", HOLA, visitor=other)).status_code == 202
        chat.clock.advance(2)
        assert (await chat.post("messages", HOLA, visitor=visitor)).status_code == 202

    async def test_an_address_that_asks_without_end_is_slowed_down(self, chat: Chat) -> None:
        statuses = [(await chat.post("messages", HOLA)).status_code for _ in range(61)]
        assert statuses == [401] * 60 + [429]
        assert chat.intake.is_untouched


STRANGERS = {
    "another site": "https://evil.example",
    "a site whose name begins alike": f"{SITE}.evil.example",
    "the right name without TLS": SITE.replace("https", "http"),
    "a sandboxed frame": "null",
    "no page at all": None,
}


class TestOrigin:
    @pytest.mark.parametrize("origin", STRANGERS.values(), ids=STRANGERS)
    async def test_a_page_that_may_not_is_refused_and_cannot_read_why(self, chat: Chat, origin: str | None) -> None:
        visitor = await chat.visit()
        for path, body in (("session", {}), ("messages", HOLA)):
            answer = await chat.post(path, body, visitor=visitor, origin=origin)
            assert (answer.status_code, answer.json()["error"]) == (403, "foreign_page")
            assert "access-control-allow-origin" not in answer.headers
        assert chat.intake.is_untouched

    async def test_the_runtimes_own_page_may(self, chat: Chat) -> None:
        assert (await chat.post("session", {}, origin=chat.url)).status_code == 200

    async def test_a_preflight_is_answered_for_the_tenants_site_alone(self, chat: Chat) -> None:
        for path in ("session", "messages", "events"):
            right = await chat.http.request("OPTIONS", f"{chat.url}/widget/{path}", headers={"Origin": SITE})
            assert (right.status_code, right.headers["access-control-allow-origin"]) == (204, SITE)
            assert right.headers["access-control-allow-headers"] == "authorization, content-type, last-event-id"
            assert right.headers["vary"] == "Origin"
            wrong = await chat.http.request("OPTIONS", f"{chat.url}/widget/{path}", headers={"Origin": "https://x.es"})
            assert (wrong.status_code, "access-control-allow-origin" in wrong.headers) == (403, False)


class TestVisitor:
    @pytest.mark.parametrize("shown", [None, "", "made.up.token", "x" * 5000])
    async def test_who_shows_no_id_of_ours_is_refused_everywhere(self, chat: Chat, shown: str | None) -> None:
        answer = await chat.post("messages", HOLA, visitor=shown)
        assert (answer.status_code, answer.json()["error"]) == (401, "unknown_visitor")
        headers = {"Origin": SITE} | ({"Authorization": f"Bearer {shown}"} if shown else {})
        assert (await chat.http.get(f"{chat.url}/widget/events", headers=headers)).status_code == 401
        assert chat.intake.is_untouched

    async def test_an_id_that_is_over_is_refused(self, chat: Chat) -> None:
        visitor = await chat.visit()
        chat.clock.advance(LIFETIME.total_seconds())
        assert (await chat.post("messages", HOLA, visitor=visitor)).status_code == 401
        assert chat.intake.is_untouched


class TestFiles:
    async def test_any_page_may_load_the_files(self, chat: Chat) -> None:
        for name, kind in (("widget.js", "text/javascript"), ("styles.css", "text/css"), ("icon.svg", "image/svg+xml")):
            answer = await chat.http.get(f"{chat.url}/widget/files/{name}")
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(kind)
            assert answer.headers["access-control-allow-origin"] == "*"

    @pytest.mark.parametrize("name", ["page.html", "../routes.py", "..%2froutes.py", "nothing.js"])
    async def test_nothing_else_can_be_had(self, chat: Chat, name: str) -> None:
        assert (await chat.http.get(f"{chat.url}/widget/files/{name}")).status_code == 404

    async def test_the_page_lets_nothing_in_and_nobody_frame_it(self, chat: Chat) -> None:
        answer = await chat.http.get(f"{chat.url}/widget")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "<title>Peluquería Luna</title>" in answer.text
        assert "[[" not in answer.text


async def test_no_request_carries_the_id_in_its_address(chat: Chat) -> None:
    """What stands in an address is kept by proxies and histories."""
    script = (await chat.http.get(f"{chat.url}/widget/files/connection.js")).text
    assert "searchParams" not in script
    assert "EventSource" not in script.replace("// EventSource cannot", "")
