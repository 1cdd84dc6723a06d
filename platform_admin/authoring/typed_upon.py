"""The texts that people type upon: a draft as their page knows it, which a save may have replaced a moment ago.

What is typed while a save is on its way is an edit of the text before it. So the last texts are kept by their
revision, in this process; one that nobody kept is passed over, and the page asks again when its save is back.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from platform_admin.authoring.places import Visit
from platform_admin.flows.models import Flow, FlowDraft

KEPT: Final = 64
"""Texts of 256 kB at most; two for each of some thirty authors who type at the same moment."""


@dataclass(frozen=True, slots=True)
class TypedUpon:
    """A text, and the name by which faults refer to it."""

    text: str
    file: str


_kept: OrderedDict[tuple[int, int], str] = OrderedDict()
_lock = Lock()


def typed_upon(visit: Visit, revision: int) -> TypedUpon | None:
    """The tenant's draft as it was at ``revision``; ``None`` where that is neither kept nor the newest."""
    flows = Flow.objects.for_tenant(visit.tenant).order_by("pk")
    head = flows.values_list("pk", "name", "draft__revision").first()
    if head is None:
        return TypedUpon("", Flow().file_name) if revision == 0 else None
    pk, name, newest = head
    text = _kept.get((pk, revision))
    if text is None and revision == (newest or 0):
        draft = FlowDraft.objects.for_tenant(visit.tenant).filter(flow=pk, revision=revision).first()
        text = "" if draft is None else draft.text
        keep(pk, revision, text)
    return None if text is None else TypedUpon(text, Flow(name=name).file_name)


def keep(flow: int, revision: int, text: str) -> None:
    """What the draft of the flow with that key says at ``revision``."""
    with _lock:
        _kept[flow, revision] = text
        _kept.move_to_end((flow, revision))
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
