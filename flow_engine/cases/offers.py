"""What the customer can tap: every choice the bot has put on the screen, newest last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.output import Buttons, Option, Output
from flow_engine.outputs.stamp import split_stamp
from flow_engine.vocabulary import MessageType


@dataclass(frozen=True, slots=True)
class Offer:
    """One option on the screen, with its id as it was sent; ``type`` is what tapping it sends."""

    option: Option
    type: MessageType


class Offers:
    """Choices by the turn they came with. What came by itself (a reminder) leaves the open question on offer."""

    def __init__(self) -> None:
        self._turns: list[tuple[tuple[Offer, ...], bool]] = []

    def add(self, outputs: Sequence[Output], *, asked: bool) -> None:
        """The bot sent this; ``asked`` says that it answered the customer."""
        offers = tuple(
            Offer(option, MessageType.BUTTON if isinstance(output, Buttons) else MessageType.LIST)
            for output in outputs
            for option in options_of(output)
        )
        if offers:
            self._turns.append((offers, asked))

    @property
    def present(self) -> tuple[Offer, ...]:
        """What is on offer now, newest first."""
        return self._flat(self._turns[self._first_present() :])

    def find(self, wanted: str, *, old: bool = False) -> Offer | None:
        """The newest offer with this title or id; with ``old`` only among messages that were left behind."""
        offers = self._flat(self._turns[: self._first_present()]) if old else self.present
        titled = (offer for offer in offers if offer.option.title == wanted)
        named = (offer for offer in offers if wanted in (offer.option.id, split_stamp(offer.option.id)[0]))
        return next(titled, None) or next(named, None)

    def _first_present(self) -> int:
        for index in range(len(self._turns) - 1, -1, -1):
            if self._turns[index][1]:
                return index
        return 0

    def _flat(self, turns: Sequence[tuple[tuple[Offer, ...], bool]]) -> tuple[Offer, ...]:
        return tuple(offer for offers, _ in reversed(turns) for offer in offers)
