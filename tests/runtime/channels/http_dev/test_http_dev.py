"""The development channel over HTTP, on a whole runtime."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flow_engine.vocabulary import JSONObject
from tests.runtime.running import Running, development_settings, running

WAIT_S = "10"  # far above what a turn takes; a test that needs it fails


@pytest.fixture
async def toy(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(development_settings(tmp_path)) as started:
        yield started


async def say(toy: Running, **body: str) -> JSONObject:
    answer = await toy.http.post("/inbound", json={"contact_id": "user_1", **body})
    assert answer.status_code == 202, answer.text
    result: JSONObject = answer.json()
    return result


async def heard(toy: Running, count: int, after: int = 0) -> list[JSONObject]:
    """The bot's messages, once there are ``count``."""
    messages: list[JSONObject] = []
    while len(messages) < count:
        cursor = messages[-1]["cursor"] if messages else after
        params = {"contact_id": "user_1", "after": str(cursor), "wait": WAIT_S}
        more = (await toy.http.get("/messages", params=params)).json()
        assert more, f"the bot said {len(messages)} of {count}"
        messages += more
    return messages


async def stored(toy: Running) -> int:
    health = (await toy.http.get("/health")).json()
    messages = (await toy.http.get("/messages")).json()
    return int(health["counts"]["inbox_open"]) + len(messages)


async def test_a_conversation_with_buttons_a_list_and_a_text(toy: Running) -> None:
    await say(toy, text="hello", id="m1")
    await heard(toy, 1)
    await say(toy, payload="pick", text="Pick", id="m2")
    await heard(toy, 2)
    await say(toy, payload="apple", type="list", id="m3")
    messages = await heard(toy, 3)
    fruit: list[JSONObject] = [
        {"id": "apple~2", "title": "Apple", "description": "red"},
        {"id": "pear~2", "title": "Pear", "description": None},
    ]
    shown = [{key: value for key, value in item.items() if key not in {"at", "id", "cursor"}} for item in messages]
    assert shown == [
        {
            "contact_id": "user_1",
            "type": "buttons",
            "text": "Welcome to Toy & <Sons>",
            "header": None,
            "footer": None,
            "options": [
                {"id": "pick~1", "title": "Pick", "description": None},
                {"id": "bye~1", "title": "Bye", "description": None},
            ],
        },
        {
            "contact_id": "user_1",
            "type": "list",
            "text": "Which one?",
            "header": None,
            "footer": None,
            "button": "Show",
            "options": fruit,
            "sections": [{"title": "Fruit", "rows": fruit}],
        },
        {"contact_id": "user_1", "type": "text", "text": "Goodbye", "options": []},
    ]


async def test_reading_deletes_nothing_and_after_goes_on(toy: Running) -> None:
    await say(toy, text="hello")
    (first,) = await heard(toy, 1)
    await say(toy, text="bye")
    assert [item["text"] for item in await heard(toy, 1, after=int(str(first["cursor"])))] == ["Goodbye"]
    for _ in range(2):
        everything = (await toy.http.get("/messages")).json()
        assert [item["text"] for item in everything] == ["Welcome to Toy & <Sons>", "Goodbye"]
    assert (await toy.http.get("/messages", params={"contact_id": "somebody else"})).json() == []


async def test_a_repeated_id_gives_no_second_reply(toy: Running) -> None:
    assert await say(toy, text="hello", id="m1") == {"id": "m1", "duplicate": False}
    await heard(toy, 1)
    assert await say(toy, text="hello", id="m1") == {"id": "m1", "duplicate": True}
    await say(toy, text="bye", id="m2")
    assert len(await heard(toy, 2)) == 2


async def test_two_customers_may_use_the_same_id(toy: Running) -> None:
    await say(toy, text="hello", id="1")
    body = {"contact_id": "user_2", "text": "hello", "id": "1"}
    answer = await toy.http.post("/inbound", json=body)
    assert answer.json() == {"id": "1", "duplicate": False}
    (heard_by_the_other,) = (await toy.http.get("/messages", params={"contact_id": "user_2", "wait": WAIT_S})).json()
    assert heard_by_the_other["text"] == "Welcome to Toy & <Sons>"


async def test_a_message_without_id_gets_one_of_its_own(toy: Running) -> None:
    first, second = await say(toy, text="hello"), await say(toy, text="hello")
    assert first["id"] != second["id"]
    assert len(await heard(toy, 2)) == 2


