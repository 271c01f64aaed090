"""The requirements of pyproject.toml whose bound is below what was resolved: ``python -m support.bounds RESOLVED.txt``.

Their bound can never be what somebody installs, because another requirement asks for more.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[\w,]+\])?>=([\w.]+)")


def normalised(name: str) -> str:
    """The name as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def numbers(version: str) -> list[int]:
    """The version's numbers without zeros at its end, so that 6 is 6.0."""
    found = [int(number) for number in re.findall(r"\d+", version)]
    while found and not found[-1]:
        found.pop()
    return found


def main(resolved: str) -> None:
    """Print a line for each."""
    lines = [line.partition(";")[0].strip() for line in Path(resolved).read_text().splitlines()]
    versions = {normalised(name): version for name, _, version in (line.partition("==") for line in lines)}
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    extras = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    for requirement in [*project["dependencies"], *extras]:
        match = _REQUIREMENT.match(requirement)
        if not match:
            continue
        version = versions.get(normalised(match[1]))
        if version and numbers(version) != numbers(match[2]):
            print(f"above its bound: {requirement}, resolved to {version}")


if __name__ == "__main__":
    main(sys.argv[1])
