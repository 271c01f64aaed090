"""The local store: what its files look like, who shares them, and what happens when the disk fails."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from structlog.testing import capture_logs

from sitebookify.adapters import local_layout
from sitebookify.adapters.local_lock import NameLocks
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.errors import ObjectNotFound, PreconditionFailed, StoreError, TransientError

ADD = """
import sys
from pathlib import Path
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.errors import PreconditionFailed

store, times = LocalObjectStore(Path(sys.argv[1])), int(sys.argv[2])
while times:
    data, generation = store.get("n")
    try:
        store.put("n", str(int(data) + 1).encode(), if_generation=generation)
        times -= 1
    except PreconditionFailed:
        continue
"""

FILL_UP = """
import resource, signal, sys
from pathlib import Path
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.errors import TransientError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
store = LocalObjectStore(Path(sys.argv[1]))
try:
    store.write_stream("big", iter([b"x" * 300_000] * 5), content_type="text/plain")
except TransientError as error:
    print(type(error.__cause__).__name__, [info.name for info in store.list("")])
"""


@pytest.fixture
def store(tmp_path: Path) -> LocalObjectStore:
    return LocalObjectStore(tmp_path / "data")


def path_of(store: LocalObjectStore, name: str) -> Path:
    return Path(unquote(urlsplit(store.uri(name)).path))


def refuse(*_: object) -> None:
    raise OSError("no links here")


class TestFiles:
    def test_nothing_is_made_before_the_first_write(self, store: LocalObjectStore, tmp_path: Path) -> None:
        assert list(store.list("")) == []
        store.delete("a")
        with pytest.raises(ObjectNotFound):
            store.get("a")
        assert list(tmp_path.iterdir()) == []

    def test_a_zip_opens_as_a_zip(self, store: LocalObjectStore, tmp_path: Path) -> None:
        """The address that the API shows leads to a file that other programs can read."""
        with zipfile.ZipFile(tmp_path / "book.zip", "w") as archive:
            archive.writestr("book.md", "text " * 10_000)
        store.put("data/1/book.zip", (tmp_path / "book.zip").read_bytes())
        with zipfile.ZipFile(path_of(store, "data/1/book.zip")) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == ["book.md"]

    def test_the_bytes_come_first(self, store: LocalObjectStore) -> None:
        store.put("a", b"\x89PNG")
        assert path_of(store, "a").read_bytes().startswith(b"\x89PNG\n{")

    def test_the_api_serves_the_bytes_itself(self, store: LocalObjectStore) -> None:
        store.put("a", b"")
        assert store.download_url("a", file_name="a", expires_in=timedelta(hours=1)) is None

    def test_directories_go_with_their_last_object(self, store: LocalObjectStore, tmp_path: Path) -> None:
        store.put("data/1/blobs/a", b"")
        store.put("data/1/blobs/b", b"")
        store.delete("data/1/blobs/a")
        assert path_of(store, "data/1/blobs/b").exists()
        store.delete("data/1/blobs/b")
        assert list((tmp_path / "data" / "objects").iterdir()) == []

    def test_an_open_version_is_read_to_its_end(self, store: LocalObjectStore) -> None:
        """Also where it is replaced or deleted meanwhile."""
        store.put("a", b"1" * 1_000_000)
        with store.open_read("a") as stream:
            store.put("a", b"2")
            store.delete("a")
            assert stream.read() == b"1" * 1_000_000

    @pytest.mark.parametrize("linking", [True, False])
    def test_a_linked_object_is_each_stores_own(
        self, store: LocalObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, linking: bool
    ) -> None:
        """Also where the file system has no links, and where the other store had an object of that name."""
        if not linking:
            monkeypatch.setattr(os, "link", refuse)  # a file system without links, which no machine of ours has
        other = LocalObjectStore(tmp_path / "other")
        third = LocalObjectStore(tmp_path / "third")
        store.put("data/1/a", b"first", content_type="text/plain")
        other.put("data/1/a", b"earlier")
        other.link("data/1/a", third)
        store.link("data/1/a", other)
        store.put("data/1/a", b"second")
        store.delete("data/1/a")
        assert other.stat("data/1/a").content_type == "text/plain"
        with other.open_read("data/1/a") as ours, third.open_read("data/1/a") as theirs:
            assert (ours.read(), theirs.read()) == (b"first", b"earlier")

    def test_a_missing_object_cannot_be_linked(self, store: LocalObjectStore, tmp_path: Path) -> None:
        with pytest.raises(ObjectNotFound):
            store.link("data/1/a", LocalObjectStore(tmp_path / "other"))

    def test_a_reader_may_seek(self, store: LocalObjectStore) -> None:
        """As zip files want it; the line behind the bytes is never seen."""
        store.put("a", b"0123456789")
        with store.open_read("a") as stream:
            stream.seek(-3, os.SEEK_END)
            assert stream.read() == b"789"
            stream.seek(2)
            assert stream.read(3) == b"234"


class TestForeignFiles:
    @pytest.mark.parametrize(
        "content", [b"", b"hello", b"hello\n", b"\n{}\n", b"\n[]\n", b"\n\xff\n", b'\n{"name": "a", "size": 0}\n']
    )
    def test_a_file_of_somebody_else_is_told(self, store: LocalObjectStore, content: bytes) -> None:
        store.put("a", b"1")
        path_of(store, "a").write_bytes(content)
        with pytest.raises(StoreError, match="damaged, or no file of this store"):
            store.get("a")

    def test_a_file_that_was_cut_short_is_told(self, store: LocalObjectStore) -> None:
        """A machine that went down can leave a part of what was not synced; it is never taken for the whole."""
        store.put("a", bytes(100_000))
        whole = path_of(store, "a").read_bytes()
        for torn in (whole[:-1], whole[:50_000], whole[1:], whole[:50] + whole[60:], bytes(len(whole))):
            path_of(store, "a").write_bytes(torn)
            for read in (store.get, store.stat, store.open_read):
                with pytest.raises(StoreError):
                    read("a")

    def test_a_file_at_another_objects_place_is_told(self, store: LocalObjectStore) -> None:
        store.put("a", b"1")
        store.put("b", b"1")
        path_of(store, "a").replace(path_of(store, "b"))
        with pytest.raises(StoreError, match="not this object"):
            store.get("b")

    def test_a_listing_has_them_without_metadata_and_says_so(self, store: LocalObjectStore) -> None:
        for name in ("a", "b", "c"):
            store.put(name, b"1")
        path_of(store, "b").write_bytes(b"torn")
        with capture_logs() as logs:
            assert [(info.name, dict(info.metadata)) for info in store.list("")] == [("a", {}), ("b", {}), ("c", {})]
        assert [(record["event"], record["path"]) for record in logs] == [
            ("store.damaged_file", str(path_of(store, "b")))
        ]

    @pytest.mark.parametrize("name", [".DS_Store", "b c.txt", "é", "%41", "b%", "%2e"])
    def test_a_listing_passes_over_what_the_layout_never_makes(self, store: LocalObjectStore, name: str) -> None:
        store.put("a", b"1")
        (path_of(store, "a").parent / name).write_text("mine")
        (path_of(store, "a").parent / f"{name}.d").mkdir()
        with capture_logs() as logs:
            assert [info.name for info in store.list("")] == ["a"]
        assert logs == []

    def test_a_damaged_object_can_be_written_anew(self, store: LocalObjectStore) -> None:
        """Whatever it was, a whole version is better; but a swap needs to know what it replaces."""
        store.put("a", b"1")
        path_of(store, "a").write_bytes(b"torn")
        with pytest.raises(StoreError):
            store.put("a", b"2", if_generation=1)
        generation = store.put("a", b"3").generation
        assert store.get("a") == (b"3", generation)

    def test_a_damaged_object_can_be_deleted(self, store: LocalObjectStore) -> None:
        store.put("a", b"1")
        path_of(store, "a").write_bytes(b"torn")
        store.delete("a")
        with pytest.raises(ObjectNotFound):
            store.stat("a")


class TestLayout:
    def test_a_name_leads_nowhere_else(self, tmp_path: Path) -> None:
        """Dots and slashes of a name are never those of a path."""
        for name in ("../../etc/passwd", "/etc/passwd", "a/../../b", "..", "a/./b", "\\..\\b"):
            path = local_layout.path_of(tmp_path, name)
            assert path.is_relative_to(tmp_path)
            assert not {"..", "."} & set(path.relative_to(tmp_path).parts)

    def test_a_usual_name_stays_readable(self, tmp_path: Path) -> None:
        path = local_layout.path_of(tmp_path, "data/0f3a/12-ab/book.epub")
        assert path.relative_to(tmp_path) == Path("data+/0f3a+/12-ab+/book.epub")

    def test_a_listing_opens_no_directory_that_it_does_not_need(self, store: LocalObjectStore) -> None:
        """One job's objects are listed without a look at the other jobs'."""
        store.put("data/1/blobs/a", b"")
        store.put("data/2/blobs/a", b"")
        opened = _directories_opened(lambda: list(store.list("data/1/b")))
        assert [Path(path).name for path in opened] == ["1+", "blobs+"]

    def test_big_directories_are_listed_in_parts(
        self, store: LocalObjectStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The parts join to the same list, whatever their size."""
        names = sorted(["a/x", "a-", *(f"n{n}" for n in range(20)), *(f"n{n}/y" for n in range(20))])
        for name in names:
            store.put(name, b"")
        for batch in (1, 2, 7):
            monkeypatch.setattr(local_layout, "_BATCH", batch)
            assert [info.name for info in store.list("")] == names


