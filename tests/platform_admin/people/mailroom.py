"""The worker's part in these tests: what was put into the queue is written and sent, and its links are followed."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from platform_admin.jobs.models import Job
from platform_admin.people.letters import send_letter
from platform_admin.people.posting import JOB_KIND

PASSWORD = "a long enough password"


def deliver(*, now: datetime | None = None) -> list[EmailMessage]:
    """Send every letter that waits; the mails that left, in order."""
    before = len(mail.outbox)
    for job in Job.objects.filter(kind=JOB_KIND).order_by("pk"):
        send_letter(job.payload, now or timezone.now())
        job.delete()
    return list(mail.outbox[before:])


def path_in(text: object) -> str:
    """The path of the one link in a mail or in a command's output."""
    (found,) = re.findall(rf"{re.escape(settings.PUBLIC_URL)}(/\S+)", str(text))
    return str(found)


def path_of(message: EmailMessage) -> str:
    return path_in(message.body)
