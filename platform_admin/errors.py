"""Everything the control plane's verbs refuse with. The admin, the API and the commands translate; they add nothing.

::

    ControlPlaneError
    ├── NotAllowedError     the person's role in this tenant does not reach that far
    │   └── SecondPersonNeededError   ... alone: somebody else has to agree
    ├── HasFaultsError      what was handed in has faults; carries all of them, nothing was stored
    ├── NotThereError       the thing asked for does not exist (or is another tenant's: the same answer)
    ├── AlreadyThereError   it exists already and would have to be overwritten
    ├── ConflictError       somebody else changed it meanwhile
    │   └── EditConflictError   ... a draft; says who and when, and has their text
    ├── LimitReachedError   a bound of the platform is reached; says which
    ├── TooManyAttemptsError   a password, a code or a link was tried too often; says until when the door is closed
    ├── LinkNotGoodError    a link from a mail is unknown, used, withdrawn or past its time: one answer for all
    ├── ImmutableError      a version, a release or an audit entry was about to be changed
    ├── UnscopedQueryError  a query on tenants' data that names no tenant (a mistake in the program)
    └── KeyMaterialError    a key file or a stored secret cannot be read with the keys at hand
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from flow_engine.diagnostics import Diagnostic
from flow_engine.vocabulary import JSON


class ControlPlaneError(Exception):
    """Base of the tree; never raised itself. The message is for people, in the language of the moment it is raised."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowedError(ControlPlaneError):
    pass


class SecondPersonNeededError(NotAllowedError):
    pass


class HasFaultsError(ControlPlaneError):
    """``faults`` holds every diagnostic at once, errors and warnings, in the order of the text."""

    def __init__(self, faults: Sequence[Diagnostic]) -> None:
        said = ngettext(
            "Nothing was published: %(count)d fault to mend first.",
            "Nothing was published: %(count)d faults to mend first.",
            len(faults),
        )
        super().__init__(said % {"count": len(faults)})
        self.faults = tuple(faults)


class NotThereError(ControlPlaneError):
    pass


class AlreadyThereError(ControlPlaneError):
    pass


class ConflictError(ControlPlaneError):
    pass


class EditConflictError(ConflictError):
    """``theirs`` is what the other person saved (``revision``); the writer still has the text that was not.

    ``who`` is empty where it cannot be known.
    """

    def __init__(self, *, who: str, at: datetime, theirs: JSON, revision: int) -> None:
        words = (
            _("%(who)s saved this at %(time)s while you were writing.")
            if who
            else _("Somebody saved this while you were writing.")
        )
        super().__init__(words % {"who": who, "time": f"{at:%H:%M}"})
        self.who = who
        self.at = at
        self.theirs = theirs
        self.revision = revision


class LimitReachedError(ControlPlaneError):
    pass


class TooManyAttemptsError(ControlPlaneError):
    """``until`` is when the next attempt is looked at; until then none is, right or wrong."""

    def __init__(self, *, until: datetime) -> None:
        super().__init__(_("Too many attempts. Try again after %(time)s UTC.") % {"time": f"{until:%H:%M}"})
        self.until = until


class LinkNotGoodError(ControlPlaneError):
    pass


class ImmutableError(ControlPlaneError):
    pass


class UnscopedQueryError(ControlPlaneError):
    pass


class KeyMaterialError(ControlPlaneError):
    pass
