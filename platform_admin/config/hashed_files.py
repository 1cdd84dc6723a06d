"""Static files under names that say what is in them, so that browsers keep them for good."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # the package has no types for it
    """Compressed, with hashed names inside of style sheets and scripts, too: a module imports what it was made for."""

    support_js_module_import_aggregation = True
