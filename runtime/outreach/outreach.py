"""The three blocks together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from flow_engine.vocabulary import JSON
from runtime.outreach.approved_template import ApprovedTemplates
from runtime.outreach.opt_words import OptWords
from runtime.outreach.takeover import TakeoverRule


@dataclass(frozen=True, slots=True)
class Outreach:
    """``templates`` is ``None`` where nobody has looked which ones are approved: then none is doubted."""

    templates: ApprovedTemplates | None = None
    words: OptWords = field(default_factory=OptWords)
    takeover: TakeoverRule = field(default_factory=TakeoverRule)

    @classmethod
    def from_blocks(cls, blocks: Mapping[str, JSON]) -> Self:
        """``blocks`` are the optional ones of a bundle; what is missing keeps its default.

        Raises:
            ConfigurationError: a block has not the shape it must have.
        """
        return cls(
            templates=ApprovedTemplates.from_json(blocks.get("templates")),
            words=OptWords.from_json(blocks.get("opt_out")),
            takeover=TakeoverRule.from_json(blocks.get("handoff")),
        )
