"""``set_language``: speak another language with this contact."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, Text


class SetLanguage(ActionConstruct):
    """From here on texts are chosen in ``language``, a tag such as ``en`` or ``es-MX``; it may be a template.

    ```yaml
    - action: set_language
      language: en
    ```
    """

    action: Literal["set_language"]
    language: Text
