"""Look at every page of the built site in headless Chromium: `ci/docs --pictures FOLDER` runs this after a build.

Each page is shown on a phone and on a desk, light and dark, and a picture of each is left in the folder. A page fails
that is wider than its screen, has text that is hard to read, shows a broken image, loads from elsewhere or logs an
error. At the end the search is tried. Needs chromium (Debian: apt-get install chromium).
"""

from __future__ import annotations

import base64
import functools
import http.server
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    *(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"),
    "--remote-debugging-pipe",
]
SCREENS = {"phone": (390, 844), "desk": (1280, 900)}
TALLEST = 12_000  # pixels of a picture; Chromium cannot draw more than 16,384
SEARCHES = {
    "each_like": "each_like",
    "provider state": "state",
    "can-i-deploy": "deploy",
    "PACT_FFI_LIBRARY": "library",
}

# What a person would complain of. Contrast: https://www.w3.org/TR/WCAG21/#contrast-minimum
COMPLAINTS = """(async () => {
  await document.fonts.ready
  const said = [], root = document.documentElement
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number)
  const over = ([r, g, b, a = 1], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)]
  const behind = element => {
    const colour = rgb(getComputedStyle(element).backgroundColor)
    if (colour.length == 3 || colour[3] == 1) return colour.slice(0, 3)
    const below = element.parentElement ? behind(element.parentElement) : [255, 255, 255]
    return over(colour, below)
  }
  const light = colour => {
    const [r, g, b] = colour.map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const shown = element => element ? getComputedStyle(element).opacity * shown(element.parentElement) : 1
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05)
  if (root.scrollWidth > innerWidth) said.push(`is ${root.scrollWidth} pixels wide on a screen of ${innerWidth}`)
  const scrolls = element => element && (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX)
    || scrolls(element.parentElement))
  for (const element of document.querySelectorAll("main *, header *, nav *, footer *")) {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element)
    if (!box.width || style.visibility == "hidden") continue
    if (element.closest("[hidden], svg, .md-search, .md-sidebar--primary")) continue
    if (box.right > innerWidth + 1 && !scrolls(element.parentElement))
      said.push(`<${element.localName} class="${element.className}"> ends at pixel ${Math.round(box.right)}`)
    const words = [...element.childNodes].filter(node => node.nodeType == 3).map(node => node.data.trim()).join("")
    const opacity = shown(element), quoted = `"${words.slice(0, 30)}" <${element.localName}>`
    if (!words || opacity < 0.1 || element.closest("a.headerlink, .md-top, .md-clipboard, .md-skip")) continue
    const back = behind(element), [r, g, b, a = 1] = rgb(style.color)
    const ratio = contrast(over([r, g, b, a * opacity], back), back)
    const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700
    if (ratio < (large ? 3 : 4.5)) said.push(`contrast ${ratio.toFixed(2)} of ${quoted}`)
    if (size < 10) said.push(`${quoted} is written in ${size} pixels`)
  }
  for (const image of document.images) if (!image.naturalWidth) said.push(`no image ${image.src}`)
  for (const entry of performance.getEntriesByType("resource"))
    if (!entry.name.startsWith(location.origin) && !entry.name.startsWith("data:")) said.push(`loads ${entry.name}`)
  return [...new Set(said)]
})()"""

SEARCH = """(async words => {
  const sleep = time => new Promise(done => setTimeout(done, time))
  document.querySelector("label[for=__search]").click()
  const field = document.querySelector(".md-search__input")
  field.focus()
  field.value = words
  field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
  for (let tries = 0; tries < 100; tries++) {
    await sleep(50)
    const links = [...document.querySelectorAll(".md-search-result__item a")]
    if (links.length) return links.map(link => [link.href.replace(location.origin, ""), link.innerText])
  }
  return []
})"""


