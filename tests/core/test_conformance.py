"""ABI mode has no compiler that checks the declarations; these tests do."""

import re
import sys
from pathlib import Path

import pytest

from pact_ffi.core.library import ffi, has, lib, path, version

sys.path.insert(0, str(Path(__file__).parent))
from symbols import exported  # noqa: E402

ROOT = Path(__file__).parents[2]
LOCKED = Path(__file__).parent / "signatures.txt"
REFERENCE = ROOT.parent / "shared" / "core" / "signatures.txt"
NEWEST = "0.5.12"
COUNT = 284


def declared() -> set[str]:
    text = "".join(file.read_text() for file in (ROOT / "pact_ffi" / "core" / "decl").glob("*.h"))
    return set(re.findall(r"\b(pactffi_\w+)\(", text))


def signature(name: str) -> str:
    """A declaration as C sees it: ``name: parameters -> result``."""
    kind = ffi.typeof(getattr(lib, name))
    return f"{name}: {', '.join(argument.cname for argument in kind.args) or 'nothing'} -> {kind.result.cname}"


def enumerations() -> list[str]:
    text = (ROOT / "pact_ffi" / "core" / "decl" / "types.h").read_text()
    kinds = [ffi.typeof(f"enum {name}") for name in sorted(re.findall(r"enum (\w+) {", text))]
    return [f"enum {kind.cname[5:]}: {dict(sorted(kind.elements.items()))}" for kind in kinds]


def structures() -> list[str]:
    text = (ROOT / "pact_ffi" / "core" / "decl" / "types.h").read_text()
    kinds = [ffi.typeof(f"struct {name}") for name in sorted(re.findall(r"struct (\w+) {", text))]
    return [
        f"{kind.cname}: " + ", ".join(f"{name} {field.type.cname} at {field.offset}" for name, field in kind.fields)
        for kind in kinds
    ]


def available() -> list[str]:
    return sorted(name for name in declared() if has(name))


def from_reference(line: str) -> str:
    """Turn ``char * name(int, char *)`` into the form of `signature`."""
    result, name, parameters = re.fullmatch(r"(.*?)(pactffi_\w+)\((.*)\)", line).groups()
    return f"{name}: {parameters if parameters not in ('', 'void') else 'nothing'} -> {result.strip()}"


def test_every_function_is_declared() -> None:
    assert len(declared()) == COUNT


@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF")
def test_what_is_declared_and_what_is_exported_is_the_same() -> None:
    found = {name for name in exported(path()) if name.startswith("pactffi_")}
    assert found - declared() == set()
    if version() == NEWEST:
        assert declared() - found == set()
        assert len(found) == COUNT


def test_signatures_are_those_of_the_lock() -> None:
    locked = LOCKED.read_text().splitlines()
    functions = [line for line in locked if line.startswith("pactffi_")]
    assert len(functions) == COUNT
    assert [signature(name) for name in available()] == [line for line in functions if has(line.partition(":")[0])]
    assert enumerations() + structures() == [line for line in locked if not line.startswith(("pactffi_", "#"))]


def test_signatures_are_those_of_the_reference_where_it_is_at_hand() -> None:
    reference = REFERENCE if REFERENCE.is_file() else None
    lines = reference.read_text().splitlines() if reference else []
    expected = {from_reference(line) for line in lines if re.search(r"\bpactffi_\w+\(", line)}
    assert {signature(name) for name in available()} >= {line for line in expected if has(line.partition(":")[0])}
    assert not lines or len(expected) == COUNT


def test_every_parameter_has_a_name() -> None:
    for file in (ROOT / "pact_ffi" / "core" / "decl").glob("*.h"):
        for name, parameters in re.findall(r"\b(pactffi_\w+)\(([^)]*)\)", file.read_text()):
            for parameter in parameters.split(","):
                assert parameter == "void" or re.search(r"[\w*] ?\**[a-z_\d]+$", parameter.strip()), name
                assert len(parameter.replace("*", " ").split()) >= 2 or parameter == "void", (name, parameter)
