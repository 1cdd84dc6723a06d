"""Telegram between a strict Bot API and its updates."""

from __future__ import annotations

from pathlib import Path

from runtime.settings import Settings
from tests.fakes.telegram import FakeTelegramServer, updates
from tests.fakes.telegram.updates import Customer as Person
from tests.runtime.channels.contract.line import Customer, Line, Seen, reaching
from tests.runtime.channels.telegram.conftest import SECRET, TOKEN

PEOPLE = {"ana": Person(700100200, "Ana", "Sanz"), "bruno": Person(700300400, "Bruno", "Gil")}


class TelegramCustomer(Customer):
    def __init__(self, telegram: FakeTelegramServer, person: Person) -> None:
        self._telegram = telegram
        self._person = person

    async def write(self, text: str) -> int:
        return (await self._telegram.write(self._person, text)).status_code

    async def tap(self, title: str) -> int:
        return (await self._telegram.tap(self._person, title)).status_code

    async def repeat(self) -> int:
        assert self._telegram.last is not None
        return (await self._telegram.deliver(self._telegram.last)).status_code

    async def seen(self) -> list[Seen]:
        """What the messages said when they came: a keyboard that was used shows less by now."""
        return [
            Seen(parameters["text"], tuple(_titles(parameters)))
            for method, parameters in self._telegram.app.memory.calls
            if method == "sendMessage" and int(parameters["chat_id"]) == self._person.id
        ]


class TelegramLine(Line):
    def __init__(self, folder: Path, telegram: FakeTelegramServer) -> None:
        super().__init__(folder)
        self.telegram = telegram
        self.block = {"type": "telegram", "bot_id": "123456789", "bot_token": TOKEN, "webhook_secret": SECRET}
        self.channel_id, self.profile = "telegram:123456789", "telegram"

    def settings(self, plain: Settings) -> Settings:
        return reaching(plain, telegram_base_url=self.telegram.url)

    def meet(self, name: str) -> Customer:
        self.listen()
        return TelegramCustomer(self.telegram, PEOPLE[name])

    def listen(self) -> None:
        self.telegram.listen(f"{self.url}/telegram/123456789", SECRET)

    async def forge(self, text: str) -> int:
        self.listen()
        update = updates.written(1, PEOPLE["ana"], 1, {"text": text})
        return (await self.telegram.deliver(update, secret="another-secret-of-16")).status_code

    async def garble(self) -> int:
        self.listen()
        return (await self.telegram.deliver(b"{broken")).status_code


def _titles(parameters: dict[str, object]) -> list[str]:
    match parameters.get("reply_markup"):
        case {"inline_keyboard": list(rows)}:
            return [button["text"] for row in rows for button in row]
        case _:
            return []
