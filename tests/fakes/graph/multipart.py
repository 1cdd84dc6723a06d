"""A form with a file in it, read by the standard library's mail parser."""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP


def read_form(content_type: str, body: bytes) -> tuple[dict[str, str], tuple[bytes, str] | None]:
    """The plain fields, and the part ``file`` as content and type."""
    head = b"Content-Type: " + content_type.encode() + b"\r\n\r\n"
    parsed = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
    fields: dict[str, str] = {}
    file = None
    for part in parsed.iter_parts():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        name = str(part.get_param("name", header="content-disposition"))
        if name == "file":
            file = (content, part.get_content_type())
        else:
            fields[name] = content.decode()
    return fields, file
