"""Notices that are kept instead of sent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.errors import RejectedError
from connectors.notification import MockNotificationAdapter, Notification
from connectors.plain_json import JSON
from connectors.port import ConnectorCall


def a_call(**params: JSON) -> ConnectorCall:
    return ConnectorCall("notify", params, "conversation:1:0", "ana", datetime(2026, 11, 23, tzinfo=UTC), "UTC")


async def test_a_notice_is_kept_as_it_was_given() -> None:
    adapter = MockNotificationAdapter()
    assert await adapter.invoke(a_call(text="A customer waits.", subject="Hand-off")) == {"accepted": True}
    assert adapter.sent == [Notification("A customer waits.", "Hand-off", "", "conversation:1:0")]


async def test_the_same_key_again_sends_nothing() -> None:
    adapter = MockNotificationAdapter()
    for _ in range(2):
        await adapter.invoke(a_call(text="A customer waits."))
    assert len(adapter.sent) == 1


@pytest.mark.parametrize("params", [{}, {"text": ""}, {"text": 5}, {"text": "hi", "to": "ana"}], ids=str)
async def test_a_notice_that_makes_no_sense_is_rejected(params: dict[str, JSON]) -> None:
    adapter = MockNotificationAdapter()
    with pytest.raises(RejectedError):
        await adapter.invoke(a_call(**params))
    assert adapter.sent == []
