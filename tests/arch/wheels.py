"""Says what a supported Python would have to compile, or would run with another major version than the others.

Reads pyproject.toml and uv.lock, no network.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).parents[2]
CANDIDATES = [(3, minor) for minor in range(9, 20)]
OLDEST_GLIBC = 36
"""Debian 12. A wheel for an older one runs there too, one for a newer one does not."""

Package = Mapping[str, Any]
Python = tuple[int, int]


def supported(project: Mapping[str, Any]) -> list[Python]:
    """The Pythons that `requires-python` lets in; without an upper bound, more than anybody tried."""
    required = SpecifierSet(project["project"]["requires-python"])
    return [python for python in CANDIDATES if f"{python[0]}.{python[1]}.0" in required]


def missing(lock: Mapping[str, Any], python: Python) -> list[str]:
    """The packages, with their versions, that have no wheel for this Python on x86-64 Linux with glibc."""
    usable = frozenset(_tags(python))
    return sorted(
        f"{package['name']} {package['version']}"
        for package in _needed(lock, python)
        if "registry" in package["source"] and not any(_fits(wheel, usable) for wheel in package.get("wheels", ()))
    )


def forked(lock: Mapping[str, Any], pythons: Sequence[Python]) -> list[str]:
    """The packages that we run with and that have another major version on one Python than on another.

    Such a lock is tested with one of the two only.
    """
    majors: dict[str, set[str]] = {}
    for python in pythons:
        for package in _needed(lock, python, tools=False):
            majors.setdefault(package["name"], set()).add(package["version"].partition(".")[0])
    return sorted(f"{name} {' and '.join(sorted(found))}" for name, found in majors.items() if len(found) > 1)


def _tags(python: Python) -> Iterator[Tag]:
    glibc = [f"manylinux_2_{minor}_x86_64" for minor in range(OLDEST_GLIBC, 4, -1)]
    platforms = [*glibc, "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"]
    yield from cpython_tags(python, platforms=platforms, abis=[f"cp{python[0]}{python[1]}"])
    yield from compatible_tags(python, f"cp{python[0]}{python[1]}", platforms)


def _fits(wheel: Mapping[str, str], usable: frozenset[Tag]) -> bool:
    return bool(parse_wheel_filename(wheel["url"].rpartition("/")[2])[3] & usable)


def _needed(lock: Mapping[str, Any], python: Python, *, tools: bool = True) -> list[Package]:
    """What is reached from the workspace's members, by the dependencies whose markers hold; `tools` are those of developers."""
    environment = _environment(python)
    packages: list[Package] = lock["package"]
    waiting = [(package, frozenset[str]()) for package in packages if "registry" not in package["source"]]
    seen: dict[tuple[str, str], Package] = {}
    extras: set[tuple[str, str, str]] = set()
    while waiting:
        package, asked = waiting.pop()
        key = (package["name"], package["version"])
        fresh = {extra for extra in asked if (*key, extra) not in extras}
        edges = [] if key in seen else [*package.get("dependencies", ()), *(_of_groups(package) if tools else ())]
        edges += [edge for extra in fresh for edge in package.get("optional-dependencies", {}).get(extra, ())]
        seen[key] = package
        extras |= {(*key, extra) for extra in fresh}
        waiting += [
            (_meant(packages, edge), frozenset(edge.get("extra", ()))) for edge in edges if _holds(edge, environment)
        ]
    return list(seen.values())


def _of_groups(package: Package) -> list[Mapping[str, Any]]:
    return [edge for edges in package.get("dev-dependencies", {}).values() for edge in edges]


def _meant(packages: list[Package], edge: Mapping[str, Any]) -> Package:
    """An edge names the version where the lock holds several."""
    return next(
        one for one in packages if one["name"] == edge["name"] and edge.get("version", one["version"]) == one["version"]
    )


def _holds(edge: Mapping[str, Any], environment: dict[str, str]) -> bool:
    return "marker" not in edge or Marker(edge["marker"]).evaluate(environment)


def _environment(python: Python) -> dict[str, str]:
    version = f"{python[0]}.{python[1]}"
    return {
        "python_version": version,
        "python_full_version": f"{version}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_machine": "x86_64",
        "os_name": "posix",
        "extra": "",
    }


def main() -> None:
    """Exit non-zero, and name them, when there are any."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lacking = [
        f"Python {python[0]}.{python[1]}: {name} has no wheel for x86-64 Linux"
        for python in supported(project)
        for name in missing(lock, python)
    ]
    lacking += [f"{name}: another major version by Python" for name in forked(lock, supported(project))]
    if lacking:
        advice = "Choose another package, bound its version, or narrow requires-python: a bare machine has no compiler."
        sys.exit("\n".join([*lacking, advice]))


if __name__ == "__main__":
    main()
