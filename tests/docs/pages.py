"""What a reader does with a page: writes its files, types its commands, runs its Python, in the page's order.

- A block with ``title="name"`` is a file of that name.
- ``python`` without a title runs; what was defined above is there. ``sh`` runs; it must succeed, or fail where the
  comment ``<!-- fails -->`` stands before it. ``text`` below either is what was printed: in it ``...`` stands for
  anything, seconds are not compared. After ``<!-- measured -->`` it is what a long run printed once.
- ``json``, ``toml``, ``ini``, ``yaml`` without a title must parse.
- A comment ``<!-- file: name`` or ``<!-- python`` holds what a reader does not need to see.
- ``pip install`` checks that what it names is what the tests have.
"""

from __future__ import annotations

import ast
import asyncio
import configparser
import contextlib
import inspect
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"""^(?P<indent>[ ]*)```(?P<language>\w+)[ ]*(?:title="(?P<title>[^"]+)")?[^\n]*\n(?P<code>.*?)^(?P=indent)```[ ]*$
    |^<!--[ ](?:file:[ ](?P<hidden>\S+)|(?P<python>python))\n(?P<text>.*?)^-->
    |^<!--[ ](?P<note>fails|measured)[ ]-->""",
    re.M | re.S | re.X,
)
PIP = """#!{python}
import re, sys
from importlib.metadata import distribution

def check(wanted):
    name = re.match(r"[A-Za-z0-9._-]+", wanted)
    if name and not wanted.startswith("-"):
        distribution(name[0])

words = iter(sys.argv[2:] if sys.argv[1] == "install" else ())
for word in words:
    if word == "-r":
        for line in open(next(words)):
            check(line.strip())
    else:
        check(word)
"""


@dataclass
class Block:
    """A block of a page."""

    language: str
    code: str
    line: int
    title: str | None = None
    note: str | None = None

    @property
    def is_data(self) -> bool:
        """Whether it is data that nothing reads."""
        return self.title is None and self.language in ("json", "toml", "ini", "yaml")

    def __str__(self) -> str:
        return f"line {self.line}, {self.title or self.language}"


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page."""
    text = page.read_text(encoding="utf-8")
    note = None
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        if found["note"]:
            note = found["note"]
            continue
        if found["language"]:
            indent = len(found["indent"])
            code = "".join(each[indent:] if each.strip() else "\n" for each in found["code"].splitlines(keepends=True))
            yield Block(found["language"], code, line, found["title"], note)
        else:
            yield Block("python" if found["python"] else "file", found["text"], line, found["hidden"])
        note = None


def same(quoted: str, printed: str) -> bool:
    """Whether a quoted output is what was printed; ``...`` is anything, seconds are not compared."""
    plain = [re.sub(r"\d+\.\d+s", "0s", re.sub(r"=+", "=", text)).strip() for text in (quoted, printed)]
    pattern = re.escape(plain[0]).replace(r"\.\.\.", ".*?")
    return re.fullmatch(pattern, plain[1], re.S) is not None


class Reader:
    """Somebody who does what a page says, in a folder of his own."""

    def __init__(self, page: Path, folder: Path, *, installs: bool = False) -> None:
        self.page, self.folder = page, folder
        self.names: dict[str, Any] = {"__name__": "page"}
        self.printed: str | None = None
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        if not installs:
            (folder / ".bin").mkdir()
            pip = folder / ".bin" / "pip"
            pip.write_text(PIP.format(python=sys.executable))
            pip.chmod(0o755)
            path = f"{pip.parent}{os.pathsep}{path}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PACT_"))}
        self.environment = {**kept, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "80", "TERM": "dumb"}
        self.environment["PIP_QUIET"] = "2"
        if not installs:  # the environment of the tests has plugins that a reader may lack
            self.environment["PYTEST_ADDOPTS"] = "-p no:cacheprovider -o asyncio_default_fixture_loop_scope=function"

    def read(self) -> int:
        """Do all that the page says; return how many blocks that were."""
        count = 0
        for block in blocks(self.page):
            self.do(block)
            count += 1
        return count

    def do(self, block: Block) -> None:
        """Do what one block says."""
        if block.title:
            path = self.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            if block.language == "python":
                ast.parse(block.code)
            path.write_text(block.code, encoding="utf-8")
        elif block.language == "python":
            self.python(block)
        elif block.language == "sh":
            self.shell(block)
        elif block.language == "text" and block.note != "measured":
            assert self.printed is not None, f"{block}: quotes an output, but nothing ran before it"
            assert same(block.code, self.printed), f"{block}: what was printed is\n{self.printed}"
        elif block.language != "text":
            parsed(block)

    def python(self, block: Block) -> None:
        """Run Python with what was defined above; ``await`` may stand in it."""
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        lines = "\n" * block.line + block.code  # a traceback then names the line of the page
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            coroutine = eval(compile(lines, str(self.page), "exec", flags), self.names)
            if inspect.iscoroutine(coroutine):
                asyncio.run(coroutine)
        self.printed = output.getvalue()

    def shell(self, block: Block) -> None:
        """Run commands."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.code],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        self.printed = done.stdout
        outcome = "failed" if done.returncode else "succeeded"
        assert bool(done.returncode) == (block.note == "fails"), f"{block}: {outcome}\n{block.code}\n{done.stdout}"


def parsed(block: Block) -> None:
    """Read a block of data."""
    if block.language == "json":
        json.loads(block.code)
    elif block.language == "ini":
        configparser.ConfigParser().read_string(block.code)
    elif block.language == "toml":
        if sys.version_info >= (3, 11):
            import tomllib

            tomllib.loads(block.code)
    elif block.language == "yaml":
        import yaml

        yaml.safe_load(block.code)
    else:
        raise AssertionError(f"{block}: a test does not know what to do with {block.language!r}")


if __name__ == "__main__":
    began = time.monotonic()
    count = Reader(Path(sys.argv[1]), Path(sys.argv[2]), installs=True).read()
    print(f"{sys.argv[1]}: {count} blocks in {time.monotonic() - began:.1f} s, installing included")
