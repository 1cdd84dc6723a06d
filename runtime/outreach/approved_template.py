"""The message templates of the tenant's WhatsApp account, as the control plane found them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from flow_engine.outputs.output import Template, TemplateButton
from flow_engine.vocabulary import JSON, JSONObject
from runtime.errors import ConfigurationError

APPROVED: Final = "APPROVED"

_FILES: Final = frozenset(("IMAGE", "VIDEO", "DOCUMENT"))
_NAMES: Final = {
    "QUICK_REPLY": "quick reply",
    "URL": "link",
    "COPY_CODE": "button that copies a code",
    "FLOW": "button that opens a form",
}


@dataclass(frozen=True, slots=True)
class ApprovedButton:
    """``kind`` is Meta's word. One that ``is_open`` is refused with nothing in it: a code, an address with a blank."""

    kind: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ApprovedTemplate:
    """One template in one language. ``status`` is Meta's word (``APPROVED``, ``PAUSED``, ``REJECTED``, …).

    ``parameters`` is how many blanks its body has, or their names. ``header`` is what stands in its head, in Meta's
    word (``TEXT``, ``IMAGE``, ``LOCATION``, …; empty for nothing). ``buttons`` are its buttons in their order. Each is
    ``None`` where nobody said.
    """

    name: str
    language: str
    status: str = APPROVED
    category: str = ""
    parameters: int | frozenset[str] | None = None
    header: str | None = None
    buttons: tuple[ApprovedButton, ...] | None = None

    def fault_of(self, template: Template) -> str | None:
        """Why this fill of it would be refused, in words for staff; ``None`` for a good one."""
        if self.status.upper() != APPROVED:
            return f"the template {self.name!r} is {self.status.lower().replace('_', ' ')}; see WhatsApp Manager"
        given = [parameter.name for parameter in template.parameters]
        if isinstance(self.parameters, int) and len(given) != self.parameters:
            return f"the template {self.name!r} has {self.parameters} blanks, and {len(given)} are filled"
        if isinstance(self.parameters, frozenset) and {name for name in given if name} != self.parameters:
            return f"the blanks of the template {self.name!r} are {', '.join(sorted(self.parameters))}"
        return self._fault_of_head(template) or self._fault_of_buttons(template.buttons)

    def _fault_of_head(self, template: Template) -> str | None:
        if self.header is None:
            return None
        if (self.header == "LOCATION") != (template.location is not None):
            has = "has a place on the map in its head" if self.header == "LOCATION" else "has no place in its head"
            return f"the template {self.name!r} {has}"
        if (self.header in _FILES) != (template.media is not None):
            has = "has a file in its head" if self.header in _FILES else "has no file in its head"
            return f"the template {self.name!r} {has}"
        return None

    def _fault_of_buttons(self, given: tuple[TemplateButton, ...]) -> str | None:
        """A button that is filled as another kind than it is, or one that must be filled and is not."""
        if self.buttons is None:
            return None
        kinds = [_kind_of(button) for button in given]
        for index, kind in enumerate(kinds):
            if kind and [button.kind for button in self.buttons[index : index + 1]] != [kind]:
                return f"button {index + 1} of the template {self.name!r} is no {_NAMES[kind]}"
        for index, button in enumerate(self.buttons):
            if button.is_open and kinds[index : index + 1] != [button.kind]:
                what = _NAMES.get(button.kind, button.kind)
                return f"button {index + 1} of the template {self.name!r} is a {what}, and nothing fills it"
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


def _kind_of(button: TemplateButton) -> str:
    """Meta's word for the kind that what fills it belongs to; empty for a button that is only shown."""
    if button.id is not None:
        return "QUICK_REPLY"
    if button.suffix is not None:
        return "URL"
    if button.code is not None:
        return "COPY_CODE"
    return "FLOW" if button.form is not None else ""


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
        _header(fields),
        _buttons(fields.get("buttons")),
    )


def _parameters(value: JSON) -> int | frozenset[str] | None:
    if isinstance(value, list):
        return frozenset(name for name in value if isinstance(name, str))
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _header(fields: JSONObject) -> str | None:
    """``None`` where the list says nothing of heads, as those of older control planes."""
    if "header" not in fields:
        return None
    header = fields["header"]
    kind = header.get("format") if isinstance(header, dict) else None
    return kind.upper() if isinstance(kind, str) else "" if header is None else None


def _buttons(value: JSON) -> tuple[ApprovedButton, ...] | None:
    return tuple(map(_button, value)) if isinstance(value, list) else None


def _button(item: JSON) -> ApprovedButton:
    """An address with a blank says so in ``parameters``."""
    fields = item if isinstance(item, dict) else {}
    name = fields.get("type")
    kind = name.upper() if isinstance(name, str) else ""
    return ApprovedButton(kind, kind == "COPY_CODE" or (kind == "URL" and bool(fields.get("parameters"))))
