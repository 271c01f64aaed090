"""What every ``ObjectStore`` promises, on each of its backends."""

from __future__ import annotations

import itertools
import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitebookify.errors import ObjectNotFound, PreconditionFailed, StoreError
from sitebookify.ports import ObjectInfo, ObjectStore

NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30) | st.lists(
    st.sampled_from(["", ".", "..", "a", "A", "é", "%2F", "+", ",", "=", "x" * 90]), min_size=2, max_size=6
).map("/".join)
AWKWARD = ["a", "a/b", "a-b", "a-b/c", "a.b", "a0", "a/", "a//b", "/", "/a", "..x/.y", "../x", "a+/b", "a,", "%", "%2F"]


TESTBENCH = ("x_testbench_", "x_emulator_")
"""How metadata begin that googleapis/storage-testbench adds of its own; see `support.gcs`."""
NORMALIZED = re.compile(r"(^|/)\.{0,2}(/|$)")
"""What its web framework takes for another name."""


def own(info: ObjectInfo) -> dict[str, str]:
    """The metadata that were given."""
    return {name: value for name, value in info.metadata.items() if not name.startswith(TESTBENCH)}


def swap(store: ObjectStore, name: str, data: bytes, generation: int) -> int:
    """1 where the compare-and-swap won, 0 where it lost."""
    try:
        store.put(name, data, if_generation=generation)
    except PreconditionFailed:
        return 0
    return 1


def read(store: ObjectStore, name: str) -> tuple[bytes, int]:
    """What an unconditional get answers."""
    found = store.get(name)
    assert found is not None
    return found


class TestPutAndGet:
    def test_what_was_put_is_got(self, store: ObjectStore) -> None:
        """Every byte value comes back, with what the put said of it."""
        data = bytes(range(256)) * 20
        put = store.put("jobs/x.json", data, content_type="application/json", metadata={"state": "done"})
        assert store.get("jobs/x.json") == (data, put.generation)
        assert (put.name, put.size, put.content_type, own(put)) == (
            "jobs/x.json",
            len(data),
            "application/json",
            {"state": "done"},
        )

    def test_stat_says_the_same_without_the_bytes(self, store: ObjectStore) -> None:
        put = store.put("a", b"abc", metadata={"k": "v"})
        assert store.stat("a") == put

    def test_an_object_has_a_general_type_and_no_metadata_by_default(self, store: ObjectStore) -> None:
        info = store.put("a", b"abc")
        assert (info.content_type, own(info)) == ("application/octet-stream", {})

    def test_updated_is_the_time_of_the_write(self, store: ObjectStore) -> None:
        before = datetime.now(UTC) - timedelta(seconds=5)
        assert before < store.put("a", b"").updated < datetime.now(UTC) + timedelta(seconds=5)

    def test_an_empty_object_is_an_object(self, store: ObjectStore) -> None:
        store.put("a", b"")
        assert read(store, "a")[0] == b""
        assert store.stat("a").size == 0

    def test_metadata_may_be_any_text(self, store: ObjectStore) -> None:
        """A title in any script, with quotes and line ends, comes back as it was, also when listed."""
        metadata = {"source_url": 'https://example.org/ü"\\\n', "title": "日本語 \u2028 \U0001f600"}
        store.put("a", b"", metadata=metadata)
        assert own(store.stat("a")) == metadata
        assert [own(info) for info in store.list("")] == [metadata]

    def test_a_missing_object_is_not_found(self, store: ObjectStore) -> None:
        for read in (store.get, store.stat, store.open_read):
            with pytest.raises(ObjectNotFound):
                read("nobody")

    def test_names_that_cannot_be_are_not_found(self, store: ObjectStore) -> None:
        """A name out of a hostile request is one more name that is not there."""
        for name in ("", ".", "..", "a\nb", "\x00", "\ud800", "x" * 1025):
            with pytest.raises(ObjectNotFound):
                store.get(name)
            with pytest.raises(ObjectNotFound):
                store.open_read(name)
            store.delete(name)

    def test_names_that_cannot_be_are_not_written(self, store: ObjectStore) -> None:
        for name in ("", ".", "..", "a\nb", "\x00", "\ud800", "x" * 1025):
            with pytest.raises(StoreError):
                store.put(name, b"")
            with pytest.raises(StoreError):
                store.write_stream(name, iter([b""]), content_type="text/plain")

    def test_more_metadata_than_cloud_storage_takes_is_refused(self, store: ObjectStore) -> None:
        with pytest.raises(StoreError):
            store.put("a", b"", metadata={"k": "v" * 9000})


