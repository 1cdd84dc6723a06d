"""``ContactLines``: one line per contact, served in turn by a bounded number of workers.

A contact is served by one worker at a time, so its order holds; after each item it goes to the back,
so a noisy contact delays nobody. Nothing runs and no timer ticks while all lines are empty.

While deliveries crowd in, lines make room for them: what runs goes on, and something new begins now and then.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from runtime.arrivals import Arrivals
from runtime.ports.inbox_store import ContactKey

AFTER_DEFECT_S = 1.0
"""Pause of a line whose service raised: a defect of ours must not become a busy loop."""

type Serve = Callable[[ContactKey], Awaitable[float | None]]
"""Serve one item. ``None``: the line is empty. Otherwise look again after so many seconds (0: at once)."""

log = logging.getLogger(__name__)


class ContactLines:
    """Feeds ``serve`` with contacts that have something waiting."""

    def __init__(self, name: str, serve: Serve, *, width: int, arrivals: Arrivals | None = None) -> None:
        """Without ``arrivals`` these lines make room for nothing."""
        self._name = name
        self._serve = serve
        self._width = width
        self._arrivals = arrivals or Arrivals()
        self._arrivals.go_before(self)
        self._one_more = False
        self._ready: deque[ContactKey] = deque()
        self._queued: set[ContactKey] = set()
        self._serving: set[ContactKey] = set()
        self._woken_meanwhile: set[ContactKey] = set()
        self._behind: dict[ContactKey, set[ContactKey]] = {}
        self._timers: dict[ContactKey, asyncio.TimerHandle] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._open = False
        self._held = False

    def start(self, contacts: Iterable[ContactKey]) -> None:
        """Begin with those that wait already, in this order."""
        self._open = True
        self.wake(contacts)

    def wake(self, contacts: Iterable[ContactKey]) -> None:
        """Tell that these have something new. Before ``start`` and after ``stop`` the rows wait in the store."""
        if not self._open or self._held:
            return
        for contact in contacts:
            if contact in self._serving:
                self._woken_meanwhile.add(contact)
            else:
                self._enqueue(contact)

    def hold(self) -> None:
        """Begin nothing new until ``release``; what runs finishes. The rows wait in the store."""
        self._held = True
        self._forget_waiting()

    def release(self, contacts: Iterable[ContactKey]) -> None:
        """Go on, with those that wait meanwhile."""
        self._held = False
        self.wake(contacts)

    def take_over(self, previous: ContactKey, current: ContactKey) -> None:
        """What waited for ``previous`` waits for ``current`` now, behind what is being served at this moment."""
        # Either may wait already, and both may be served themselves: nobody knew that they are one.
        ahead = {previous, *self._behind.get(previous, ()), *self._behind.get(current, ())} & self._serving - {current}
        if ahead:
            self._behind[current] = ahead
        self.wake((current,))

    async def stop(self, deadline_s: float) -> bool:
        """Begin nothing new; let what runs finish within ``deadline_s``, then cancel it. Whether all finished."""
        self._open = False
        self._forget_waiting()
        if not self._workers:
            return True
        _, late = await asyncio.wait(self._workers, timeout=deadline_s)
        for worker in late:
            worker.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return not late

    def _forget_waiting(self) -> None:
        self._ready.clear()
        self._queued.clear()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _enqueue(self, contact: ContactKey) -> None:
        timer = self._timers.pop(contact, None)
        if timer is not None:
            timer.cancel()
        if contact in self._queued:
            return
        self._queued.add(contact)
        self._ready.append(contact)
        if not self._arrivals.crowded or self._one_more:
            self._hire()

    def begin_one(self) -> None:
        """Serve one contact although there is a crowd, now or when there is one to serve."""
        self._one_more = True
        if self._ready:
            self._hire()

    def begin_all(self) -> None:
        """The crowd is over: serve all who wait."""
        for _ in range(min(len(self._ready), self._width - len(self._workers))):
            self._hire()

    def _hire(self) -> None:
        if len(self._workers) < self._width:
            worker = asyncio.get_running_loop().create_task(self._work(), name=f"{self._name}-worker")
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    def _may_begin(self) -> bool:
        if not self._arrivals.crowded:
            return True
        may, self._one_more = self._one_more, False
        return may

    async def _work(self) -> None:
        while self._ready and self._may_begin():
            contact = self._ready.popleft()
            self._queued.discard(contact)
            if contact in self._behind:
                continue  # woken when those are through
            self._serving.add(contact)
            try:
                again_after_s = await self._serve(contact)
            except Exception:
                log.exception("%s: serving a contact failed", self._name)
                again_after_s = AFTER_DEFECT_S
            finally:
                self._serving.discard(contact)
            self._put_back(contact, again_after_s)
            self._let_follow(contact)
        # At once: until the callback of a task that has ended runs, its place would count as taken.
        worker = asyncio.current_task()
        if worker is not None:
            self._workers.discard(worker)

    def _let_follow(self, served: ContactKey) -> None:
        """Those who took over from a contact that has been served come next, once nobody else is ahead of them."""
        for ahead in self._behind.values():
            ahead.discard(served)
        followers = [contact for contact, ahead in self._behind.items() if not ahead]
        for contact in followers:
            del self._behind[contact]
        self.wake(followers)

    def _put_back(self, contact: ContactKey, again_after_s: float | None) -> None:
        woken = contact in self._woken_meanwhile
        self._woken_meanwhile.discard(contact)
        if not self._open or self._held:
            return
        if woken or again_after_s == 0:
            self._enqueue(contact)
        elif again_after_s is not None:
            loop = asyncio.get_running_loop()
            self._timers[contact] = loop.call_later(again_after_s, self._enqueue, contact)
