"""What a template puts into a new business. Pure but for reading the files that ship."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Final

from flow_engine.language.yaml_reader import read_yaml
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.faq.preview import outline
from platform_admin.authoring.first_day.edition import Edition

_NOT_TAKEN: Final = frozenset({"name", "phone", "address", "latitude", "longitude", "menu_url"})
"""Facts of the example that would be false of anybody else."""

_SETTINGS_LINE: Final = re.compile(r"^settings: \{ (.*) \}$", re.MULTILINE)
_YEARLY: Final = re.compile(r"(\d{2})-(\d{2})")


def business_of(edition: Edition, *, name: str, today: date) -> JSONObject:
    """Hours, holidays and services to begin with, under the business's own name."""
    told = _defaults(edition).get("business")
    facts = told if isinstance(told, dict) else {}
    hours = facts.get("hours")
    week = {**hours} if isinstance(hours, dict) else {}
    yearly = week.pop("holidays", [])
    kept: JSONObject = {key: value for key, value in facts.items() if key not in _NOT_TAKEN and key != "hours"}
    services: list[JSON] = [dict(service) for service in edition.services]
    holidays: list[JSON] = [str(day) for day in _coming(yearly, today)]
    return {"name": name, **kept, "hours": week, "services": services, "holidays": holidays}


def cases_of(edition: Edition) -> dict[str, str]:
    """The conversation tests by name. Each brings the example's facts along: it says the same in any business."""
    folder = edition.folder / "cases"
    files = sorted({*folder.glob("*.yaml"), *folder.glob("*/*.yaml")})
    facts = _defaults(edition)
    return {
        (name := file.relative_to(folder).as_posix()): _with_settings(file.read_text(encoding="utf-8"), facts)
        if "/" not in name
        else file.read_text(encoding="utf-8")
        for file in files
    }


def faq_of(edition: Edition) -> str:
    """The example's text, with what is a fact taken from the business settings."""
    lines = _part((edition.folder / "knowledge.md").read_text(encoding="utf-8"), edition).splitlines()
    sections = outline("\n".join(lines))
    for index in reversed(range(len(sections))):
        section = sections[index]
        if section.title in edition.faq:
            end = sections[index + 1].line - 1 if index + 1 < len(sections) else len(lines)
            lines[section.line : end] = ["", edition.faq[section.title], ""]
    return "\n".join(lines).rstrip() + "\n"


def _part(markdown: str, edition: Edition) -> str:
    """Of a document that is there in several languages, what is in this one; any other whole."""
    if edition.part is None:
        return markdown
    heading, title = edition.part
    _before, _heading, own = markdown.partition(f"\n# {heading}\n")
    return f"# {title}\n{own}"


def flow_of(edition: Edition) -> str:
    return edition.flow.read_text(encoding="utf-8")


def _defaults(edition: Edition) -> JSONObject:
    value = read_yaml((edition.folder / "defaults.yaml").read_text(encoding="utf-8")).value
    return value if isinstance(value, dict) else {}


def _with_settings(case: str, facts: JSONObject) -> str:
    """The case's own settings stay, and win."""
    given = json.dumps(facts, ensure_ascii=False)
    if _SETTINGS_LINE.search(case):
        return _SETTINGS_LINE.sub(lambda match: f"settings: {given[:-1]}, {match[1]}}}", case)
    return f"{case.rstrip()}\nsettings: {given}\n"


def _coming(days: JSON, today: date) -> list[date]:
    """The next time of each day that comes every year."""
    found = []
    for item in days if isinstance(days, list) else []:
        match = _YEARLY.fullmatch(str(item))
        if match is not None:
            this_year = date(today.year, int(match[1]), int(match[2]))
            found.append(this_year if this_year >= today else this_year.replace(year=today.year + 1))
    return sorted(found)
