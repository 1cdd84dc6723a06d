"""The runtime: one family of figures per module, their servers in ``servers``, all of them listed in ``figures``."""
