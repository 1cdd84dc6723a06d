"""Work for later, and who may do it. Rows of the platform, not of a tenant."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One piece of work. ``kind`` and ``key`` name it: putting the same in twice makes one."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    told = models.CharField("what came of it", max_length=500, blank=True)

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_job_per_key")]
        indexes = [models.Index(fields=["state", "due_at"], name="job_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class WorkerLease(models.Model):
    """Which worker leads. There is one row; who holds it past ``until`` has lost it."""

    name = models.CharField(max_length=20, unique=True)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
