"""Files that customers send: fetched when somebody wants them, checked, kept in the tenant's volume for a while."""

from runtime.media.folder import FOLDER_NAME, MediaFolder
from runtime.media.keeper import MediaKeeper

__all__ = ["FOLDER_NAME", "MediaFolder", "MediaKeeper"]
