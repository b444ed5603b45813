"""Finds programs inside installed wheels."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from tldr_embedded.errors import ServerFailed


def program(package: str, name: str) -> Path:
    """The executable that the package installed under this name. Raises ServerFailed."""
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:
        files = []
    for file in files:
        path = Path(str(file.locate())).resolve()
        if file.name == name and path.is_file():
            return path
    raise ServerFailed(f"{name} is missing: install the package {package} for this platform (uv sync).")