class TestConditionalGet:
    def test_an_unchanged_object_is_not_sent_again(self, store: ObjectStore) -> None:
        generation = store.put("a", b"1").generation
        assert store.get("a", unless_generation=generation) is None

    def test_a_changed_object_is(self, store: ObjectStore) -> None:
        generation = store.put("a", b"1").generation
        second = store.put("a", b"2")
        assert store.get("a", unless_generation=generation) == (b"2", second.generation)

    def test_a_deleted_object_is_not_found(self, store: ObjectStore) -> None:
        generation = store.put("a", b"1").generation
        store.delete("a")
        with pytest.raises(ObjectNotFound):
            store.get("a", unless_generation=generation)


class TestPreconditions:
    def test_zero_creates(self, store: ObjectStore) -> None:
        assert store.put("a", b"1", if_generation=0).generation > 0

    def test_zero_refuses_where_an_object_stands(self, store: ObjectStore) -> None:
        first = store.put("a", b"1")
        with pytest.raises(PreconditionFailed):
            store.put("a", b"2", if_generation=0)
        assert store.get("a") == (b"1", first.generation)

    def test_the_standing_generation_replaces(self, store: ObjectStore) -> None:
        first = store.put("a", b"1")
        second = store.put("a", b"2", if_generation=first.generation)
        assert store.get("a") == (b"2", second.generation)

    def test_a_stale_generation_is_refused(self, store: ObjectStore) -> None:
        stale = store.put("a", b"1").generation
        second = store.put("a", b"2")
        with pytest.raises(PreconditionFailed):
            store.put("a", b"3", if_generation=stale)
        assert store.get("a") == (b"2", second.generation)

    def test_a_generation_is_refused_where_nothing_stands(self, store: ObjectStore) -> None:
        generation = store.put("a", b"1").generation
        store.delete("a")
        with pytest.raises(PreconditionFailed):
            store.put("a", b"2", if_generation=generation)
        with pytest.raises(ObjectNotFound):
            store.stat("a")

    def test_none_replaces_whatever_stands(self, store: ObjectStore) -> None:
        store.put("a", b"1")
        second = store.put("a", b"2")
        assert store.get("a") == (b"2", second.generation)

    def test_no_generation_comes_twice(self, store: ObjectStore) -> None:
        """Also not after a delete, so that what was read before it can never be taken for what came after."""
        seen = []
        for _ in range(5):
            seen += [store.put("a", b"same").generation, store.put("a", b"same").generation]
            store.delete("a")
        assert len(set(seen)) == 10


class TestConcurrency:
    @pytest.mark.parametrize("content", ["{}", "the same"])
    def test_of_many_swaps_at_once_one_wins(self, store: ObjectStore, contenders: int, content: str) -> None:
        """Two rounds; the object is the winner's, and the others were told, whatever they wrote."""
        generation = 0
        with ThreadPoolExecutor(contenders) as pool:
            for _ in range(2):
                gate = threading.Barrier(contenders)

                def attempt(n: int, expected: int = generation, gate: threading.Barrier = gate) -> int:
                    gate.wait()
                    return swap(store, "jobs/x.json", content.format(n).encode(), expected)

                won = list(pool.map(attempt, range(contenders)))
                assert sum(won) == 1
                data, generation = read(store, "jobs/x.json")
                assert data == content.format(won.index(1)).encode()

    def test_no_increment_is_lost(self, store: ObjectStore) -> None:
        """Six threads add one, eight times each, by read and swap."""
        store.put("n", b"0")

        def add(times: int) -> None:
            while times:
                data, generation = read(store, "n")
                times -= swap(store, "n", str(int(data) + 1).encode(), generation)

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(add, [8] * 6))
        assert read(store, "n")[0] == b"48"

    def test_readers_see_whole_versions(self, store: ObjectStore) -> None:
        """While one thread writes letters in turn, a reader finds all bytes alike."""
        size = 300_000
        store.put("a", b"a" * size)
        stop = threading.Event()

        def write() -> None:
            for letter in itertools.cycle(b"abc"):
                if stop.is_set():
                    return
                store.put("a", bytes([letter]) * size)

        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write)
            try:
                for _ in range(30):
                    data, _ = read(store, "a")
                    assert len(set(data)) == 1
                    assert len(data) == size
            finally:
                stop.set()
            writing.result()


