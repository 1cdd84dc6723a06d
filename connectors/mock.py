"""``MockConnector``: stands in for any category; scripted, and otherwise as its family would behave."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.binding import Binding
from connectors.calendar.mock_calendar.adapter import MockCalendarAdapter, read_block
from connectors.errors import ERROR_OF, ConnectorConfigError, FailureKind, RejectedError
from connectors.kernel.config_reader import ConfigReader
from connectors.notification.mock_notification.adapter import MockNotificationAdapter
from connectors.operation import Access, Operation
from connectors.plain_json import JSON
from connectors.port import ConnectorCall, ConnectorPort

CATEGORIES = None  # any
CONFIG = None  # its keys are those of the family it stands in for


class MockConnector(ConnectorPort):
    """Answers ``responses[operation]``, fails with ``failures[operation]``, else asks ``family``.

    ``calls`` lists what was asked, in order. A scripted operation counts as a write: the careful
    assumption about something unknown.
    """

    def __init__(
        self,
        category: str,
        *,
        responses: Mapping[str, JSON] | None = None,
        failures: Mapping[str, FailureKind] | None = None,
        family: ConnectorPort | None = None,
    ) -> None:
        self.category = category
        self.calls: list[ConnectorCall] = []
        self._responses = dict(responses or {})
        self._failures = dict(failures or {})
        self._family = family

    @property
    def operations(self) -> Mapping[str, Operation]:
        scripted = {name: Operation(name, Access.WRITES, "Scripted.") for name in (*self._responses, *self._failures)}
        return scripted | dict(self._family.operations if self._family else {})

    async def invoke(self, call: ConnectorCall) -> JSON:
        self.calls.append(call)
        kind = self._failures.get(call.operation)
        if kind is not None:
            raise ERROR_OF[kind](f"{call.operation} is set to fail with '{kind}'")
        if call.operation in self._responses:
            return self._responses[call.operation]
        if self._family is not None:
            return await self._family.invoke(call)
        self.operation(call.operation)  # raises, naming what there is
        raise RejectedError(f"{self.category} has no answer to '{call.operation}'")

    async def close(self) -> None:
        if self._family is not None:
            await self._family.close()


def build(binding: Binding) -> ConnectorPort:
    """``responses`` and ``failures`` per operation; for a calendar also the keys of ``mock_calendar``.

    An answer engine is scripted by question instead of operation, so ``llm`` is ``mock_llm``.
    """
    if binding.category == "llm":
        from connectors.llm.mock_llm import adapter as mock_llm  # noqa: PLC0415 - brings the verifier along, 2 MiB

        return mock_llm.build(binding)
    options = dict(binding.options)
    script: dict[str, JSON] = {key: options.pop(key) for key in ("responses", "failures") if key in options}
    reader = ConfigReader(script, binding.path)
    responses = reader.take_mapping("responses")
    failures: dict[str, FailureKind] = {}
    for operation, kind in reader.take_mapping("failures").items():
        if kind in tuple(FailureKind):
            failures[operation] = FailureKind(kind)
        else:
            reader.fault(f"failures.{operation}", f"must be one of {', '.join(FailureKind)}")
    problems = list(reader.problems)
    family: ConnectorPort | None = None
    try:
        family = _family(binding, options)
    except ConnectorConfigError as error:
        problems += error.problems
    if problems:
        raise ConnectorConfigError(problems)
    if isinstance(family, MockNotificationAdapter) and not script:
        return family
    return MockConnector(binding.category, responses=responses, failures=failures, family=family)


def _family(binding: Binding, options: Mapping[str, JSON]) -> ConnectorPort | None:
    """The connector that gives a category its ordinary behaviour, if we know the category."""
    if binding.category == "calendar":
        _, settings = read_block(options, binding.business, binding.path)
        return MockCalendarAdapter(settings, binding.state)
    reader = ConfigReader(options, binding.path)
    reader.finish()
    return MockNotificationAdapter() if binding.category == "notification" else None
