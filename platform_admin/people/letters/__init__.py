"""The mails of this app: what each says, and how the worker sends one."""

from platform_admin.people.letters.sending import send_letter

__all__ = ["send_letter"]
