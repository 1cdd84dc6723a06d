"""Too much from one contact, and two bots in a loop. Pure: (what is remembered, message, time) → verdict.

Whatever is refused is stored and stays visible as parked; it is only not answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from runtime.limits import InboundLimits
from runtime.ports.inbox_traffic import Alert, Traffic, Verdict

MICROS: Final = 1_000_000
MINUTE_US: Final = 60 * MICROS

MOST_SEEN: Final = 16
"""Different messages remembered of one contact. At the usual limits (60 a minute, 20 alike within 5 minutes) no more
than 15 can be repeated often enough to matter."""

TOO_MANY: Final = "the contact sent more messages in a minute than its limit"
PAUSED: Final = "the contact is paused: it sent the same message over and over"

_WORDS: Final = {
    "en": ("A conversation is paused", "{who} sent the same message {count} times within a short time on {channel}."),
    "es": (
        "Una conversación está en pausa",
        "{who} envió el mismo mensaje {count} veces en poco tiempo por {channel}.",
    ),
}
"""Language → subject and text."""


@dataclass(frozen=True, slots=True)
class InboundRules:
    """The judge of one contact's line (``runtime.ports.inbox_traffic.Judge``).

    ``alerts`` is false where the tenant has nobody to tell.
    """

    limits: InboundLimits
    channel_id: str
    contact_id: str
    language: str = "en"
    alerts: bool = False

    @property
    def judges(self) -> bool:
        """Whether any limit is on; without one nothing needs to be remembered."""
        return bool(self.limits.inbound_per_contact_per_minute or self.limits.loop_messages)

    def __call__(self, known: Traffic | None, fingerprint: int, at: int) -> Verdict:
        traffic = self._with_message(known, fingerprint, at)
        if at < traffic.paused_until:
            return Verdict(traffic, PAUSED)
        if self._is_loop(traffic, fingerprint):
            paused = replace(traffic, seen={}, paused_until=at + int(self.limits.loop_pause_s * MICROS))
            return Verdict(paused, PAUSED, loop_found=True, alert=self._alert() if self.alerts else None)
        if not self.limits.inbound_per_contact_per_minute:
            return Verdict(traffic)
        if traffic.allowance < 1:
            return Verdict(traffic, TOO_MANY)
        return Verdict(replace(traffic, allowance=traffic.allowance - 1))

    def _with_message(self, known: Traffic | None, fingerprint: int, at: int) -> Traffic:
        most = float(self.limits.inbound_per_contact_per_minute)
        if known is None:
            return Traffic(most, at, self._seen_with({}, fingerprint, at))
        # A clock that was set back must not take allowance away.
        gained = max(at - known.counted_at, 0) / MINUTE_US * most
        seen = self._seen_with(known.seen, fingerprint, at)
        return Traffic(min(known.allowance + gained, most), at, seen, known.paused_until)

    def _seen_with(
        self, seen: Mapping[int, tuple[int, ...]], fingerprint: int, at: int
    ) -> Mapping[int, tuple[int, ...]]:
        """What still matters, and this message as the last. Of each message no more moments than make a loop."""
        if not self.limits.loop_messages:
            return {}
        oldest = at - int(self.limits.loop_window_s * MICROS)
        kept = {said: times for said, times in seen.items() if times[-1] > oldest}
        same = tuple(moment for moment in kept.pop(fingerprint, ()) if moment > oldest)
        if len(kept) >= MOST_SEEN:  # of the least repeated the one that came longest ago: a loop's own stays
            del kept[min(kept, key=lambda said: (len(kept[said]), kept[said][-1]))]
        kept[fingerprint] = (*same, at)[-self.limits.loop_messages :]
        return kept

    def _is_loop(self, traffic: Traffic, fingerprint: int) -> bool:
        return 0 < self.limits.loop_messages <= len(traffic.seen[fingerprint])

    def _alert(self) -> Alert:
        subject, text = _WORDS.get(self.language.partition("-")[0].lower(), _WORDS["en"])
        words = text.format(who=self.contact_id, count=self.limits.loop_messages, channel=self.channel_id)
        return Alert(subject, words)
