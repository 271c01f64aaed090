"""The reader's search index of a book, member by member; see `sitebookify.book.search.search_index`."""

from __future__ import annotations

import gzip
import re
import zipfile
from collections import OrderedDict
from threading import Lock

from sitebookify.adapters.range_reader import RangeReader
from sitebookify.book.search.search_index import index_name
from sitebookify.errors import ObjectNotFound
from sitebookify.jobs import Artifact
from sitebookify.ports import ObjectStore
from sitebookify_api.web.book import not_found

MEMBER = re.compile(r"(?:texts|shards|\d{1,4})\.json")
_OPEN = 8
_BUFFER = 64 * 1024
_LARGEST = 32 * 1024 * 1024
_LEVEL = 4


class IndexFiles:
    """Opens indexes and keeps the last few open: what is kept is a table of members, not their content."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._archives: OrderedDict[str, zipfile.ZipFile] = OrderedDict()
        self._lock = Lock()

    def exists(self, epub: Artifact) -> bool:
        """True where the book has an index; blocks."""
        try:
            self._store.stat(index_name(epub.object_name))
        except ObjectNotFound:
            return False
        return True

    def read(self, epub: Artifact, member: str, *, packed: bool) -> bytes:
        """A member, as gzip if it is to be ``packed``; blocks, so call it in a thread.

        Raises:
            Refused: 404, the book has no index, as books that older versions made, or no such member.
        """
        name = index_name(epub.object_name)
        with self._lock:
            archive = self._archives.get(name)
            if archive:
                self._archives.move_to_end(name)
        if archive is None:
            archive = self._open(name)
        try:
            info = archive.getinfo(member)
            if info.file_size > _LARGEST:
                raise not_found()
            data = archive.read(info)
        except (KeyError, zipfile.BadZipFile, ObjectNotFound) as error:
            raise not_found() from error
        return gzip.compress(data, _LEVEL, mtime=0) if packed else data

    def _open(self, name: str) -> zipfile.ZipFile:
        def fetch(start: int, length: int) -> bytes:
            with self._store.open_read(name, offset=start) as source:
                return source.read(length)

        try:
            size = self._store.stat(name).size
            archive = zipfile.ZipFile(RangeReader(size, fetch).buffered(_BUFFER))
        except (zipfile.BadZipFile, ObjectNotFound) as error:
            raise not_found() from error
        with self._lock:
            self._archives[name] = archive
            if len(self._archives) > _OPEN:
                self._archives.popitem(last=False)
        return archive
