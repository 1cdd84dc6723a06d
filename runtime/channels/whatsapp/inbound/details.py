"""What a message tells beside what the flow hears: who exactly wrote, whose message it answers, what Meta complains of.

Kept apart from the message: it is not stored with every row, and no flow asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from flow_engine.vocabulary import JSON, JSONObject
from runtime.channels.reading import as_object, as_text, carried


def details_of(message: JSONObject, contacts: Sequence[JSON]) -> JSONObject:
    """Of these what is there: ``username``, ``parent_user_id``, ``replied_to_author``, ``forwarded_often``, ``errors``.

    And ``identity_key_hash``.
    """
    found: JSONObject = {}
    if "context" in message:
        context = as_object(message["context"])
        if author := as_text(context.get("from")):
            found["replied_to_author"] = author
        if context.get("frequently_forwarded") is True:
            found["forwarded_often"] = True
    if "errors" in message:
        found["errors"] = carried(message["errors"])
    parent = message.get("from_parent_user_id")
    if contacts and (card := contacts[0]).__class__ is dict:
        parent = parent or card.get("parent_user_id")
        profile = as_object(card.get("profile"))
        if "username" in profile and (username := as_text(profile["username"])):
            found["username"] = username
        if "identity_key_hash" in card and (key_hash := as_text(card["identity_key_hash"])):
            found["identity_key_hash"] = key_hash
    if parent:
        found["parent_user_id"] = as_text(parent)
    return found
