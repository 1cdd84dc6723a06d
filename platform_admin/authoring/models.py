"""The authoring app keeps nothing of its own: drafts and versions belong to ``flows`` and ``knowledge``."""
