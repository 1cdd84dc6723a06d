"""A channel from both ends: a whole runtime behind it, its provider as a server, and customers who write and tap."""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from flow_engine.vocabulary import JSONObject
from runtime.app import Runtime, open_runtime
from runtime.settings import DevelopmentFile, Settings
from tests.fakes.loopback import LoopbackServer
from tests.runtime.running import TOY_FLOW

PATIENCE_S = 15.0
"""Far above what an answer takes; a test that needs it fails."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One message of the bot as the customer has it before her: words, and what she can tap."""

    text: str
    titles: tuple[str, ...] = ()


class Customer(ABC):
    """One person at the other end. Methods answer with the status that the provider's side was given."""

    @abstractmethod
    async def write(self, text: str) -> int: ...

    @abstractmethod
    async def tap(self, title: str) -> int:
        """The newest thing of that title."""

    @abstractmethod
    async def repeat(self) -> int:
        """Whatever was delivered last, once more, as providers do."""

    @abstractmethod
    async def seen(self) -> list[Seen]:
        """Everything that arrived, oldest first."""

    async def sees(self, count: int) -> list[Seen]:
        """The same, once there are ``count`` messages."""
        async with asyncio.timeout(PATIENCE_S):
            while len(found := await self.seen()) < count:
                await asyncio.sleep(0.01)
        return found


@dataclass(slots=True)
class Line(ABC):
    """One channel of one tenant. ``block`` is its configuration; ``forged`` and ``garbled`` are statuses."""

    folder: Path
    runtime: Runtime | None = None
    url: str = ""
    _customers: dict[str, Customer] = field(default_factory=dict)

    block: JSONObject = field(init=False)
    channel_id: str = field(init=False)
    profile: str = field(init=False)

    @abstractmethod
    def meet(self, name: str) -> Customer:
        """A new customer."""

    @abstractmethod
    async def forge(self, text: str) -> int:
        """Deliver a message without the right to."""

    @abstractmethod
    async def garble(self) -> int:
        """Deliver something with every right to, which says nothing."""

    def settings(self, plain: Settings) -> Settings:
        """What the runtime has to be told to reach the provider."""
        return plain

    def customer(self, name: str) -> Customer:
        if name not in self._customers:
            self._customers[name] = self.meet(name)
        return self._customers[name]

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """The runtime is up. It can be opened again: the state is kept."""
        (self.folder / "toy_flow.yaml").write_text(TOY_FLOW, encoding="utf-8")
        tenant = {"tenant_id": "toy", "flow_path": "toy_flow.yaml", "channel": self.block, "business": {"name": "Toy"}}
        file = self.folder / "tenant.yaml"
        file.write_text(yaml.safe_dump(tenant), encoding="utf-8")
        plain = Settings(source=DevelopmentFile(file), state_dir=self.folder / "state", port=0)
        async with (
            open_runtime(self.settings(plain), build="test") as self.runtime,
            LoopbackServer(self.runtime.asgi) as server,
        ):
            self.url = server.url
            try:
                yield
            finally:
                self.runtime.begin_stop()

    async def quiet(self) -> None:
        """Nothing is under way inside."""
        assert self.runtime is not None
        async with asyncio.timeout(PATIENCE_S):
            while True:
                counts = await self.runtime.core.store.counts()
                if not counts.inbox_open and not counts.outbox_open:
                    return
                await asyncio.sleep(0.01)

    async def stored(self) -> tuple[int, int]:
        """Messages in and out that the store has ever seen, by what is left of them."""
        assert self.runtime is not None
        counts = await self.runtime.core.store.counts()
        said = await self.runtime.core.outgoing.list(self.channel_id)
        return counts.inbox_open + counts.raw_kept, len(said)


def reaching(plain: Settings, **bases: str) -> Settings:
    return replace(plain, **bases)  # type: ignore[arg-type]  # names of the settings' own texts