class Browser:
    """Chromium, told what to do over a pipe."""

    def __init__(self, program: str, profile: str, home: str) -> None:
        (theirs, self._out), (self._in, back) = os.pipe(), os.pipe()
        line = f'exec "$0" "$@" 3<&{theirs} 4>&{back}'
        command = ["bash", "-c", line, program, *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(command, pass_fds=(theirs, back), stderr=subprocess.DEVNULL)
        os.close(theirs)
        os.close(back)
        self.home = home
        self._numbers, self._rest, self._session = itertools.count(1), b"", None
        self.events: list[dict[str, Any]] = []
        target = next(info for info in self.do("Target.getTargets")["targetInfos"] if info["type"] == "page")
        answer = self.do("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = answer["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.do(f"{domain}.enable")

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its answer; what happens meanwhile is kept in ``events``."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, event: str) -> None:
        """Wait until something has happened."""
        while not any(each.get("method") == event for each in self.events):
            self.events.append(self._read())

    def ask(self, script: str) -> Any:
        """The value of a script in the page."""
        answer = self.do("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def open(self, address: str) -> None:
        """Go to a page, and wait until it is loaded."""
        self.events.clear()
        self.do("Page.navigate", url=address)
        self.wait("Page.loadEventFired")

    def errors(self) -> list[str]:
        """What the page logged as an error, or raised."""
        said = []
        for event in self.events:
            if event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":
                said.append(event["params"]["entry"]["text"])
            if event.get("method") == "Runtime.exceptionThrown":
                said.append(event["params"]["exceptionDetails"]["text"])
        return said

    def look(self, screen: str, *, dark: bool) -> None:
        """Have a screen of that size and colour from now on."""
        width, height = SCREENS[screen]
        mobile = screen == "phone"
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.do("Emulation.setEmulatedMedia", features=[scheme])
        self.open("about:blank")  # the site remembers the colours that somebody chose
        self.do("Storage.clearDataForOrigin", origin=self.home, storageTypes="local_storage")

    def picture(self, file: Path, height: int | None = None) -> None:
        """Leave a picture of the page, from top to bottom."""
        size = self.do("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(height or size["height"], TALLEST), "scale": 1}
        data = self.do("Page.captureScreenshot", captureBeyondViewport=height is None, clip=clip)["data"]
        file.write_bytes(base64.b64decode(data))

    def close(self) -> None:
        """End it."""
        self.do("Browser.close")
        self._process.wait(10)
        os.close(self._in)
        os.close(self._out)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._in, 1 << 20)
            if not part:
                raise RuntimeError(f"the browser ended with {self._process.wait()}")
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The site on a port of this machine, as its readers get it."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def looked_at(browser: Browser, site: Path, folder: Path) -> Iterator[str]:
    """Make the pictures of all pages; return what is wrong with them."""
    pages = sorted(page.relative_to(site) for page in site.rglob("*.html"))
    for screen, dark in itertools.product(SCREENS, (False, True)):
        browser.look(screen, dark=dark)
        kind = f"{screen}-{'dark' if dark else 'light'}"
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for page in pages:
            browser.open(f"{browser.home}/{page}")
            yield from (f"{page}, {kind}: {complaint}" for complaint in browser.ask(COMPLAINTS) + browser.errors())
            browser.picture(folder / kind / f"{str(page.with_suffix('')).replace('/', '-')}.png")
        print(f"{len(pages)} pictures in {folder / kind}")


def searched(browser: Browser, folder: Path) -> Iterator[str]:
    """Search for some words, and follow the first result; return what is wrong with that."""
    for screen, dark in (("desk", False), ("phone", True)):
        browser.look(screen, dark=dark)
        for number, (words, there) in enumerate(SEARCHES.items()):
            browser.open(f"{browser.home}/index.html")
            results = browser.ask(f"{SEARCH}({json.dumps(words)})")
            browser.picture(folder / f"search-{screen}-{number}.png", SCREENS[screen][1])
            if not results:
                yield f"the search for {words!r} on a {screen} has no result"
                continue
            browser.open(browser.home + results[0][0])
            if there not in browser.ask("document.querySelector('main').innerText").lower():
                yield f"the first result of the search for {words!r}, {results[0][0]}, does not say {there!r}"


@contextmanager
def browsing(site: Path) -> Iterator[Browser]:
    """A browser for the site."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit("the pictures need a browser: install chromium (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, served(site) as home:
        browser = Browser(program, profile, home)
        try:
            yield browser
        finally:
            browser.close()


def main() -> None:
    """Look at the site of the first argument; the pictures go to the folder of the second."""
    site, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with browsing(site) as browser:
        complaints = [*looked_at(browser, site, folder), *searched(browser, folder)]
    print(*complaints, sep="\n")
    sys.exit(f"{len(complaints)} complaints" if complaints else 0)


if __name__ == "__main__":
    main()
