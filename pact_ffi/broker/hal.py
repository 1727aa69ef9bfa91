"""What a Pact Broker says: JSON objects with links (HAL), asked for with patience, refused in readable words.

No message, repr or log made here holds a secret.
"""

from __future__ import annotations

import json
import logging
import re
import time
from typing import Any, NoReturn, TypeVar
from urllib.parse import urljoin

from pact_ffi.broker.address import expand, on_ours, same_origin, shown, split
from pact_ffi.broker.settings import BrokerSettings, Connection
from pact_ffi.broker.transport import Answer, NoAnswer, ask
from pact_ffi.errors import BrokerError

Kind = TypeVar("Kind")
_log = logging.getLogger("pact.broker")
_ACCEPT = "application/hal+json, application/json, */*;q=0.1"
_NAMES: dict[Any, str] = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
_DEEPEST = 128  # levels; the core reads no more either
_REDIRECTS = 5
_FIRST_WAIT = 0.25  # seconds before the first repetition; it doubles with each
# The first two say that nothing was done; after the third the broker may have done it.
_NOT_NOW, _BAD_GATEWAY = (429, 503), 502


class Resource:
    """A JSON object that the broker sent, or a part of one; ``asked`` says what was asked for it.

    ``settings`` are those of the broker. What the broker wrote may have our secrets in it, so what is shown of it goes
    through `said` or `error`.
    """

    def __init__(self, content: dict[str, Any], asked: str, settings: BrokerSettings) -> None:
        self.content, self.asked, self._settings = content, asked, settings

    def said(self, *path: str) -> str:
        """Return what is at ``path`` as a text for people, and "" where there is nothing."""
        here: Any = self.content
        for step in path:
            here = here.get(step) if isinstance(here, dict) else None
        return self._settings.scrub("" if here is None else str(here))

    def error(self, problem: str, status: int | None = None) -> BrokerError:
        """Return what to raise for this answer."""
        return BrokerError(self._settings.scrub(f"{self.asked}: {problem}"), status)

    def value(self, kind: type[Kind], *path: str, default: Kind | None = None) -> Kind:
        """Return what is at ``path``, or ``default`` where there is nothing or null.

        Raises `BrokerError` for a value of another kind, and for a missing one without a ``default``.
        """
        here: Any = self.content
        for number, step in enumerate(path):
            if not isinstance(here, dict):
                self._wrong(path[:number], dict, here)
            here = here.get(step)
            if here is None:
                break
        if here is None and default is not None:
            return default
        if not isinstance(here, kind):
            self._wrong(path, kind, here)
        return here

    def objects(self, *path: str) -> list[Resource]:
        """Return the objects in the list at ``path``; none where there is no list."""
        items = self.value(list, *path, default=[])
        for number, item in enumerate(items):
            if not isinstance(item, dict):
                self._wrong((*path, str(number)), dict, item)
        return [Resource(item, self.asked, self._settings) for item in items]

    def embedded(self) -> list[Resource]:
        """Return the items of a collection, whatever the collection is called."""
        names = self.value(dict, "_embedded", default={})
        return [item for name in names for item in self.objects("_embedded", name)]

    def link(self, relation: str, name: str | None = None, /, **values: str) -> str | None:
        """Return a relation's target (of several, the one called ``name``) with ``values`` in its template, or None."""
        for link in self.links(relation):
            if name in (None, link.get("name")):
                return self._target(relation, expand(link["href"], **values))
        return None

    def links(self, relation: str) -> list[dict[str, Any]]:
        """Return the links of a relation, each with an ``href``."""
        links = self.value(dict, "_links", default={}).get(relation) or []
        listed = links if isinstance(links, list) else [links]
        for link in listed:
            if not isinstance(link, dict) or not isinstance(link.get("href"), str):
                raise self.error(f"the link {relation} must be an object with an href, not {_cut(link)}")
        return listed

    def required(self, relation: str, /, **values: str) -> str:
        """Return a relation's target, or raise `BrokerError` if the broker does not offer it."""
        url = self.link(relation, **values)
        if url is None:
            raise self.error(f"the answer has no link {relation}; is this version of the broker too old?")
        return url

    def _target(self, relation: str, href: str) -> str:
        base = self._settings.url
        try:
            return on_ours(base, urljoin(base + "/", href))
        except ValueError:
            raise self.error(f"the link {relation} is not a URL: {_cut(href)}") from None

    def _wrong(self, path: tuple[str, ...], kind: Any, value: Any) -> NoReturn:
        where = ".".join(path) or "the answer"
        if value is None:
            raise self.error(f"{where} is missing in the broker's answer")
        raise self.error(f"{where} must be {_NAMES[kind]}, not {_cut(value)}")


