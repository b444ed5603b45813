"""What the check of the lock says of packages that a bare machine would have to compile."""

import importlib.util
from pathlib import Path
from typing import Any

_SPEC = importlib.util.spec_from_file_location("wheels", Path(__file__).with_name("wheels.py"))
assert _SPEC
assert _SPEC.loader
wheels = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(wheels)


def _package(name: str, *files: str, source: str = "registry", **more: Any) -> dict[str, Any]:
    found = [{"url": f"https://files.example/{name}-1.0-{file}.whl"} for file in files]
    return {"name": name, "version": "1.0", "source": {source: "."}, "wheels": found, **more}


def _lock(*packages: dict[str, Any]) -> dict[str, Any]:
    needed = [{"name": package["name"]} for package in packages]
    return {"package": [_package("project", source="virtual", dependencies=needed), *packages]}


def test_a_package_whose_wheels_end_at_an_older_python_is_named() -> None:
    lock = _lock(_package("store", "cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-manylinux_2_17_x86_64"))
    assert wheels.missing(lock, (3, 12)) == []
    assert wheels.missing(lock, (3, 13)) == ["store 1.0"]


def test_wheels_for_any_python_and_of_the_stable_interface_count() -> None:
    lock = _lock(_package("pure", "py3-none-any"), _package("stable", "cp310-abi3-manylinux_2_28_x86_64"))
    assert wheels.missing(lock, (3, 13)) == []


def test_wheels_of_another_system_or_a_newer_c_library_do_not_count() -> None:
    lock = _lock(_package("mac", "cp313-cp313-macosx_14_0_arm64"), _package("new", "cp313-cp313-manylinux_2_39_x86_64"))
    assert wheels.missing(lock, (3, 13)) == ["mac 1.0", "new 1.0"]


def test_what_another_python_or_system_needs_is_not_asked_for() -> None:
    lock = _lock(_package("old"), _package("windows"))
    lock["package"][0]["dependencies"] = [
        {"name": "old", "marker": "python_full_version < '3.12'"},
        {"name": "windows", "marker": "sys_platform == 'win32'"},
    ]
    assert wheels.missing(lock, (3, 11)) == ["old 1.0"]
    assert wheels.missing(lock, (3, 13)) == []


def test_an_extra_brings_its_own_packages() -> None:
    lock = _lock(_package("web", "py3-none-any") | {"optional-dependencies": {"fast": [{"name": "loop"}]}})
    lock["package"].append(_package("loop"))
    assert wheels.missing(lock, (3, 12)) == []
    lock["package"][0]["dependencies"] = [{"name": "web", "extra": ["fast"]}]
    assert wheels.missing(lock, (3, 12)) == ["loop 1.0"]


def test_the_supported_pythons_are_those_of_the_project() -> None:
    assert wheels.supported({"project": {"requires-python": ">=3.11,<3.14"}}) == [(3, 11), (3, 12), (3, 13)]


def test_another_major_version_on_one_python_is_named() -> None:
    lock = _lock(_package("media", "py3-none-any"))
    lock["package"].append(_package("media", "py3-none-any") | {"version": "2.0"})
    lock["package"][0]["dependencies"] = [
        {"name": "media", "version": "1.0", "marker": "python_full_version < '3.12'"},
        {"name": "media", "version": "2.0", "marker": "python_full_version >= '3.12'"},
    ]
    assert wheels.forked(lock, [(3, 12), (3, 13)]) == []
    assert wheels.forked(lock, [(3, 11), (3, 13)]) == ["media 1 and 2"]
