"""``send_location``: show a place on the map."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, Degrees, LocalisedText


class SendLocation(ActionConstruct):
    """Sends a pin; ``latitude`` and ``longitude`` are degrees, or templates that become a number.

    Where the channel has no maps, the name, the address and a link to a map are sent as text.

    ```yaml
    - action: send_location
      latitude: 40.4168
      longitude: -3.7038
      name: "{{ business.name }}"
      address: "Puerta del Sol 1, Madrid"
    ```
    """

    action: Literal["send_location"]
    latitude: Degrees
    longitude: Degrees
    name: LocalisedText | None = None
    address: LocalisedText | None = None
