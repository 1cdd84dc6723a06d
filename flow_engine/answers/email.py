"""E-mail addresses. The value is the address, its domain in lower case."""

from __future__ import annotations

import re
from typing import Final

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.result import NotUnderstood, Reason, Result, one_of
from flow_engine.vocabulary import JSON

MAX_ADDRESS_CHARS = 254
"""RFC 5321, section 4.5.3.1.3, less the angle brackets."""

MAX_LOCAL_CHARS = 64
"""RFC 5321, section 4.5.3.1.1."""

_ADDRESS: Final = re.compile(r"[\w.!#$%&*+/=?^{|}~'-]{1,64}@[^\W_][\w-]{0,62}(?:\.[^\W_][\w-]{0,62})+")


def parse_email(text: str, _context: AnswerContext) -> Result:
    """The one address in the text; two different ones are asked back."""
    found: list[JSON] = []
    for written in _ADDRESS.findall(text):
        local, _, domain = written.rpartition("@")
        local = local.removeprefix("mailto:")
        well_formed = not (local.startswith(".") or local.endswith(".") or ".." in local)
        if well_formed and len(written) <= MAX_ADDRESS_CHARS and not domain.rpartition(".")[2].isdecimal():
            found.append(f"{local}@{domain.rstrip('-').lower()}")
    return one_of(found) if found else NotUnderstood(Reason.UNKNOWN)
