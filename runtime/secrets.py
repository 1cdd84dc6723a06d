"""A tenant's secrets: from Fernet tokens in a bundle to values in memory, put where they belong.

Nothing here is written to disk or logged; errors name fields, never values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flow_engine.bundle.secret_binding import bind, unbind
from flow_engine.vocabulary import JSON, JSONObject
from runtime.errors import ConfigurationError, SecretError

_ROOTS: Final = frozenset({"channels", "connectors"})
"""The only parts of a payload that secrets may be put into."""


@dataclass(frozen=True, slots=True)
class FernetKeys:
    """The tenant's own keys, newest first. Every one of them may open; the control plane encrypts with the newest."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def read(cls, text: str) -> FernetKeys:
        """The keys file: one key a line (commas do as well), blank lines and lines with ``#`` ignored.

        Raises:
            ConfigurationError: no key, or one that is none; says which line, not what stands there.
        """
        from cryptography.fernet import Fernet  # noqa: PLC0415 - loads OpenSSL, which a development start does without

        keys: list[bytes] = []
        problems: list[str] = []
        for number, line in enumerate(text.splitlines(), start=1):
            for word in line.partition("#")[0].replace(",", " ").split():
                try:
                    Fernet(word)
                except ValueError:
                    problems.append(f"TENANT_FERNET_KEYS_FILE: line {number} holds no Fernet key")
                else:
                    keys.append(word.encode("ascii"))
        if not keys and not problems:
            problems.append("TENANT_FERNET_KEYS_FILE: the file holds no key")
        if problems:
            raise ConfigurationError(problems)
        return cls(tuple(keys))


type SealedAgain = Mapping[str, Sequence[str]]
"""More tokens of the same secrets, by path, under other keys than those of their bundle."""


def open_secrets(
    tokens: Mapping[str, str], keys: FernetKeys, *, tenant: str, again: SealedAgain | None = None
) -> dict[str, str]:
    """Every secret in clear, by its dotted path into the payload. ``again`` counts where a token does not open.

    Raises:
        SecretError: a token that none of the keys opens, or that was made for another tenant or field.
        flow_engine.bundle.BundleError: the plaintext is not a bound value, or bound elsewhere.
    """
    if not tokens:
        return {}
    more = again or {}
    return {
        path: unbind(_decrypted((token, *more.get(path, ())), keys, path=path), tenant=tenant, field=path)
        for path, token in tokens.items()
    }


def seal_again(
    tokens: Mapping[str, str],
    keys: FernetKeys,
    newer: Mapping[str, str],
    *,
    tenant: str,
    again: SealedAgain | None = None,
) -> dict[str, list[str]] | None:
    """``tokens`` under the one of ``keys`` that ``newer``, a later bundle's, lie under; ``None`` where it opens them.

    Where ``newer`` are none they tell no key, so it is under each. Raises as ``open_secrets``.
    """
    if not tokens or len(keys.keys) == 1:
        return None
    under = [key for key in keys.keys if _opens(newer, key, tenant=tenant)]
    if all(_opens(tokens, key, tenant=tenant, again=again) for key in under):
        return None
    from cryptography.fernet import Fernet  # noqa: PLC0415 - see FernetKeys.read

    opened = open_secrets(tokens, keys, tenant=tenant, again=again)
    return {
        path: [Fernet(key).encrypt(bind(tenant=tenant, field=path, value=value)).decode("ascii") for key in under]
        for path, value in opened.items()
    }


def _opens(tokens: Mapping[str, str], key: bytes, *, tenant: str, again: SealedAgain | None = None) -> bool:
    try:
        open_secrets(tokens, FernetKeys((key,)), tenant=tenant, again=again)
    except SecretError:
        return False
    return True


def _decrypted(tokens: Sequence[str], keys: FernetKeys, *, path: str) -> bytes:
    """The first that opens."""
    from cryptography.fernet import Fernet, InvalidToken, MultiFernet  # noqa: PLC0415 - see FernetKeys.read

    fernet = MultiFernet([Fernet(key) for key in keys.keys])
    trouble: Exception | None = None
    for token in tokens:
        try:
            return fernet.decrypt(token)
        except (InvalidToken, ValueError) as error:
            trouble = error
    raise SecretError(f"The secret {path!r} opens with none of this tenant's keys.") from trouble


def with_secrets(
    channels: Sequence[JSONObject], connectors: Mapping[str, JSONObject], secrets: Mapping[str, str]
) -> tuple[tuple[JSONObject, ...], dict[str, JSONObject]]:
    """Fresh copies of both parts with every secret at its path.

    Raises:
        SecretError: a path that leads nowhere. A secret without a place is a mistake worth stopping for.
    """
    payload: JSONObject = {
        "channels": [_copy(channel) for channel in channels],
        "connectors": {category: _copy(block) for category, block in connectors.items()},
    }
    for path, value in secrets.items():
        _place(payload, path, value)
    placed_channels = payload["channels"]
    placed_connectors = payload["connectors"]
    if not isinstance(placed_channels, list) or not isinstance(placed_connectors, dict):
        raise SecretError("A secret would replace a whole part of the bundle.")
    return (
        tuple(item for item in placed_channels if isinstance(item, dict)),
        {category: block for category, block in placed_connectors.items() if isinstance(block, dict)},
    )


def _copy[T: JSON](value: T) -> T:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}  # type: ignore[return-value] # same shape, same type
    if isinstance(value, list):
        return [_copy(item) for item in value]  # type: ignore[return-value] # same shape, same type
    return value


def _place(payload: JSONObject, path: str, value: str) -> None:
    *parents, last = path.split(".")
    node: JSON = payload
    if len(parents) < 2 or parents[0] not in _ROOTS:  # noqa: PLR2004 - a part and an item of it, then the field
        raise SecretError(f"The secret {path!r} belongs to no channel and no connector.")
    for step in parents:
        node = _child(node, step, path)
    if not isinstance(node, dict):
        raise SecretError(f"The secret {path!r} leads nowhere.")
    node[last] = value


def _child(node: JSON, step: str, path: str) -> JSON:
    if isinstance(node, dict) and step in node:
        return node[step]
    if isinstance(node, list) and step.isascii() and step.isdigit() and int(step) < len(node):
        return node[int(step)]
    raise SecretError(f"The secret {path!r} leads nowhere.")
