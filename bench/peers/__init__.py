"""Other engines at the same work: the shipped hairdresser flow, taken up from its stored JSON for every event.

A process that serves many conversations has none of them in memory, so each event begins with the snapshot's text
and ends with the new one's. ``conversation`` is what every peer does alike (reading the snapshot,
rendering the replies with the engine's own templates, writing both); what it is asked is which state follows. A peer
must say and do what the engine does, but shapes, stamps, bounds and traces nothing.
"""
