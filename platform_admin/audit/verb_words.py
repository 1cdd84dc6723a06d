"""The verbs of the audit trail for whoever reads it. What is kept, exported and hashed is the English verb."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, gettext_noop

VERBS: Final = frozenset(
    {
        gettext_noop("accepted invitation"),
        gettext_noop("activated signing key"),
        gettext_noop("asked for another address"),
        gettext_noop("asked for backup"),
        gettext_noop("asked for breaker"),
        gettext_noop("asked for cancel_task"),
        gettext_noop("asked for discard_staged"),
        gettext_noop("asked for drop_dead_letter"),
        gettext_noop("asked for erase_contact"),
        gettext_noop("asked for export_contact"),
        gettext_noop("asked for pause_contact"),
        gettext_noop("asked for replay"),
        gettext_noop("asked for resend_dead_letter"),
        gettext_noop("asked for resume_contact"),
        gettext_noop("asked for run_task"),
        gettext_noop("asked for staff_reply"),
        gettext_noop("asked to delete tenant"),
        gettext_noop("asked to erase again"),
        gettext_noop("began upgrade"),
        gettext_noop("changed address"),
        gettext_noop("changed name"),
        gettext_noop("changed password"),
        gettext_noop("changed tenant"),
        gettext_noop("changed user"),
        gettext_noop("checked WhatsApp number"),
        gettext_noop("created flow"),
        gettext_noop("created operator"),
        gettext_noop("created tenant"),
        gettext_noop("created tenant key"),
        gettext_noop("deleted tenant"),
        gettext_noop("deployed"),
        gettext_noop("discarded staged"),
        gettext_noop("downloaded export"),
        gettext_noop("erased contact"),
        gettext_noop("exported audit trail"),
        gettext_noop("exported tenant"),
        gettext_noop("forgot personal parts"),
        gettext_noop("imported tenant"),
        gettext_noop("invited"),
        gettext_noop("issued runtime token"),
        gettext_noop("kept business version"),
        gettext_noop("kept flow version"),
        gettext_noop("kept knowledge version"),
        gettext_noop("let the phone ask for real"),
        gettext_noop("let the phone pretend again"),
        gettext_noop("made a link to set the account up"),
        gettext_noop("made new recovery codes"),
        gettext_noop("prepared signing key"),
        gettext_noop("probed connector"),
        gettext_noop("promoted"),
        gettext_noop("proposed release"),
        gettext_noop("published"),
        gettext_noop("put tenant key to use"),
        gettext_noop("removed"),
        gettext_noop("removed conversation test"),
        gettext_noop("removed credential"),
        gettext_noop("removed evaluation question"),
        gettext_noop("removed role"),
        gettext_noop("removed second factor"),
        gettext_noop("renewed password"),
        gettext_noop("required second factor"),
        gettext_noop("restored copy"),
        gettext_noop("resumed tenant"),
        gettext_noop("resumed upgrade"),
        gettext_noop("retired signing key"),
        gettext_noop("retired tenant keys"),
        gettext_noop("revoked runtime token"),
        gettext_noop("rolled back"),
        gettext_noop("rotated platform keys"),
        gettext_noop("saved business settings"),
        gettext_noop("saved conversation test"),
        gettext_noop("saved evaluation question"),
        gettext_noop("saved flow draft"),
        gettext_noop("saved knowledge draft"),
        gettext_noop("saved retention"),
        gettext_noop("saved settings"),
        gettext_noop("set a password by link"),
        gettext_noop("set credential"),
        gettext_noop("set expiry"),
        gettext_noop("set role"),
        gettext_noop("set up WhatsApp"),
        gettext_noop("set up second factor"),
        gettext_noop("settled questions"),
        gettext_noop("shared draft"),
        gettext_noop("signed in"),
        gettext_noop("signed out everywhere"),
        gettext_noop("staged"),
        gettext_noop("suspended"),
        gettext_noop("suspended tenant"),
        gettext_noop("took back shared draft"),
        gettext_noop("used a recovery code"),
        gettext_noop("was refused: too many attempts"),
        gettext_noop("withdrew invitation"),
        gettext_noop("withdrew release"),
    }
)
"""All that are written. ``asked for`` is followed by a kind of ``CommandKind``."""


def verb_in_words(verb: str) -> str:
    """In the language that is active; one that another version wrote stays as it is."""
    return gettext(verb) if verb in VERBS else verb


def verbs_that_say(part: str) -> list[str]:
    """Those whose words in the active language have this in them, whatever its capitals."""
    return sorted(verb for verb in VERBS if part.casefold() in verb_in_words(verb).casefold())
