"""``Reasons``: why the bot went the way it did, in an author's words and the active language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from flow_engine.flow_map import transitions_of
from flow_engine.trace import OptionRecognised, OutputDegraded, StateEntered, TraceEntry, TransitionsTried, Verdict
from flow_engine.trace_answers import OldTap
from flow_engine.trace_detours import WishConfirmed
from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.reason_words import BECAUSE, FAILURES, OUTCOMES, SENTENCES, VERDICTS
from platform_admin.changes.step_title import step_title
from platform_admin.changes.step_titles import step_titles
from platform_admin.changes.titles import titles_of

_NAMED: Final[Mapping[str, Mapping[str, Promise]]] = {"failure": FAILURES, "outcome": OUTCOMES}
"""Fields of an entry whose words are the engine's own."""

_WORDS: Final = gettext_lazy("“%(words)s”")


class Reasons:
    """``flow`` is the normalised program that the traces belong to."""

    def __init__(self, flow: JSONObject) -> None:
        self._flow = flow

    def of(self, trace: Sequence[TraceEntry]) -> tuple[str, ...]:
        """A sentence for each entry that says something about why."""
        return tuple(filter(None, (self._of(entry) for entry in trace)))

    @cached_property
    def _steps(self) -> Mapping[str, str]:
        return step_titles(self._flow)

    @cached_property
    def _options(self) -> Mapping[str, str]:
        return titles_of(self._flow)

    def _of(self, entry: TraceEntry) -> str:
        match entry:
            case TransitionsTried():
                return self._tried(entry)
            case StateEntered(state=state, because=because):
                return _("“%(step)s” comes now: %(because)s.") % {
                    "step": self._step(state),
                    "because": BECAUSE[because],
                }
            case OptionRecognised(payload=payload):
                return _("What was written means %(choice)s.") % {"choice": self._option(payload)}
            case OldTap(payload=payload):
                return _("%(choice)s was tapped in an old message, so only what holds everywhere was tried.") % {
                    "choice": self._option(payload)
                }
            case OutputDegraded():
                return _("The message did not fit where it is read, and was put differently.")
            case WishConfirmed():
                return _("What the customer wants to hear unasked is noted.")
            case _:
                return self._simple(entry)

    def _simple(self, entry: TraceEntry) -> str:
        sentence = SENTENCES.get(type(entry))
        if sentence is None:
            return ""
        fields = {name: getattr(entry, name, "") for name in ("name", "tries", "flow", "task", "new", "skipped")}
        named = {
            name: words.get(str(getattr(entry, name)), getattr(entry, name))
            for name, words in _NAMED.items()
            if hasattr(entry, name)
        }
        state = getattr(entry, "state", None)
        step = self._step(state) if isinstance(state, str) else ""
        return str(sentence) % {**fields, **named, "step": step, "task": step_title(str(fields["task"]))}

    def _tried(self, entry: TransitionsTried) -> str:
        """What fitted, and what was looked at before it."""
        ways = transitions_of(self._flow, entry.state)
        matched = entry.verdicts[-1:] == (Verdict.MATCHED,)
        failed = [
            (self._way(ways[index]), verdict)
            for index, verdict in enumerate(entry.verdicts)
            if verdict is not Verdict.MATCHED and index < len(ways)
        ]
        looked = "; ".join(f"{way}: {VERDICTS[verdict]}" for way, verdict in failed)
        number = len(entry.verdicts) - 1
        if not matched or number >= len(ways):
            return _("Nothing here fits. Looked at: %(ways)s.") % {"ways": looked} if looked else ""
        target = self._step(str(ways[number].get("target")))
        sentence = _("%(way)s leads to “%(step)s”.") % {"way": self._way(ways[number]), "step": target}
        before = _("Looked at before: %(ways)s.") % {"ways": looked}
        return f"{sentence} {before}" if looked else sentence

    def _way(self, way: JSONObject) -> str:
        """What a way waits for."""
        payload, prefix = way.get("on_payload"), way.get("on_payload_prefix")
        if payload is not None:
            return self._option(str(payload))
        if prefix is not None:
            return _("A choice of the list")
        if way.get("on_text") is not None:
            return _("Certain words")
        if way.get("on_pattern") is not None:
            return _("A text of a certain form")
        if way.get("on_type") is not None:
            return _("A message of a certain kind")
        if way.get("on_referral"):
            return _("Coming from an advertisement")
        return _("A rule")

    def _option(self, payload: str) -> str:
        """By what its button reads; the inner name where no button of the text has it."""
        return str(_WORDS) % {"words": self._options.get(payload, payload)}

    def _step(self, name: str) -> str:
        return self._steps.get(name) or step_title(name)
