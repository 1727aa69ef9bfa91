#!/usr/bin/env python3
"""Compares every public name of installed pact-python releases with ours; writes docs/drop-in-names.md.

    python ci/dropin_names.py PYTHON...        each PYTHON is an interpreter that has one release of pact-python

Run it with an interpreter that has pact-ffi. Names, signatures and defaults are asked for with `inspect`, in processes
of those interpreters; nothing is read from sources. Exits with 1 when a name is missing without a sentence of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "drop-in-names.md"

ASK = r"""
import enum, importlib, inspect, json, os, pkgutil, sys, warnings
warnings.simplefilter("ignore")
import pact

def signature(what):
    try:
        parameters = inspect.signature(what).parameters.values()
    except (TypeError, ValueError):
        return None
    empty = inspect.Parameter.empty
    return [[p.name, p.kind.name, None if p.default is empty else plain(p.default)] for p in parameters]

def plain(default):
    if isinstance(default, enum.Enum):
        return default.name
    if default is None or isinstance(default, (bool, int, float, str, tuple)):
        return repr(default) if default != os.getcwd() else "the current folder"
    return type(default).__name__ if not isinstance(default, type) else default.__name__

def shown(what):
    entry = {"signature": signature(what) if callable(what) else None}
    if inspect.isclass(what):
        entry["members"] = {}
        own = {name for kind in what.__mro__ if kind.__module__.startswith("pact") for name in vars(kind)}
        for name in sorted(own):
            if not name.startswith("_"):
                member = getattr(what, name)
                entry["members"][name] = signature(member) if callable(member) else None
    return entry

def public(module):
    listed = list(getattr(module, "__all__", ()))
    for name in sorted({*dir(module), *listed}):
        what = getattr(module, name, None)
        home = getattr(what, "__module__", "") or ""
        of_the_package = name in ("__version__", "__version_tuple__") and module.__name__ in ("pact", "pact_ffi")
        if name.startswith("_") and not of_the_package:
            continue
        if inspect.ismodule(what) or name == "TYPE_CHECKING":
            continue
        if name in listed or home.startswith("pact") or (not home and name.isupper()) or of_the_package:
            yield name, what

names = {}
modules = ["pact", *(found.name for found in pkgutil.walk_packages(pact.__path__, "pact.", onerror=lambda name: None))]
try:
    import pact_ffi
    modules.append("pact_ffi")
except ImportError:
    pass
for module in modules:
    if any(part.startswith("_") and part != "_util" for part in module.split(".")):
        continue
    try:
        found = importlib.import_module(module)
    except ImportError:
        continue
    names[module] = {name: shown(what) for name, what in public(found)}
json.dump({"version": pact.__version__, "names": names}, sys.stdout)
"""

LOOK = r"""
EXAMPLES = {
    "Format": lambda kind: kind(),
    "Pact": lambda kind: kind("consumer", "provider"),
    "MismatchesError": lambda kind: kind(),
    "PactVerificationError": lambda kind: kind([]),
    "InteractionVerificationError": lambda kind: kind("", Exception()),
}

def member_of(kind, member):
    if inspect.isclass(kind):
        if any(member in getattr(base, "__annotations__", ()) for base in kind.__mro__):
            return None  # of each instance
        if kind.__name__ in EXAMPLES and not hasattr(kind, member):
            kind = EXAMPLES[kind.__name__](kind)
    return getattr(kind, member)

result = []
for module, name, member in json.load(sys.stdin):
    try:
        scope = {}
        exec(f"from {module} import {name} as found", scope)
        found = scope["found"]
        if member:
            found = member_of(found, member)
    except (ImportError, AttributeError) as error:
        result.append({"refused": str(error)})
        continue
    result.append({"signature": signature(found) if callable(found) else None})
