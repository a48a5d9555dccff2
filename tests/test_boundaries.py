"""The boundaries of ARCHITECTURE.md: what each package may import, and where."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent

# edge: these may be imported anywhere in it, at module level too.
EDGE_ANYWHERE = frozenset({"click", "edge", "numpy"}) | sys.stdlib_module_names
# edge: each other library in one module, inside a function.
EDGE_HOME = {
    "onnxruntime": "edge/engines/ort.py",
    "paddlelite": "edge/engines/lite.py",
    "cv2": "edge/tasks/ocr/opencv.py",
    "PIL": "edge/preprocess/pillow.py",
    "pypdfium2": "edge/preprocess/pdf.py",
    "tokenizers": "edge/preprocess/text.py",
}
# packager: heavy libraries only in the stage that needs them, so that no process loads two of them.
PACKAGER_HOME = {
    "transformers": ("packager/capture/", "packager/coverage/checkpoint.py"),
    "torch": (
        "packager/capture/",
        "packager/coverage/checkpoint.py",
        "packager/coverage/settle.py",
        "packager/parity/jitter.py",
    ),
    "paddle": ("packager/emit/", "packager/parity/", "packager/quantise/lite/"),
    "paddle2onnx": ("packager/emit/",),
    "paddlelite": ("packager/emit/",),
    "huggingface_hub": ("packager/hub/",),
}
# Loading any of these in the command line or the pipeline would cost seconds, or break a boundary.
HEAVY = (
    "huggingface_hub",
    "onnx",
    "onnxruntime",
    "paddle",
    "paddle2onnx",
    "paddlelite",
    "tokenizers",
    "torch",
    "transformers",
)


@dataclass(frozen=True)
class Import:
    """One imported top-level name: where, and whether importing the module runs it."""

    file: str
    line: int
    library: str
    at_import: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.library}"


def _imports(package: str) -> list[Import]:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    return [found for file in files for found in _imports_of(file)]


def _imports_of(file: Path) -> Iterator[Import]:
    name = file.relative_to(ROOT).as_posix()
    tree = ast.parse(file.read_text(encoding="utf-8"), name)
    lazy = {
        inner
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
    }
    never = {inner for outer in ast.walk(tree) if _is_type_checking(outer) for inner in ast.walk(outer)}
    for node in ast.walk(tree):
        if node in never:
            continue
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: imports here are absolute"
            modules = [node.module or ""]
        else:
            modules = _imported_by_name(node)
        for module in modules:
            yield Import(name, getattr(node, "lineno", 0), module.split(".")[0], node not in lazy)


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imported_by_name(node: ast.AST) -> list[str]:
    """`importlib.import_module("x")` and `__import__("x")` with a literal name."""
    if not isinstance(node, ast.Call) or not node.args:
        return []
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0]
    if called in ("import_module", "__import__") and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return [first.value]
    return []


def test_edge_imports_other_libraries_in_one_module_each() -> None:
    strangers = [i for i in _imports("edge") if i.library not in EDGE_ANYWHERE and EDGE_HOME.get(i.library) != i.file]
    assert not strangers, "\n".join(map(str, strangers))


def test_edge_imports_other_libraries_inside_functions() -> None:
    eager = [i for i in _imports("edge") if i.library in EDGE_HOME and i.at_import]
    assert not eager, "\n".join(map(str, eager))


@pytest.mark.parametrize(("library", "file"), EDGE_HOME.items())
def test_the_map_of_edge_is_true(library: str, file: str) -> None:
    assert library in {i.library for i in _imports_of(ROOT / file)}


def test_packager_imports_heavy_libraries_in_their_stage() -> None:
    strangers = [
        i
        for i in _imports("packager")
        if i.library in PACKAGER_HOME and not i.file.startswith(PACKAGER_HOME[i.library])
    ]
    assert not strangers, "\n".join(map(str, strangers))


def test_every_library_that_is_imported_is_declared() -> None:
    declared = {
        canonicalize_name(Requirement(need).name)
        for need in requires("edgepack") or ()
        if "extra == 'dev'" not in need and 'extra == "dev"' not in need
    }
    providers = packages_distributions()
    strangers = [
        i
        for i in [*_imports("edge"), *_imports("packager")]
        if i.library not in sys.stdlib_module_names
        and i.library not in ("edge", "packager")
        and declared.isdisjoint(map(canonicalize_name, providers.get(i.library, [i.library])))
    ]
    assert not strangers, "\n".join(map(str, strangers))


def test_lowering_is_pure_python() -> None:
    allowed = frozenset({"edge", "numpy", "packager"}) | sys.stdlib_module_names
    strangers = [i for i in _imports("packager/lower") if i.library not in allowed]
    assert not strangers, "\n".join(map(str, strangers))


def _run_without(libraries: tuple[str, ...], script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process in which importing any of the libraries raises."""
    block = f"""
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {libraries!r}:
            raise RuntimeError(f"boundary: {{name}} was imported")
sys.meta_path.insert(0, Refuse())
"""
    return subprocess.run([sys.executable, "-c", block + script], capture_output=True, text=True, cwd=ROOT, check=False)


def _modules(package: str) -> list[str]:
    files = sorted((ROOT / package).rglob("*.py"))
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files]
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


def test_every_module_of_edge_imports_where_the_others_raise() -> None:
    script = f"import importlib\nfor name in {_modules('edge')!r}: importlib.import_module(name)\nprint('imported')"
    done = _run_without(("packager", "PIL", "cv2", *HEAVY), script)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "imported\n"


def test_the_refusal_is_felt() -> None:
    done = _run_without(("packager",), "import packager.errors")
    assert done.returncode != 0
    assert "boundary: packager was imported" in done.stderr


def test_the_pipeline_and_the_commands_import_nothing_heavy() -> None:
    top = [f"packager.{file.stem}" for file in sorted((ROOT / "packager").glob("[!_]*.py"))]
    script = f"import importlib\nfor name in {[*top, *_modules('packager/cli')]!r}: importlib.import_module(name)"
    done = _run_without(HEAVY, script)
    assert done.returncode == 0, done.stderr
