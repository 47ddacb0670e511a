"""Files: inputs that may be read, and what jobs produced, each where the storage keeps it."""

from secretary.files.bucket_storage import BucketStorage
from secretary.files.cache import CachedResult, ResultCache
from secretary.files.downloads import Download, DownloadCache
from secretary.files.folder_storage import FolderStorage
from secretary.files.incoming import IncomingFile, sweep_incoming
from secretary.files.inputs import resolve_input
from secretary.files.kept_texts import KeptTexts
from secretary.files.produced import ProducedFile, ProducedFolder, Published, WorkingFolder
from secretary.files.shelf import Shelf
from secretary.files.storage import Storage, StoredFile

__all__ = [
    "BucketStorage",
    "CachedResult",
    "Download",
    "DownloadCache",
    "FolderStorage",
    "IncomingFile",
    "KeptTexts",
    "ProducedFile",
    "ProducedFolder",
    "Published",
    "ResultCache",
    "Shelf",
    "Storage",
    "StoredFile",
    "WorkingFolder",
    "resolve_input",
    "sweep_incoming",
]
