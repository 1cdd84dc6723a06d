"""The FAQ document, heading by heading."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext_noop as _

from platform_admin.changes.change import Area, Change

_HEADING: Final = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t#]*$")
_FENCE: Final = re.compile(r"^(```|~~~)")


def knowledge_changes(old: str, new: str) -> tuple[Change, ...]:
    """Between two Markdown texts. A section is what stands below a heading, up to the next one."""
    before, after = _sections(old), _sections(new)
    changes = []
    for heading in dict.fromkeys((*before, *after)):
        was, now = before.get(heading), after.get(heading)
        if was == now:
            continue
        name = heading or "–"
        if was is None:
            changes.append(Change(Area.FAQ, _("New in the FAQ: {subject}."), name, None, now))
        elif now is None:
            changes.append(Change(Area.FAQ, _("No longer in the FAQ: {subject}."), name, was, None))
        else:
            changes.append(Change(Area.FAQ, _("The FAQ says something else under {subject}."), name, was, now))
    return tuple(changes)


def _sections(markdown: str) -> dict[str, str]:
    """Text by heading. Two headings of one name become one section."""
    found: dict[str, list[str]] = {}
    heading, fenced = "", False
    for line in markdown.splitlines():
        fenced ^= bool(_FENCE.match(line))
        match = None if fenced else _HEADING.match(line)
        if match is not None:
            heading = match[1]
            found.setdefault(heading, [])
        elif line.strip() or heading in found:
            found.setdefault(heading, []).append(line)
    return {name: "\n".join(lines).strip() for name, lines in found.items()}