@pytest.mark.parametrize(
    ("content", "content_type", "status", "error"),
    [
        pytest.param(b"{", "application/json", 400, "malformed_json", id="no JSON"),
        pytest.param(b'{"contact_id": "a"}', "application/json", 422, "invalid_request", id="nothing said"),
        pytest.param(b'{"contact_id":"a","text":"b"}', "text/plain", 415, "not_json", id="a form of a web page"),
        pytest.param(b'{"contact_id":"a","text":"b"}', "", 415, "not_json", id="no type at all"),
        pytest.param(b" " * (4 * 1024 * 1024 + 1), "application/json", 413, "body_too_large", id="too large"),
    ],
)
async def test_a_bad_post_is_refused_in_words_and_stores_nothing(
    toy: Running, content: bytes, content_type: str, status: int, error: str
) -> None:
    answer = await toy.http.post("/inbound", content=content, headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert await stored(toy) == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("after=x", "after"),
        ("after=-1", "after"),
        ("after=" + "9" * 17, "after"),
        ("wait=26", "wait"),
        ("wait=1.5", "wait"),
    ],
)  # fmt: skip - one case a line
async def test_a_bad_query_is_refused_in_words(toy: Running, query: str, field: str) -> None:
    answer = await toy.http.get(f"/messages?{query}")
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"Nothing was read: {field} must be ")
    assert [problem["field"] for problem in answer.json()["problems"]] == [field]


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/inbound"), ("GET", "/messages"), ("GET", "/chat"), ("GET", "/chat/chat.js")]
)
async def test_another_machine_is_refused_and_stores_nothing(tmp_path: Path, method: str, path: str) -> None:
    async with running(development_settings(tmp_path), client="192.168.1.7") as remote:
        body = {"contact_id": "a", "text": "b"} if method == "POST" else None
        answer = await remote.http.request(method, path, json=body)
        assert (answer.status_code, answer.json()["error"]) == (403, "loopback_only")
        counts = (await remote.http.get("/health")).json()["counts"]
        assert counts["inbox_open"] == 0


async def test_another_machine_may_when_the_operator_says_so(tmp_path: Path) -> None:
    async with running(development_settings(tmp_path, allow_remote=True), client="192.168.1.7") as remote:
        assert (await remote.http.get("/messages")).json() == []


async def test_a_rebound_name_is_refused(toy: Running) -> None:
    answer = await toy.http.get("/messages", headers={"Host": "evil.example"})
    assert answer.status_code == 403


async def test_a_waiting_reader_is_answered_when_the_runtime_stops(toy: Running) -> None:
    reading = asyncio.create_task(toy.http.get("/messages", params={"wait": "25"}))
    await asyncio.sleep(0.05)  # let it get as far as waiting
    toy.runtime.begin_stop()
    assert (await asyncio.wait_for(reading, 5)).json() == []


async def test_the_chat_page_holds_the_name_escaped_and_lets_nothing_else_in(toy: Running) -> None:
    page = await toy.http.get("/chat")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Toy &amp; &lt;Sons&gt;" in page.text
    assert "<Sons>" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "://" not in policy


async def test_everything_the_page_asks_for_is_served_from_here(toy: Running) -> None:
    page = (await toy.http.get("/chat")).text
    assert "http" not in page.replace("https://", "http").split("<body>")[0].replace("http-equiv", "")
    for name in ("chat.css", "chat.js", "bubbles.js", "sheet.js", "line.js", "texts.js", "transcript.js", "icon.svg"):
        asset = await toy.http.get(f"/chat/{name}")
        assert asset.status_code == 200, name
        assert asset.headers["x-content-type-options"] == "nosniff"
        assert " style=" not in asset.text
    assert " style=" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("name", ["chat.html", "nothing.js", "..%2frouter.py", "__init__.py"])
async def test_the_page_folder_serves_nothing_else(toy: Running, name: str) -> None:
    assert (await toy.http.get(f"/chat/{name}")).status_code == 404


async def test_each_message_can_be_shown_as_another_channel_is_sent_it(toy: Running) -> None:
    await say(toy, text="hello", id="m1")
    await heard(toy, 1)
    (shown,) = (await toy.http.get("/messages", params={"as": "telegram"})).json()
    assert shown["type"] == "buttons"
    assert shown["shown_as"] == {
        "channel": "telegram",
        "messages": [
            {
                "method": "sendMessage",
                "text": "Welcome to Toy & <Sons>",
                "reply_markup": {
                    "inline_keyboard": [
                        [{"text": "Pick", "callback_data": "pick~1"}],
                        [{"text": "Bye", "callback_data": "bye~1"}],
                    ]
                },
            }
        ],
        "changes": [],
    }
    (on_whatsapp,) = (await toy.http.get("/messages", params={"as": "whatsapp"})).json()
    assert on_whatsapp["shown_as"]["messages"][0]["interactive"]["type"] == "button"
    assert "shown_as" not in (await toy.http.get("/messages")).json()[0]


async def test_a_conversation_can_be_shaped_for_another_channel_from_its_first_message(toy: Running) -> None:
    for message_id, payload in (("m1", None), ("m2", "pick")):
        body = {"contact_id": "user_1", "id": message_id} | ({"payload": payload} if payload else {"text": "hello"})
        answer = await toy.http.post("/inbound", params={"as": "telegram"}, json=body)
        assert answer.status_code == 202
        messages = await heard(toy, int(message_id[1]))
    assert [message["type"] for message in messages] == ["buttons", "buttons"]  # Telegram has no lists


async def test_a_channel_that_nobody_knows_is_refused_and_nothing_is_stored(toy: Running) -> None:
    problem = {"field": "as", "message": "must be one of whatsapp, telegram, web_chat, http_dev"}
    for answer in (
        await toy.http.get("/messages", params={"as": "fax"}),
        await toy.http.post("/inbound", params={"as": "fax"}, json={"contact_id": "user_1", "text": "hello"}),
    ):
        assert (answer.status_code, answer.json()["problems"]) == (422, [problem])
    assert await stored(toy) == 0