class TestDrafts:
    def test_what_a_killed_writer_left_is_removed_after_an_hour(self, store: LocalObjectStore, tmp_path: Path) -> None:
        drafts = tmp_path / "data" / "tmp"
        drafts.mkdir(parents=True)
        for name, age in (("old", 3700), ("new", 3500)):
            (drafts / name).write_bytes(b"part")
            os.utime(drafts / name, (time.time() - age,) * 2)
        store.put("a", b"1")
        assert [path.name for path in drafts.iterdir()] == ["new"]

    def test_none_stays_behind_a_refused_or_broken_write(self, store: LocalObjectStore, tmp_path: Path) -> None:
        def broken() -> Iterator[bytes]:
            yield b"part"
            raise RuntimeError

        store.put("a", b"1")
        with pytest.raises(PreconditionFailed):
            store.put("a", b"2", if_generation=0)
        with pytest.raises(RuntimeError):
            store.write_stream("a", broken(), content_type="text/plain")
        assert list((tmp_path / "data" / "tmp").iterdir()) == []

    def test_a_data_directory_that_was_removed_is_made_again(self, store: LocalObjectStore, tmp_path: Path) -> None:
        store.put("a", b"1")
        subprocess.run(["rm", "-r", str(tmp_path / "data")], check=True)
        store.put("a", b"2", if_generation=0)
        assert [info.name for info in store.list("")] == ["a"]

    def test_all_first_writers_find_the_directories(self, tmp_path: Path) -> None:
        """Of several threads, none writes before another has made them all."""
        writers = 8
        for number in range(60):
            store = LocalObjectStore(tmp_path / str(number))
            start = threading.Barrier(writers)

            def write(n: int, store: LocalObjectStore = store, start: threading.Barrier = start) -> None:
                start.wait()
                store.put(f"a/{n}", b"")

            with ThreadPoolExecutor(writers) as pool:
                list(pool.map(write, range(writers)))

    def test_writers_and_deleters_of_a_directory_do_not_trip(self, store: LocalObjectStore) -> None:
        """A delete removes the directory it leaves empty while others are about to write into it."""

        def come_and_go(n: int) -> None:
            for _ in range(100):
                store.put(f"a/b/{n}", b"")
                store.delete(f"a/b/{n}")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(come_and_go, range(4)))
        assert list(store.list("")) == []


