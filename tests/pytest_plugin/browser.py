"""Headless Chromium: how a page is laid out, and a picture of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars"
).split()
# A window is never narrower than 500 pixels, so the page is shown in a frame; a frame follows its page's colour scheme.
_FRAME = """<!doctype html><html style="color-scheme: light dark"><body style="margin: 0">
<iframe style="border: 0; width: {width}px; height: {height}px" srcdoc="{page}"></iframe><pre></pre><script>
onload = () => {{
  const view = document.querySelector("iframe").contentWindow, root = view.document.documentElement
  const height = root.scrollHeight  // has it laid out
  const opened = height && view.performance.now()
  {act}
  const colour = (element, name) => view.getComputedStyle(element)[name]
  const behind = element => /^rgba.*, 0\\)$/.test(colour(element, "backgroundColor")) && element.parentElement
    ? behind(element.parentElement) : colour(element, "backgroundColor")
  const all = [...view.document.querySelectorAll("body, body *")].filter(each => each.getClientRects().length)
  document.querySelector("pre").textContent = JSON.stringify({{
    width: view.innerWidth,
    scrolls: root.scrollWidth,
    widest: Math.max(...all.map(each => each.getBoundingClientRect().right)),
    clipped: all.filter(each => each.clientWidth && each.scrollWidth > each.clientWidth + 1).map(each => each.tagName),
    back: behind(view.document.body),
    colours: all.map(each => [colour(each, "color"), behind(each)]),
    sizes: all.filter(each => each.innerText).map(each => parseFloat(colour(each, "fontSize"))),
    loaded: view.performance.getEntriesByType("resource").map(each => each.name),
    scripts: view.document.scripts.length,
    opened: opened,
    shown: view.document.querySelectorAll("main details:not([hidden])").length,
    opens: view.document.querySelectorAll("main details[open]").length,
    said: view.document.querySelector("output").value,
    title: view.document.title,
    text: view.document.body.innerText,
  }})
}}
</script>"""


@dataclass
class Look:
    """What the browser says of a page, and its ``picture``."""

    facts: dict[str, Any]
    picture: Path


def look(page: str, folder: Path, name: str, width: int, height: int, *, dark: bool, act: str = "") -> Look:
    """Show ``page`` on a screen of this size, in dark or light colours, after the script ``act``."""
    frame, picture = folder / f"{name}.html", folder / f"{name}.png"
    frame.write_text(_FRAME.format(width=width, height=height, page=escape(page), act=act), encoding="utf-8")
    command = [
        *(_chromium(), *_FLAGS, f"--user-data-dir={folder / name}", f"--window-size={max(width, 500)},{height}"),
        *(f"--blink-settings=preferredColorScheme={0 if dark else 1}", f"--screenshot={picture}", "--dump-dom"),
    ]
    shown = subprocess.run([*command, frame.as_uri()], check=True, capture_output=True, timeout=60).stdout.decode()
    found = re.search(r"<pre>(\{.*\})</pre>", shown, re.DOTALL)
    assert found, shown[-2000:]
    return Look(json.loads(unescape(found[1])), picture)


def _chromium() -> str:
    """Return the path of Chromium; a test without one is skipped, with the way to have it."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("needs a browser: install chromium (Debian: apt-get install chromium)")
    return found