class HalClient:
    """Requests to one broker."""

    def __init__(self, settings: BrokerSettings, connection: Connection | None = None) -> None:
        self.settings, self.url = settings, settings.url
        self._connection = connection or Connection()

    def __repr__(self) -> str:
        return f"<HalClient {self.url}>"

    def index(self) -> Resource:
        """Return the broker's index, where all links start."""
        index = self.send("GET", self.url if split(self.url).path else self.url + "/")
        if not isinstance(index.content.get("_links"), dict):
            raise BrokerError(f"{self.url} answered, but not with a Pact Broker's index: is this its base URL?")
        return index

    def send(
        self,
        method: str,
        url: str,
        body: bytes | dict[str, Any] | None = None,
        *,
        kind: str = "application/json",
        repeatable: bool = True,
    ) -> Resource:
        """Make one request and return the JSON object of the answer ({} if it is empty).

        It is made again, after a wait that is told in the log, where the connection was refused and after 429 and 503;
        after 502 only if it is ``repeatable``, because then the broker may have done what it was asked for.

        Raises:
            BrokerError: The broker refused, could not be reached, or did not answer as a broker does.
        """
        asked = self.settings.scrub(f"{method} {shown(url)}")
        answer = self._answer(method, url, body, kind, asked, repeatable)
        content = _decoded(answer)
        if answer.status // 100 == 2 and isinstance(content, dict):
            if _deeper(content, _DEEPEST):
                raise BrokerError(f"{asked}: the answer is nested more than {_DEEPEST} levels deep")
            return Resource(content, asked, self.settings)
        raise self._refusal(answer, content, url, asked)

    def _answer(self, method: str, url: str, body: Any, kind: str, asked: str, repeatable: bool) -> Answer:
        """Return the answer at the end of all redirects and repetitions."""
        retried = (*_NOT_NOW, _BAD_GATEWAY) if repeatable else _NOT_NOW
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        for attempt in range(self._connection.retries + 1):
            last, pause = attempt == self._connection.retries, _FIRST_WAIT * 2**attempt
            try:
                answer = self._followed(method, url, data, kind, asked)
            except NoAnswer as error:
                reason = self.settings.scrub(str(error))
                if last or not error.refused:
                    raise BrokerError(f"{asked}: {reason}") from None
            else:
                pause = max(pause, _seconds(answer.headers.get("Retry-After")))
                # A broker that wants to be left alone for longer than we wait for an answer is not available.
                if answer.status not in retried or last or pause > self._connection.timeout:
                    return answer
                reason = f"{answer.status} {answer.reason}".strip()
            number = f"{attempt + 1} of {self._connection.retries}"
            _log.warning("%s: %s; asking again in %.3g s (%s)", asked, reason, pause, number)
            time.sleep(pause)
        raise AssertionError

    def _followed(self, method: str, url: str, data: bytes | None, kind: str, asked: str) -> Answer:
        """Make one request, and follow redirects of a GET; a redirected POST would arrive as a GET and look good."""
        settings = self.settings
        if settings.given and not same_origin(self.url, url):
            base = shown(self.url)
            raise BrokerError(f"{asked}: this is not the host of {base}, so the credentials were not sent there")
        headers = {"Accept": _ACCEPT, **({"Content-Type": kind} if data is not None else {})}
        for _ in range(_REDIRECTS + 1):
            # Anything that is true keeps requests from reading netrc.
            ours = same_origin(self.url, url)
            answer = ask(method, url, data, headers, settings if ours else _unsigned, self._reach(ours))
            target = answer.headers.get("Location")
            if method != "GET" or answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            try:
                url = on_ours(self.url, urljoin(url, target))
            except ValueError:
                said = self.settings.scrub(_cut(target))
                raise BrokerError(f"{asked}: the broker redirects to {said}, which is not a URL") from None
        raise BrokerError(f"{asked}: the broker redirects in circles")

    def _reach(self, ours: bool) -> Connection:
        """Return the connection's settings; a foreign host does not get to see our certificate."""
        own = self._connection
        return own if ours else Connection(own.verify, None, own.timeout, own.retries)

    def _refusal(self, answer: Answer, content: Any, url: str, asked: str) -> BrokerError:
        said = "\n".join(_texts(content))[:4000] or _plain(answer.body)
        status = answer.status
        if status // 100 == 2:
            kind = answer.headers.get("Content-Type", "something else")
            said = f"expected a JSON object, got {kind}: {said}"
        elif status // 100 == 3:
            said = f"use the address it points to, {_cut(answer.headers.get('Location', 'which it does not name'))}"
        elif status in (401, 403):
            given = self.settings.given
            said = f"{'the credentials were refused' if given else 'no credentials were given'}. {said}"
        text = f"{asked}: {status} {answer.reason}: {said}".rstrip(": ")
        return BrokerError(self.settings.scrub(text), status)


def _unsigned(request: Any) -> Any:
    return request


def _decoded(answer: Answer) -> Any:
    if not answer.body.strip():
        return {}
    try:
        return json.loads(answer.body, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError):
        return None


def _refused(text: str) -> NoReturn:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if number - number == 0 else _refused(text)


def _deeper(content: Any, limit: int) -> bool:
    level = [content]
    for _ in range(limit):
        children = (item.values() if isinstance(item, dict) else item for item in level)
        level = [child for items in children for child in items if isinstance(child, (dict, list))]
        if not level:
            return False
    return True


def _seconds(retry_after: str | None) -> float:
    """Return the seconds in a Retry-After header, which may be a date."""
    if not retry_after:
        return 0
    if re.fullmatch(r"\d{1,9}", retry_after.strip()):
        return int(retry_after)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0


def _texts(value: Any, name: str = "", depth: int = 0) -> list[str]:
    """What a refusal says, in any of the broker's forms: notices, errors by field, an error, a problem document."""
    if depth > 10:
        return []
    if isinstance(value, dict):
        known = ("notices", "logs", "errors", "error", "detail", "text", "message", "title")
        first = next((value[key] for key in known if value.get(key)), None)
        if first:
            return _texts(first, name, depth + 1)
        return [text for key in value for text in _texts(value[key], str(key), depth + 1)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item, name, depth + 1)]
    return [] if value is None else [f"{name}: {value}" if name else str(value)]


def _plain(page: bytes) -> str:
    text = page[:20_000].decode("utf-8", "replace")
    without = re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>", " ", text)
    return " ".join(without.split())[:300]


def _cut(value: Any) -> str:
    text = repr(value) if not isinstance(value, (dict, list)) else json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
