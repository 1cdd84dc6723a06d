"""Who a message is from, what that customer wants to hear, and who of the business is talking to her."""

from runtime.contacts.desk import ContactDesk

__all__ = ["ContactDesk"]
