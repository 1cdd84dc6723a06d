"""One customer's side of the conversation: post a signed body, wait for what the Graph API was given."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from flow_engine.outputs.stamp import split_stamp
from tests.e2e import meta_bodies
from tests.e2e.child import PATIENCE_S
from tests.e2e.meta_bodies import Sender
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.webhook_sender import WebhookSender

_POLL_S = 0.02


@dataclass
class Conversation:
    """``seen`` counts the sends already looked at; every call returns exactly the one that is new.

    Ids are told and tapped as the flow writes them; ``offered`` keeps each as it was sent, with its stamp.
    """

    sender: Sender
    webhook: WebhookSender
    graph: FakeGraphServer
    started: int = field(default_factory=lambda: int(time.time()))
    posted: int = 0
    seen: int = 0
    offered: dict[str, str] = field(default_factory=dict)

    async def say(self, words: str) -> dict[str, Any]:
        return await self._reply_to(lambda message_id, at: meta_bodies.text(self.sender, message_id, at, words))

    async def tap_button(self, payload: str, title: str) -> dict[str, Any]:
        return await self._reply_to(
            lambda message_id, at: meta_bodies.tap(
                self.sender, message_id, at, "button_reply", self.offered[payload], title
            )
        )

    async def tap_row(self, payload: str, title: str) -> dict[str, Any]:
        return await self._reply_to(
            lambda message_id, at: meta_bodies.tap(
                self.sender, message_id, at, "list_reply", self.offered[payload], title
            )
        )

    async def _tap(self, kind: str, payload: str, title: str) -> dict[str, Any]:
        sent = self.offered[payload]
        return await self._reply_to(
            lambda message_id, at: meta_bodies.tap(self.sender, message_id, at, kind, sent, title)
        )

    async def _reply_to(self, body: Any) -> dict[str, Any]:
        """Post twice, as Meta does now and then, and expect one reply."""
        self.posted += 1
        signed = body(f"wamid.e2e.{self.posted}", self.started + self.posted)
        for _ in range(2):
            answer = await self.webhook.post(signed)
            assert answer.status_code == 200
        return await self.hear()

    async def hear(self) -> dict[str, Any]:
        """The next message to the customer."""
        deadline = time.monotonic() + PATIENCE_S
        while len(self.graph.sent) <= self.seen and time.monotonic() < deadline:
            await asyncio.sleep(_POLL_S)
        new = self.graph.sent[self.seen :]
        assert len(new) == 1, [sent.body for sent in new]
        self.seen += 1
        assert (new[0].to, new[0].phone_number_id) == (self.sender.phone, self.sender.phone_number_id)
        sent = content(new[0].body)
        self.offered |= take_stamps_off(sent)
        return sent


def content(body: dict[str, Any]) -> dict[str, Any]:
    """A send without its address and without our id, which the test looks at apart."""
    apart = {"messaging_product", "recipient_type", "to", "biz_opaque_callback_data"}
    assert apart <= body.keys()
    return {key: value for key, value in body.items() if key not in apart}


def take_stamps_off(sent: dict[str, Any]) -> dict[str, str]:
    """Leave the ids of ``sent`` as the flow writes them; returns each with the stamp that it must carry."""
    action = sent.get("interactive", {}).get("action", {})
    options = [button["reply"] for button in action.get("buttons", [])]
    options += [row for section in action.get("sections", []) for row in section["rows"]]
    offered = {}
    for option in options:
        stamped = option["id"]
        option["id"], stamp = split_stamp(stamped)
        assert stamp, stamped
        offered[option["id"]] = stamped
    return offered


def buttons(body: str, *options: tuple[str, str]) -> dict[str, Any]:
    """What a send of reply buttons looks like on the wire."""
    replies = [{"type": "reply", "reply": {"id": id_, "title": title}} for id_, title in options]
    return {
        "type": "interactive",
        "interactive": {"type": "button", "body": {"text": body}, "action": {"buttons": replies}},
    }


def option_list(body: str, button: str, rows: list[dict[str, str]]) -> dict[str, Any]:
    """What a send of a list looks like on the wire."""
    return {
        "type": "interactive",
        "interactive": {
            "type": "list",
            "body": {"text": body},
            "action": {"button": button, "sections": [{"rows": rows}]},
        },
    }


def rows_of(sent: dict[str, Any]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = sent["interactive"]["action"]["sections"][0]["rows"]
    return rows
