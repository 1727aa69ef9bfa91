"""What `ci/docs` refuses: each thing is broken in a copy of the documentation, and has to be found."""

from __future__ import annotations

import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .pages import ROOT, Reader, blocks

BROKEN_SITES = {
    "a link to a page that is not there": ("docs/cost.md", "[x](no-such-page.md)", "no-such-page.md"),
    "a link to a heading that is not there": ("docs/cost.md", "[x](broker.md#no-such-heading)", "no-such-heading"),
    "a picture that is not there": ("docs/cost.md", "![x](assets/no-such.svg)", "no-such.svg"),
    "a name that is not in the package": ("docs/reference/api-broker.md", "::: pact_ffi.no_such", "pact_ffi.no_such"),
    "text that became code": ("docs/cost.md", "Words.\n\n    Indented words.", "cost.md: indented text"),
    "a page that is not in the navigation": ("docs/forgotten.md", "# Forgotten", "forgotten.md"),
    "a navigation that names no page": ("mkdocs.yml", "  - Nowhere: nowhere.md", "nowhere.md"),
    "a docstring with an argument that is not there": (
        "pact_ffi/errors.py",
        'def f(a: int) -> None:\n    """Do it.\n\n    Args:\n        b: It.\n    """\n',
        "errors",
    ),
}
BROKEN_BLOCKS = {
    "python that raises": "```python\n1 / 0\n```",
    "a command that fails": "```sh\nfalse\n```",
    "a command that should fail and does not": "<!-- fails -->\n```sh\ntrue\n```",
    "an output that is another": "```sh\necho one\n```\n\n```text\ntwo\n```",
    "an output of nothing": "```text\ntwo\n```",
    "python in a file that cannot be read": '```python title="a.py"\ndef\n```',
    "json that is none": '```json\n{"a": }\n```',
    "yaml that is none": "```yaml\na: [\n```",
    "ini that is none": "```ini\na = 1\n```",
    "a language that nobody runs": "```ruby\nputs 1\n```",
    "a package that is not what users get": "```sh\npip install no-such-package\n```",
}
UGLY = {
    "a table wider than the screen": ("<div style='width: 3000px'>wide</div>", "pixels wide"),
    "pale words": ("<p style='color: #ccc'>pale</p>", "contrast"),
    "tiny words": ("<p style='font-size: 6px'>tiny</p>", "written in 6"),
    "an image that is not there": ("<img src='no-such.png'>", "no image"),
    "a script that fails": ("<script>throw Error('oh')</script>", "Uncaught"),
    "something from elsewhere": ("<img src='http://127.0.0.2:9/x.png'>", "loads http://127.0.0.2:9/x.png"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the site is made of."""
    pytest.importorskip("mkdocs", reason="needs mkdocs: `ci/docs` has it")
    folder = tmp_path_factory.mktemp("copy")
    for name in ("docs", "ci", "pact", "pact_ffi", "examples", "tests/plugins"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "lib"))
    for path in (*ROOT.glob("*.md"), ROOT / "mkdocs.yml", ROOT / "pyproject.toml"):
        shutil.copy(path, folder)
    return folder


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    """What mkdocs says of it."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder / "site")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_copy_is_built(copy: Path) -> None:
    done = built(copy)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("what", BROKEN_SITES)
def test_a_broken_site_is_refused(what: str, copy: Path) -> None:
    name, text, named = BROKEN_SITES[what]
    path = copy / name
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if name == "mkdocs.yml":
        assert before is not None
        path.write_text(before.replace("\nvalidation:", f"{text}\n\nvalidation:", 1), encoding="utf-8")
    else:
        path.write_text(f"{before or ''}\n\n{text}\n", encoding="utf-8")
    try:
        done = built(copy)
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")
    assert done.returncode != 0
    assert named in done.stdout + done.stderr


@pytest.mark.parametrize("what", BROKEN_BLOCKS)
def test_a_broken_block_is_refused(what: str, tmp_path: Path) -> None:
    page, folder = tmp_path / "page.md", tmp_path / "folder"
    page.write_text(f"# A page\n\n{BROKEN_BLOCKS[what]}\n", encoding="utf-8")
    folder.mkdir()
    assert len(list(blocks(page))) >= 1
    with pytest.raises((Exception, AssertionError)):
        Reader(page, folder).read()


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each ugly page, and of one that is not."""
    pictures: Any = runpy.run_path(str(ROOT / "ci" / "docs_pictures.py"))
    if not any(map(shutil.which, pictures["BROWSERS"])):
        pytest.skip("needs a browser: install chromium (Debian: apt-get install chromium)")
    site, folder = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("pictures")
    head = "<meta name='viewport' content='width=device-width'><link rel='icon' href='data:,'>"
    page = f"<!doctype html>{head}<main>{{}}</main>"
    for number, (html, _) in enumerate([("<p>good</p>", ""), *UGLY.values()]):
        (site / f"{number}.html").write_text(page.format(html), encoding="utf-8")
    with pictures["browsing"](site) as browser:
        said = list(pictures["looked_at"](browser, site, folder))
    assert len(list(folder.rglob("*.png"))) == 4 * (len(UGLY) + 1)
    return {
        what: "\n".join(line for line in said if line.startswith(f"{n}.html")) for n, what in enumerate(["", *UGLY])
    }


def test_a_good_page_is_not_complained_of(complaints: dict[str, str]) -> None:
    assert complaints[""] == ""


@pytest.mark.parametrize("what", UGLY)
def test_an_ugly_page_is_complained_of(what: str, complaints: dict[str, str]) -> None:
    assert UGLY[what][1] in complaints[what]