class TestProcesses:
    def test_no_increment_is_lost_between_processes(self, store: LocalObjectStore, tmp_path: Path) -> None:
        """Four processes add one, 50 times each, by read and swap."""
        store.put("n", b"0")
        command = [sys.executable, "-c", ADD, str(tmp_path / "data"), "50"]
        adders = [subprocess.Popen(command) for _ in range(4)]
        assert [adder.wait(60) for adder in adders] == [0] * 4
        found = store.get("n")
        assert found is not None
        assert found[0] == b"200"

    def test_a_full_disk_is_a_transient_error_that_leaves_nothing(self, tmp_path: Path) -> None:
        command = [sys.executable, "-c", FILL_UP, str(tmp_path / "data")]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert output == "OSError []\n"
        assert list((tmp_path / "data" / "tmp").iterdir()) == []

    def test_a_data_directory_that_is_none_is_a_transient_error(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("a file")
        store = LocalObjectStore(tmp_path / "data")
        with pytest.raises(TransientError) as raised:
            store.put("a", b"1")
        assert isinstance(raised.value.__cause__, OSError)


class TestLocks:
    def test_a_frozen_holder_does_not_freeze_the_others(self, tmp_path: Path) -> None:
        """They give up in time, and the delivery comes again."""
        locks = NameLocks(tmp_path, patience=0.05)
        with locks.held("a"), pytest.raises(TransientError, match="has been writing"), locks.held("a"):
            pytest.fail("two holders")

    def test_a_lock_let_go_is_taken(self, tmp_path: Path) -> None:
        locks = NameLocks(tmp_path)
        order = []

        def second() -> None:
            with locks.held("a"):
                order.append("second")

        thread = threading.Thread(target=second)
        with locks.held("a"):
            thread.start()
            order.append("first")
        thread.join(10)
        assert order == ["first", "second"]

    def test_a_forked_child_does_not_keep_it(self, tmp_path: Path) -> None:
        """A child forked in between has a copy of the descriptor, and may live long."""
        locks = NameLocks(tmp_path, patience=0.5)
        with locks.held("a"):
            copies = [os.dup(int(entry.name)) for entry in Path("/proc/self/fd").iterdir() if _leads(entry, tmp_path)]
        assert copies
        with locks.held("a"):
            pass
        for copy in copies:
            os.close(copy)

    def test_an_error_inside_lets_go(self, tmp_path: Path) -> None:
        locks = NameLocks(tmp_path, patience=0.05)
        with pytest.raises(RuntimeError), locks.held("a"):
            raise RuntimeError
        with locks.held("a"):
            pass


def _directories_opened(do: Callable[[], object]) -> list[str]:
    opened: list[str] = []
    listening = True

    def hook(event: str, args: tuple[object, ...]) -> None:
        if listening and event == "os.scandir":
            opened.append(str(args[0]))

    sys.addaudithook(hook)  # there is no way to take it off again
    do()
    listening = False
    return opened


def _leads(descriptor: Path, directory: Path) -> bool:
    try:
        return descriptor.readlink().is_relative_to(directory)
    except FileNotFoundError:
        return False


def test_nobody_else_can_look_into_the_store(tmp_path: Path) -> None:
    root = tmp_path / "new" / "data"
    store = LocalObjectStore(root)
    before = os.umask(0)
    try:
        store.put("data/one/file.txt", b"x", if_generation=0)
        store.write_stream("data/two", iter((b"y",)), content_type="text/plain")
    finally:
        os.umask(before)
    for path in (root.parent, root, *root.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_store_of_an_earlier_version_is_closed_to_others(tmp_path: Path) -> None:
    for name in ("objects", "tmp", "locks"):
        (tmp_path / name).mkdir(mode=0o755)
    LocalObjectStore(tmp_path).put("a", b"x")
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("objects", "tmp", "locks")} == {0o700}
