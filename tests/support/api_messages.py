"""The messages of service.proto, compiled, in the pool where Google's JSON parser looks for them."""

from __future__ import annotations

import functools
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import google.rpc  # type: ignore[import-untyped]  # it has no types
import grpc_tools  # type: ignore[import-untyped]  # it has no types
from google.protobuf import (  # type: ignore[import-untyped]  # it has no types
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,  # noqa: F401 - importing registers it
    message_factory,
    timestamp_pb2,  # noqa: F401 - likewise
)
from google.rpc import error_details_pb2, status_pb2  # noqa: F401 - importing registers what details are made of
from grpc_tools import protoc


@functools.cache
def message(name: str) -> Any:
    """The class of a message of ``sitebookify.v1``."""
    pool = descriptor_pool.Default()
    for file in _compiled().file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"sitebookify.v1.{name}"))


@functools.cache
def _compiled() -> descriptor_pb2.FileDescriptorSet:
    proto = Path(str(files("sitebookify_api"))) / "service.proto"
    includes = [proto.parent, Path(grpc_tools.__file__).parent / "_proto", Path(google.rpc.__path__[0]).parents[1]]
    with tempfile.NamedTemporaryFile() as out:
        command = ["protoc", *(f"-I{path}" for path in includes), f"--descriptor_set_out={out.name}", str(proto)]
        assert protoc.main(command) == 0
        return descriptor_pb2.FileDescriptorSet.FromString(Path(out.name).read_bytes())
