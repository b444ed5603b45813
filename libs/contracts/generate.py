"""Generate the protobuf code from proto/; `--check` says whether the committed code is what would be generated."""

import filecmp
import shutil
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).parents[2]
PROTO = ROOT / "proto"
TARGET = Path(__file__).parent / "src" / "tldr"


def generate(target: Path) -> None:
    """Write `tldr/**/*_pb2.py` and their stubs below `target`."""
    sources = sorted(str(path) for path in PROTO.rglob("*.proto"))
    include = str(files("grpc_tools") / "_proto")
    code = protoc.main(
        ["protoc", f"-I{PROTO}", f"-I{include}", f"--python_out={target}", f"--pyi_out={target}", *sources]
    )
    if code:
        sys.exit(f"protoc failed with exit code {code}")
    (target / "tldr" / "__init__.py").write_text('"""Messages generated from proto/."""\n')
    (target / "tldr" / "py.typed").touch()


def main() -> None:
    """Regenerate, or compare."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        fresh = Path(folder) / "tldr"
        if "--check" not in sys.argv:
            shutil.rmtree(TARGET, ignore_errors=True)
            shutil.copytree(fresh, TARGET)
            return
        new = {path.relative_to(fresh) for path in fresh.rglob("*.py*") if "__pycache__" not in path.parts}
        old = {path.relative_to(TARGET) for path in TARGET.rglob("*.py*") if "__pycache__" not in path.parts}
        _, differing, missing = filecmp.cmpfiles(fresh, TARGET, [str(path) for path in new], shallow=False)
        drift = sorted({*differing, *missing, *(str(path) for path in old - new)})
        if drift:
            sys.exit("generated code differs from proto/; run `make generate`: " + ", ".join(drift))


if __name__ == "__main__":
    main()
