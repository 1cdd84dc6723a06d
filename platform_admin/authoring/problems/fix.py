"""``Fix``: something a problem offers to do about itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject

CHOSEN_STEP: Final = "$step"
"""Stands in the edits of a fix where the step goes that the author chooses."""


@dataclass(frozen=True, slots=True)
class Fix:
    """``label`` stands on the button; ``edits`` are those of ``editing``, in order.

    ``chooses``: a step is chosen first and put in the place of ``CHOSEN_STEP``. ``texts``: nothing is edited; the Texts
    view opens at the place of the problem.
    """

    label: str
    edits: tuple[JSONObject, ...] = ()
    chooses: bool = False
    texts: bool = False

    def as_json(self) -> JSONObject:
        edits: list[JSON] = [*self.edits]
        return {"label": self.label, "edits": edits, "chooses": self.chooses, "texts": self.texts}
