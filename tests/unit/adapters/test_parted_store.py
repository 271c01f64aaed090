"""Some folders of a store are in another one."""

from __future__ import annotations

from sitebookify.adapters.parted_store import PartedObjectStore
from support.memory_store import MemoryObjectStore


def test_every_object_is_in_the_store_of_its_folder() -> None:
    own, other = MemoryObjectStore(), MemoryObjectStore()
    store = PartedObjectStore(own, other, folders=["answers/"])
    for name in ("answers/ab/one", "data/answers/two", "answers"):
        generation = store.put(name, name.encode(), if_generation=0, metadata={"of": name}).generation
        assert store.get(name) == (name.encode(), generation)
        assert store.stat(name).metadata == {"of": name}
        assert store.open_read(name, offset=1).read() == name.encode()[1:]
    store.write_stream("answers/three", iter([b"x"]), content_type="text/plain")
    assert [info.name for info in other.list("")] == ["answers/ab/one", "answers/three"]
    assert [info.name for info in own.list("")] == ["answers", "data/answers/two"]
    assert [info.name for info in store.list("answers/")] == ["answers/ab/one", "answers/three"]
    store.delete("answers/ab/one")
    store.delete("answers")
    assert [info.name for info in other.list("")] == ["answers/three"]
    assert [info.name for info in own.list("")] == ["data/answers/two"]