class TestOpenRead:
    def test_it_reads_from_the_offset_on(self, store: ObjectStore) -> None:
        data = bytes(range(256)) * 20_000
        store.put("a", data)
        for offset in (0, 1, len(data) - 1, len(data), len(data) + 5):
            with store.open_read("a", offset=offset) as stream:
                assert stream.read() == data[offset:]

    def test_it_reads_in_parts(self, store: ObjectStore) -> None:
        """Parts of any size follow each other; the end is an empty part."""
        data = bytes(range(256)) * 20_000
        store.put("a", data)
        with store.open_read("a", offset=3) as stream:
            parts = list(iter(lambda: stream.read(70_001), b""))
            assert stream.read(1) == b""
        assert b"".join(parts) == data[3:]
        assert {len(part) for part in parts[:-1]} == {70_001}

    def test_an_empty_object_is_an_empty_stream(self, store: ObjectStore) -> None:
        store.put("a", b"")
        with store.open_read("a") as stream:
            assert stream.read() == b""


class TestWriteStream:
    @pytest.mark.parametrize("chunks", [[], [b""], [b"abc"], [b"a", b"", b"bc"], [b"x" * 300_000] * 40])
    def test_the_object_is_the_chunks_joined(self, store: ObjectStore, chunks: list[bytes]) -> None:
        info = store.write_stream("a", iter(chunks), content_type="application/zip")
        assert store.get("a") == (b"".join(chunks), info.generation)
        assert (info.size, info.content_type) == (len(b"".join(chunks)), "application/zip")

    def test_nothing_is_visible_before_the_end(self, store: ObjectStore) -> None:
        def chunks() -> Iterator[bytes]:
            for _ in range(3):
                yield b"x" * 5_000_000
                with pytest.raises(ObjectNotFound):
                    store.stat("a")
                assert list(store.list("")) == []

        assert store.write_stream("a", chunks(), content_type="application/zip").size == 15_000_000

    @pytest.mark.parametrize("length", [10, 10_000_000])
    @pytest.mark.parametrize("error", [OSError("no more"), ValueError("bad"), StoreError("other"), RuntimeError()])
    def test_an_error_of_the_source_passes_and_leaves_no_object(
        self, store: ObjectStore, error: Exception, length: int
    ) -> None:
        def chunks() -> Iterator[bytes]:
            yield b"x" * length
            raise error

        with pytest.raises(type(error)) as raised:
            store.write_stream("a", chunks(), content_type="application/zip")
        assert raised.value is error
        with pytest.raises(ObjectNotFound):
            store.stat("a")

    def test_an_error_of_the_source_leaves_the_old_version(self, store: ObjectStore) -> None:
        first = store.put("a", b"old")

        def chunks() -> Iterator[bytes]:
            yield b"new"
            raise RuntimeError

        with pytest.raises(RuntimeError):
            store.write_stream("a", chunks(), content_type="application/zip")
        assert store.get("a") == (b"old", first.generation)


class TestList:
    def test_it_lists_by_prefix_in_order_of_name(self, store: ObjectStore) -> None:
        """The order is that of the names' characters, as if slashes meant nothing."""
        for name in reversed(AWKWARD):
            store.put(name, b"")
        for prefix in ["", *AWKWARD, "b", "a/x/", "zzz"]:
            listed = [info.name for info in store.list(prefix)]
            assert listed == sorted(name for name in AWKWARD if name.startswith(prefix)), prefix

    def test_it_goes_on_after_a_name(self, store: ObjectStore) -> None:
        """The name itself is not listed again, and need not be there."""
        for name in AWKWARD:
            store.put(name, b"")
        for last in [*AWKWARD, "a/a", "a\U0010ffff", "zzz"]:
            listed = [info.name for info in store.list("", start_after=last)]
            assert listed == sorted(name for name in AWKWARD if name > last), last

    def test_it_tells_what_stat_tells(self, store: ObjectStore) -> None:
        wanted = [store.put(f"jobs/{n}", b"x" * n, metadata={"n": str(n)}, content_type="text/plain") for n in range(5)]
        assert list(store.list("jobs/")) == wanted

    def test_it_is_consistent_with_finished_writes_and_deletes(self, store: ObjectStore) -> None:
        for n in range(20):
            store.put(f"a/{n}", b"")
            assert len(list(store.list("a/"))) == 1
            store.delete(f"a/{n}")
            assert list(store.list("a/")) == []

    def test_it_lists_more_than_a_page(self, store: ObjectStore, more_than_a_page: int) -> None:
        names = [f"jobs/{n:05}" for n in range(more_than_a_page)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda name: store.put(name, b""), names))
        assert [info.name for info in store.list("jobs/")] == names
        assert [info.name for info in store.list("jobs/", start_after="jobs/00001")] == names[2:]

    def test_objects_deleted_while_it_lists_do_no_harm(self, store: ObjectStore) -> None:
        for n in range(10):
            store.put(f"a/{n}", b"")
        for info in store.list("a/"):
            store.delete(info.name)
        assert list(store.list("a/")) == []


