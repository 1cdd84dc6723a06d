"""The words with which a customer ends messages that answer nothing, and the words that undo it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from flow_engine.answers.folding import fold
from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSON, MessageType
from runtime.errors import ConfigurationError
from runtime.wish import Wish

STOP: Final[Mapping[str, tuple[str, ...]]] = {
    "de": ("stopp", "abmelden", "keine werbung"),
    "en": ("stop", "unsubscribe", "opt out", "stop promotions"),
    "es": ("baja", "darme de baja", "no más mensajes", "detener promociones"),
    "fr": ("arrêt", "désabonner", "ne plus recevoir"),
    "pt": ("sair", "descadastrar", "parar promoções"),
}
"""By language. All count in every conversation: Meta's own button under a template speaks the customer's language."""

START: Final[Mapping[str, tuple[str, ...]]] = {
    "de": ("anmelden",),
    "en": ("start", "unstop", "subscribe"),
    "es": ("alta", "darme de alta"),
    "fr": ("reprendre",),
    "pt": ("voltar",),
}
"""They count only while a stop is in force; otherwise the flow gets them, where they may mean something else."""

_TYPED: Final = (MessageType.TEXT, MessageType.BUTTON, MessageType.LIST)  # no set: it would ask each for its hash


@dataclass(frozen=True, slots=True)
class OptWords:
    """Folded words. A message counts when it is the word and nothing else."""

    stop: frozenset[str] = frozenset(fold(word) for words in STOP.values() for word in words)
    start: frozenset[str] = frozenset(fold(word) for words in START.values() for word in words)

    @classmethod
    def from_json(cls, block: JSON) -> Self:
        """``{"words": {"es": […]}, "undo": {"es": […]}}``: a language that is given replaces ours of that language.

        Raises:
            ConfigurationError: it has not that shape.
        """
        fields = block if isinstance(block, dict) else {}
        if block is not None and not isinstance(block, dict):
            raise ConfigurationError(["opt_out: must be an object"])
        return cls(
            _folded(STOP, fields.get("words"), "opt_out.words"), _folded(START, fields.get("undo"), "opt_out.undo")
        )

    def wish_in(self, message: InternalMessage, *, is_out: bool) -> Wish | None:
        """What the message says about it; ``None`` for one that says something else."""
        means = self.meaning_of(message)
        return None if means is Wish.IN and not is_out else means

    def meaning_of(self, message: InternalMessage) -> Wish | None:
        """What the message says where a stop is in force; a word that undoes it says nothing elsewhere."""
        if message.type not in _TYPED:
            return None
        said = fold(message.text)
        shown = said if message.payload is None else fold(message.payload)
        if said in self.stop or shown in self.stop:
            return Wish.OUT
        return Wish.IN if said in self.start or shown in self.start else None


def _folded(ours: Mapping[str, Iterable[str]], given: JSON, place: str) -> frozenset[str]:
    by_language: dict[str, Iterable[str]] = dict(ours)
    if given is not None and not isinstance(given, dict):
        raise ConfigurationError([f"{place}: must be an object of lists by language"])
    for language, words in (given or {}).items():
        if not isinstance(words, list) or not all(isinstance(word, str) and fold(word) for word in words):
            raise ConfigurationError([f"{place}.{language}: must be a list of words"])
        by_language[language] = [str(word) for word in words]
    return frozenset(fold(word) for words in by_language.values() for word in words)