json.dump(result, sys.stdout)
"""
HELPERS = ASK[ASK.index("import enum") : ASK.index("def shown")]


def ask(python: str, code: str, cwd: str | Path, given: object = None) -> Any:
    """Run ``code`` with ``python``; return the JSON that it prints."""
    done = subprocess.run([python, "-c", code], cwd=cwd, capture_output=True, text=True, input=json.dumps(given))
    if done.returncode:
        raise SystemExit(f"{python}: {done.stderr}")
    return json.loads(done.stdout)


def wanted(peers: list[dict[str, Any]]) -> dict[Row, dict[str, Any]]:
    """Return each name with the signature that each release has."""
    rows: dict[Row, dict[str, Any]] = {}
    for peer in peers:
        for module, names in peer["names"].items():
            for name, entry in names.items():
                rows.setdefault((module, name, ""), {})[peer["version"]] = entry["signature"]
                for member, signature in entry.get("members", {}).items():
                    rows.setdefault((module, name, member), {})[peer["version"]] = signature
    return rows


def differences(theirs: list[list[Any]] | None, ours: list[list[Any]] | None) -> list[str]:
    """Return what a call that works there would meet here."""
    if theirs is None or ours is None:
        return []
    here = {name: (kind, default) for name, kind, default in ours}
    takes_any = any(kind == "VAR_KEYWORD" for _, kind, _ in ours)
    said = []
    for name, kind, default in theirs:
        if name == "self" or kind.startswith("VAR_"):
            continue
        if name not in here:
            positional = kind != "KEYWORD_ONLY" and any(k == "VAR_POSITIONAL" for _, k, _ in ours)
            if not takes_any and not positional:
                said.append(f"no parameter `{name}`")
            continue
        if default != here[name][1] and default is not None:
            said.append(f"`{name}` is `{default}` there, `{here[name][1] or 'needed'}` here")
    order = [name for name, kind, _ in theirs if kind == "POSITIONAL_OR_KEYWORD"]
    own = [name for name, kind, _ in ours if kind == "POSITIONAL_OR_KEYWORD" and name in order]
    if [name for name in order if name in own] != own:
        said.append("another order of parameters")
    known = {name for name, _, _ in theirs}
    said += [
        f"`{name}` is needed here"
        for name, kind, default in ours
        if default is None and name not in known and not kind.startswith("VAR_") and kind != "POSITIONAL_ONLY"
    ]
    return said


MADE_BY_OTHERS = {
    "AsyncMessageInteraction": "Pact.upon_receiving(...)",
    "BrokerSelectorBuilder": "Verifier.broker_source(..., selector=True)",
    "HttpInteraction": "Pact.upon_receiving(...)",
    "Interaction": "Pact.upon_receiving(...)",
    "PactServer": "Pact.serve()",
    "SyncMessageInteraction": "Pact.upon_receiving(...)",
}
INTERNAL = {"has_value", "to_serializable_dict", "extract_params", "filter_empty_options", "is_empty_list", "run"}
INTERNAL |= {"validate_publish"}
Row = tuple[str, str, str]


def judged(rows: dict[Row, dict[str, Any]]) -> dict[Row, tuple[str, str]]:
    """Return for each name "there", "different" or "refused" with what there is to say."""
    answers = ask(sys.executable, HELPERS + LOOK, ROOT, list(rows))
    result: dict[Row, tuple[str, str]] = {}
    for (key, releases), answer in zip(rows.items(), answers, strict=True):
        module, name, member = key
        if "refused" in answer:
            if result.get((module, name, ""), "")[:1] != ("refused",):  # else all that can be said was said
                text = "internal to pact-python" if member in INTERNAL else answer["refused"].partition("; ")[2]
                result[key] = "refused", text
        elif name in MADE_BY_OTHERS and not member:
            result[key] = "different", f"made by `{MADE_BY_OTHERS[name]}`, not by its own constructor"
        else:
            said = differences(list(releases.values())[-1], answer["signature"])
            result[key] = ("different", "; ".join(said)) if said else ("there", "")
    return result


def document(table: dict[Row, tuple[str, str]], versions: list[str]) -> str:
    """Return the document."""
    chosen: dict[str, dict[str, list[str]]] = {"there": {}, "different": {}, "refused": {}}
    for (module, name, member), (verdict, text) in table.items():
        label = f"{name}.{member}" if member else name
        group = module if verdict == "there" else text
        chosen[verdict].setdefault(group, []).append(label if verdict == "there" else f"{module}.{label}")
    counts = {verdict: sum(map(len, groups.values())) for verdict, groups in chosen.items()}
    lines = [
        "# Every name of pact-python, and what it is here",
        "",
        f"The public names of pact-python {' and '.join(versions)} with their members, signatures and defaults.",
        "`ci/dropin_names.py` asks both packages for them with `inspect` and writes this page. A name that is refused",
        "raises an `ImportError` or an `AttributeError` with the sentence that stands here.",
        "",
        "| there | different | refused |",
        "|---|---|---|",
        f"| {counts['there']} | {counts['different']} | {counts['refused']} |",
        "",
        "## Different",
        "",
        "| names | what differs |",
        "|---|---|",
        *rows_of(chosen["different"]),
        "",
        "## Refused",
        "",
        "| names | what to write instead |",
        "|---|---|",
        *rows_of(chosen["refused"]),
        "",
        "## There",
        "",
        "| module | names |",
        "|---|---|",
        *(f"| `{module}` | {shown(names)} |" for module, names in chosen["there"].items()),
        "",
    ]
    return "\n".join(lines)


def rows_of(groups: dict[str, list[str]]) -> list[str]:
    """Return a row for each text, with the names that it is for."""
    return [f"| {shown(names)} | {text} |" for text, names in groups.items()]


def shown(names: list[str]) -> str:
    """Return the names in code marks, or how many there are where a person would not read them."""
    if len(names) > 100:
        return f"{len(names)} names of " + shown(sorted({name.rpartition(".")[0] for name in names if name.islower()}))
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as away:
        asked = [ask(python, ASK, away) for python in sys.argv[1:]]
        table = judged(wanted(asked))
    TABLE.write_text(document(table, [peer["version"] for peer in asked]), encoding="utf-8")
    silent = [
        ".".join(filter(None, key)) for key, (verdict, text) in table.items() if verdict == "refused" and not text
    ]
    print(f"{TABLE.relative_to(ROOT)}: {len(table)} names")
    if silent:
        raise SystemExit("missing without a sentence: " + ", ".join(silent))