class TestDelete:
    def test_a_deleted_object_is_gone(self, store: ObjectStore) -> None:
        store.put("a/b", b"1")
        store.delete("a/b")
        with pytest.raises(ObjectNotFound):
            store.get("a/b")

    def test_others_stay(self, store: ObjectStore) -> None:
        store.put("a/b", b"1")
        store.put("a/c", b"1")
        store.delete("a/b")
        assert [info.name for info in store.list("")] == ["a/c"]

    def test_a_name_that_is_not_there_is_no_error(self, store: ObjectStore) -> None:
        """Whatever the precondition: the delete may be one's own, tried again after a lost answer."""
        store.delete("nobody")
        store.delete("nobody", if_generation=7)

    def test_the_standing_generation_is_deleted(self, store: ObjectStore) -> None:
        store.delete("a", if_generation=store.put("a", b"1").generation)
        with pytest.raises(ObjectNotFound):
            store.stat("a")

    def test_another_generation_is_not(self, store: ObjectStore) -> None:
        stale = store.put("a", b"1").generation
        second = store.put("a", b"2")
        with pytest.raises(PreconditionFailed):
            store.delete("a", if_generation=stale)
        assert store.stat("a") == second


class TestParts:
    @pytest.mark.parametrize(("offset", "length"), [(0, 3), (2, 2), (4, 9), (3, 0)])
    def test_a_part_is_read(self, store: ObjectStore, offset: int, length: int) -> None:
        store.put("a", b"abcdef")
        with store.open_read("a", offset=offset, length=length) as stream:
            assert stream.read() == b"abcdef"[offset : offset + length]

    def test_a_part_of_a_large_object_is_read(self, store: ObjectStore) -> None:
        data = bytes(range(256)) * 3000
        store.put("a", data)
        with store.open_read("a", offset=300_001, length=300_000) as stream:
            assert stream.read() == data[300_001:600_001]


class TestNow:
    def test_it_is_the_clock_by_which_objects_are_dated(self, store: ObjectStore) -> None:
        updated = store.put("a", b"1").updated
        assert abs(store.now() - updated) < timedelta(minutes=1)
        assert store.now().tzinfo is not None


class TestNames:
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(names=st.sets(NAMES, min_size=1, max_size=8))
    def test_any_names_stand_side_by_side(self, store: ObjectStore, names: set[str]) -> None:
        """No two names share a place, and none leads out of the store."""
        names -= {".", ".."}
        if "SITEBOOKIFY_TEST_GCS" in os.environ:
            names = {name for name in names if not NORMALIZED.search(name)}
        for name in names:
            store.put(name, name.encode())
        assert [info.name for info in store.list("")] == sorted(names)
        for name in names:
            assert store.get(name) == (name.encode(), store.stat(name).generation)
            store.delete(name)
        assert list(store.list("")) == []

    @pytest.mark.parametrize("char", ["a", "é", "語", "\U0001f600", "a/", "."])
    def test_the_longest_name_works(self, store: ObjectStore, char: str) -> None:
        """1,024 bytes, whether they are one part or hundreds."""
        name = "b" + char * (1023 // len(char.encode()))
        store.put(name, b"1")
        store.put(name[:-1] + "c", b"2")
        assert [info.name for info in store.list(name[:200])] == sorted([name, name[:-1] + "c"])
        assert store.get(name) == (b"1", store.stat(name).generation)

    def test_an_object_has_an_address(self, store: ObjectStore) -> None:
        store.put("jobs/x y.json", b"")
        assert "://" in store.uri("jobs/x y.json")
