"""The message templates of the tenant's WhatsApp account, as the control plane found them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from flow_engine.outputs.output import Template
from flow_engine.vocabulary import JSON
from runtime.errors import ConfigurationError

APPROVED: Final = "APPROVED"


@dataclass(frozen=True, slots=True)
class ApprovedTemplate:
    """One template in one language. ``status`` is Meta's word (``APPROVED``, ``PAUSED``, ``REJECTED``, …).

    ``parameters`` is how many blanks its body has, or their names; ``None`` where nobody said.
    """

    name: str
    language: str
    status: str = APPROVED
    category: str = ""
    parameters: int | frozenset[str] | None = None

    def fault_of(self, template: Template) -> str | None:
        """Why this fill of it would be refused, in words for staff; ``None`` for a good one."""
        if self.status.upper() != APPROVED:
            return f"the template {self.name!r} is {self.status.lower().replace('_', ' ')}; see WhatsApp Manager"
        given = [parameter.name for parameter in template.parameters]
        if isinstance(self.parameters, int) and len(given) != self.parameters:
            return f"the template {self.name!r} has {self.parameters} blanks, and {len(given)} are filled"
        if isinstance(self.parameters, frozenset) and {name for name in given if name} != self.parameters:
            return f"the blanks of the template {self.name!r} are {', '.join(sorted(self.parameters))}"
        return None


@dataclass(frozen=True, slots=True)
class ApprovedTemplates:
    """All of them, by name and language."""

    by_name: Mapping[str, Mapping[str, ApprovedTemplate]]

    @classmethod
    def from_json(cls, block: JSON) -> Self | None:
        """``[{"name", "language", "category", "status", "parameters", …}]``; further keys are not for us.

        Raises:
            ConfigurationError: it is no such list.
        """
        if block is None:
            return None
        if not isinstance(block, list):
            raise ConfigurationError(["templates: must be a list"])
        found: dict[str, dict[str, ApprovedTemplate]] = {}
        for index, item in enumerate(block):
            template = _read(item, index)
            found.setdefault(template.name, {})[template.language] = template
        return cls(found)

    def find(self, name: str, language: str) -> ApprovedTemplate | None:
        """The one in this language, else in a variant of it (``es`` for ``es_MX``, ``en_US`` for ``en``)."""
        languages = self.by_name.get(name, {})
        if language in languages:
            return languages[language]
        base = _base(language)
        alike = sorted(known for known in languages if _base(known) == base)
        approved = [known for known in alike if languages[known].status.upper() == APPROVED]
        return languages[(approved or alike)[0]] if alike else None


def _base(language: str) -> str:
    return language.partition("_")[0].lower()


def _read(item: JSON, index: int) -> ApprovedTemplate:
    fields = item if isinstance(item, dict) else {}
    name, language = fields.get("name"), fields.get("language")
    if not isinstance(name, str) or not isinstance(language, str):
        raise ConfigurationError([f"templates.{index}: name and language must be texts"])
    status, category = fields.get("status"), fields.get("category")
    return ApprovedTemplate(
        name,
        language,
        status if isinstance(status, str) else APPROVED,
        category if isinstance(category, str) else "",
        _parameters(fields.get("parameters")),
    )


def _parameters(value: JSON) -> int | frozenset[str] | None:
    if isinstance(value, list):
        return frozenset(name for name in value if isinstance(name, str))
    return value if isinstance(value, int) and not isinstance(value, bool) else None
