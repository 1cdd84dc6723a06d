"""Which messages may have reached the Graph API twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.crash.counterparts import AcceptedSend
from tests.crash.reader import StateFile


@dataclass
class Kills:
    """What each kill caught in the middle: the only excuse for a repetition and for a parked message.

    ``worked_on`` counts kills by the id of the event. ``cut_off`` holds (life, our id) of what was marked as being sent
    when that life ended, and ``taken_at`` when that life had last marked it, in microseconds.
    """

    worked_on: Counter[str] = field(default_factory=Counter)
    cut_off: set[tuple[int, str]] = field(default_factory=set)
    taken_at: dict[tuple[int, str], int] = field(default_factory=dict)
    _last_taken: dict[str, int] = field(default_factory=dict)

    def note(self, file: StateFile, life: int) -> None:
        """Read the file as the end of ``life`` has left it."""
        self.worked_on.update(row.message_id for row in file.inbox if row.state == "claimed")
        self.cut_off.update((life, row.id) for row in file.outbox if row.state == "sending")
        for row in file.outbox:
            if row.taken_at is not None and self._last_taken.get(row.id) != row.taken_at:
                self._last_taken[row.id] = self.taken_at[life, row.id] = row.taken_at

    def cut_off_sends(self, our_id: str) -> int:
        """How many kills came while this message was marked as being sent."""
        return sum(each == our_id for _, each in self.cut_off)


def unexcused(sent: Sequence[AcceptedSend], kills: Kills, reported: Mapping[str, int]) -> Iterator[str]:
    """Every repetition that nothing excuses.

    One is excused by an accepted send whose answer a kill cut off, and each such send excuses one. Not even that one
    is when a delivery report had been stored before the message was taken up again: ``reported`` says when the first
    one was, by our id, in microseconds.
    """
    accepted: dict[str, list[int]] = defaultdict(list)
    for one in sent:
        accepted[one.our_id].append(one.during)
    for our_id, lives in accepted.items():
        for before, again in pairwise(sorted(lives)):
            if before == again:
                yield f"{our_id} was accepted twice in life {again}"
            elif (before, our_id) not in kills.cut_off:
                yield f"{our_id} was accepted again in life {again}; no kill had cut off the answer in life {before}"
            elif our_id in reported and reported[our_id] < kills.taken_at.get((again, our_id), 0):
                yield f"{our_id} was accepted again in life {again}, although a report of it had been stored"
