"""What a log line may not hold: addresses and numbers of people, and secrets; whoever wrote it, and in tracebacks too.

The shapes are looked for in the finished line, so that a library's message is masked like one of ours. Emails keep
their domain, numbers their last two digits: enough to bring two lines together, too little to reach anybody.
"""

from __future__ import annotations

import logging
import re
from typing import Final

HIDDEN: Final = "[hidden]"

_EMAIL: Final = re.compile(r"[\w.%+'-]{1,64}@(?=[\w-]{1,63}\.[\w.-]{2,})")
_NUMBER: Final = re.compile(r"(?<![\w.:/-])\+?\(?\d(?:[ ().-]{0,2}\d){8,14}(?![\w:-])")
"""Telephone numbers: nine to fifteen digits (E.164), grouped or not. Shorter runs are counts, ports and times."""

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECRETS: Final = re.compile(
    r"""(?ix)
      (?: bearer | basic ) \s+ [\w.~+/=-]{6,}          # an Authorization header's value
    | \b fdrt_ [\w-]{8,}                               # a runtime's token
    | \b gAAAA [\w=-]{20,}                             # a Fernet token
    | \b EAA [a-z0-9]{20,}                             # a Graph access token
    | \b sk- [\w-]{16,}                                # a key of an LLM provider
    | \b eyJ [\w-]{8,} \. [\w-]{8,} \. [\w-]*          # a JSON web token
    | -----BEGIN [^-]* PRIVATE [ ] KEY----- .*? (?: -----END [^-]*----- | \Z )
    | (?<= :// ) [^/\s@]+ (?= @ )                      # user and password in an address
    | (?<= [?&] hub\.verify_token= ) [^&\s]+
    """,
    re.DOTALL,
)


def masked(line: str) -> str:
    """``line`` without what it may not hold. Masking a masked line changes nothing."""
    line = _SECRETS.sub(HIDDEN, line)
    line = _EMAIL.sub("…@", line)
    return _NUMBER.sub(lambda found: found[0] if _DATE.match(found[0]) else f"…{found[0][-2:]}", line)


class MaskingFormatter(logging.Formatter):
    """The formatter of every handler."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
