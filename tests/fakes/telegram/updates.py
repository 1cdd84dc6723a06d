"""Updates in the form Telegram delivers them, built from a few words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.memory import Message

type Object = dict[str, Any]

SENT_AT = 1767225600


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with a private chat; its id is the customer's own."""

    id: int = 700100200
    first_name: str = "Lucía"
    last_name: str = "Gómez"

    @property
    def user(self) -> Object:
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, "last_name": self.last_name}

    @property
    def chat(self) -> Object:
        return {"id": self.id, "type": "private", "first_name": self.first_name}


def message(customer: Customer, number: int, content: Object) -> Object:
    return {"message_id": number, "from": customer.user, "chat": customer.chat, "date": SENT_AT, **content}


def written(update_id: int, customer: Customer, number: int, content: Object) -> Object:
    return {"update_id": update_id, "message": message(customer, number, content)}


def tapped(update_id: int, customer: Customer, shown: Message, data: str, query_id: str) -> Object:
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    carrying = {"message_id": shown.number, "from": bot, "chat": customer.chat, "date": SENT_AT, **shown.parameters}
    query = {"id": query_id, "from": customer.user, "chat_instance": "1", "message": carrying, "data": data}
    return {"update_id": update_id, "callback_query": query}


def blocked(update_id: int, customer: Customer, status: str = "kicked") -> Object:
    member = {"user": {"id": 1, "is_bot": True, "first_name": "Bot"}, "status": status}
    change = {"chat": customer.chat, "from": customer.user, "date": SENT_AT, "new_chat_member": member}
    return {"update_id": update_id, "my_chat_member": change}
