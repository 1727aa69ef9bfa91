"""The verifier: says where the provider and its pacts are, and asks the core whether they agree."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from pact_ffi.core.matching import check_syntax
from pact_ffi.errors import InvalidInputError, PactFileError, PactWarning, PluginError, VerificationError
from pact_ffi.pact_file.session import settle
from pact_ffi.provider.settings import Settings, Transport, provider_address
from pact_ffi.reporting.observers import observers
from pact_ffi.values.http import is_token
from pact_ffi.values.limits import is_integer

# The rest is imported where it is used: whoever imports all names, and only tests a consumer, should not pay for it.
if TYPE_CHECKING:
    from typing_extensions import Unpack

    from pact_ffi.broker.selectors import BrokerSelectorBuilder, Selection
    from pact_ffi.broker.settings import Reach
    from pact_ffi.provider.results import VerificationResult
    from pact_ffi.provider.wire import RequestFilter


class Verifier:
    """Verifies the provider ``name``; every method but `verify` only takes notes, so their order does not matter.

    ``host`` is where transports without a URL listen.

    >>> verifier = Verifier("orders").add_source("pacts").app(app).state_handler({"order 7 exists": lambda: None})
    >>> verifier.verify().result.success
    True
    """

    def __init__(self, name: str, host: str | None = None) -> None:
        if not isinstance(name, str) or not name.strip():
            raise InvalidInputError(f"a verifier needs the provider's name, not {name!r}")
        self._settings = Settings(name, host or "localhost")
        self._result: VerificationResult | None = None

    def __str__(self) -> str:
        return f"Verifier({self._settings.name})"

    def __repr__(self) -> str:
        return f"<Verifier: {self._settings.name}, handle=VerifierHandle({id(self._settings):#x})>"

    def add_transport(
        self,
        target: Any = None,
        /,
        *,
        url: Any = None,
        protocol: str | None = None,
        port: int | None = None,
        path: str | None = None,
        scheme: str | None = None,
    ) -> Verifier:
        """Add an address of the provider; the first one for HTTP is the main one.

        An interaction that names a transport is verified at the address that was added for it. One whose transport
        was not added fails, except that ``http`` and ``https`` stand for the main address.

        ``add_transport("http://localhost:8080/base")`` is the short form, ``add_transport("message", port=8081)`` too.

        Args:
            target: A URL, or the name of a protocol.
            url: The URL, without credentials, query and fragment.
            protocol: ``"http"`` (the default), ``"message"``, or what a plugin calls its own.
            port: Where there is no URL: the port on the verifier's host, by default 80 or 443.
            path: The path below which the provider answers.
            scheme: ``"http"`` or ``"https"``.

        Raises:
            InvalidInputError: An address that cannot be one, or that is on another host than the first.

        >>> verifier = Verifier("orders").add_transport(url="http://localhost:8000/api")
        """
        if target is not None and "://" in str(target):
            url = target if url is None else f"{target} {url}"
        elif target is not None:
            protocol = str(target)
        settings = self._settings
        if url is not None:
            if any(part is not None for part in (port, path, scheme)):
                raise InvalidInputError("give a transport as a URL, or as port, path and scheme; not both")
            scheme, host, port, path = provider_address(str(url))
        else:
            if protocol is None and port is None:
                raise InvalidInputError("a transport needs a URL, or a protocol and port")
            scheme, host = scheme or ("https" if protocol == "https" else "http"), settings.host
        port = port if port is not None else 443 if scheme == "https" else 80
        if not is_integer(port, 1, 65535):
            raise InvalidInputError(f"the port must be a number from 1 to 65535, not {port!r}")
        transport = Transport(protocol or "http", host, port, path or "", scheme)
        first = settings.transports[0] if settings.transports else transport
        if _machine(first.host) != _machine(host):
            raise InvalidInputError(f"all transports must be on one host, not on {first.host} and {host}")
        settings.transports.append(transport)
        return self

    def app(self, app: Any) -> Verifier:
        """Verify a WSGI or ASGI application itself, without a server.

        It is called in the thread of the test: it sees the test's database connection and transaction, its exception
        is the failure that is reported, and a debugger stops in it. An ASGI application runs on the event loop of
        the handlers, which in `verify_async` is that of the test; its start-up and shutdown run.
        """
        if not callable(app) or isinstance(app, type):
            raise InvalidInputError(f"an application must be a WSGI or ASGI callable, not {app!r}")
        self._settings.app = app
        return self

    def add_source(
        self,
        source: Any,
        *,
        username: str | None = None,
        password: str | None = None,
        token: str | None = None,
        recursive: bool = False,
        **reach: Unpack[Reach],
    ) -> Verifier:
        """Add pacts: a file, a folder (of the pacts in it those of this provider), or one pact by http(s) URL.

        The other keywords are for URLs; see `broker_source`. Raises `PactFileError` when there is no such file or
        folder.
        """
        if re.match(r"(?i)https?://", str(source)):
            return self._remote(str(source), reach, username, password, token, use_env=False)
        if reach or any(value is not None for value in (username, password, token)):
            raise InvalidInputError(f"credentials and certificates are for URLs; {source!s} is a path")
        if not isinstance(source, (str, os.PathLike)) or "\0" in str(source):
            raise InvalidInputError(f"a source is a path or an http(s) URL, not {source!r}")
        settle()
        path = Path(source).absolute()
        if not os.path.exists(path):  # unlike the path's own method, it raises nothing for a name that is too long
            raise PactFileError(f"no pact file or folder {path}")
        self._settings.files.append((path, recursive))
        return self

    def webhook_source(self, url: str | None = None, **reach: Unpack[Reach]) -> Verifier:
        """Add the one pact whose URL a broker's webhook gave, with the broker credentials of the environment.

        ``url`` defaults to ``PACT_URL``; with `set_publish_options` the result goes back to the broker. The other
        keywords are those of `broker_source`.
        """
        address = url or os.environ.get("PACT_URL")
        if not address:
            raise InvalidInputError("no pact URL: pass one or set PACT_URL")
        return self._remote(address, reach)

    def _remote(self, url: str, reach: Reach, *login: str | None, use_env: bool = True) -> Verifier:
        from pact_ffi.broker.hal import HalClient
        from pact_ffi.broker.selection import PactSource
        from pact_ffi.broker.settings import BrokerSettings, Connection

        without_user = re.sub(r"(?<=://)[^/?#]*@", "", url.strip())
        client = HalClient(BrokerSettings(url, *login, use_env=use_env), Connection(**reach))
        self._settings.remotes.append(PactSource(client, without_user))
        return self

    @overload
    def broker_source(
        self,
        url: Any = ...,
        *,
        username: Any = ...,
        password: Any = ...,
        token: Any = ...,
        use_env: bool = ...,
        selector: Literal[False] = ...,
        **options: Unpack[Selection],
    ) -> Verifier: ...
    @overload
    def broker_source(
        self,
        url: Any = ...,
        *,
        username: Any = ...,
        password: Any = ...,
        token: Any = ...,
        selector: Literal[True],
        use_env: bool = ...,
        **options: Unpack[Selection],
    ) -> BrokerSelectorBuilder[Verifier]: ...
    def broker_source(
        self,
        url: Any = None,
        *,
        username: Any = None,
        password: Any = None,
        token: Any = None,
        selector: bool = False,
        use_env: bool = True,
        **options: Unpack[Selection],
    ) -> Verifier | BrokerSelectorBuilder[Verifier]:
        """Add the pacts that a broker has for this provider.

        What is not given of URL and credentials comes from ``PACT_BROKER_BASE_URL``, ``_USERNAME``, ``_PASSWORD`` and
        ``_TOKEN`` unless ``use_env`` is false.

        Args:
            url: The broker's base URL.
            username: For basic authentication, with ``password``.
            password: See ``username``.
            token: A bearer token.
            selector: Return a builder that says which pacts, instead of the verifier.
            use_env: Whether the environment counts.
            options: Which pacts, as keywords: ``consumer_versions`` (consumer version selectors), ``consumer_tags``,
                ``provider_branch``, ``provider_tags``, ``include_pending``, ``include_wip_since``. And how the broker
                is reached: ``verify`` (True, False, or a PEM file of certificate authorities), ``cert`` (a client
                certificate, or a pair of files), ``timeout`` (seconds for one answer), ``retries`` (after 429, 502,
                503 and refused connections).

        Raises:
            InvalidInputError: A missing URL, impossible credentials or selectors, or a file that is not there.

        >>> builder = Verifier("orders").broker_source(broker_url, selector=True).consumer_version(main_branch=True)
        >>> verifier = builder.consumer_version(deployed_or_released=True).include_pending().build()
        """
        from pact_ffi.broker.hal import HalClient
        from pact_ffi.broker.selection import PactSource
        from pact_ffi.broker.selectors import BrokerSelectorBuilder, separated
        from pact_ffi.broker.settings import BrokerSettings, Connection

        login = BrokerSettings(url and str(url), username, password, token, use_env=use_env)
        reach, chosen = separated(options)
        builder = BrokerSelectorBuilder(self).chosen(**chosen)
        self._settings.remotes.append(PactSource(HalClient(login, Connection(**reach)), login.url, builder))
        return builder if selector else self

    def state_handler(self, handler: Any, *, teardown: bool = False, body: bool | None = None) -> Verifier:
        """Set what brings the provider into a state.

        It may be plain or async, and may ``yield`` once: what comes before is setup, what comes after is teardown,
        which runs after the interaction, also when that fails. What it returns or yields, as a mapping, dataclass or
        model, is the values for the pact's ``provider_state`` generators. What it raises is the failure of
        the interaction.

        Args:
            handler: A function, called with as many of ``state``, ``action`` and ``parameters`` as it takes; a dict
                from state to function, or an object with a method for each state (these get the parameters of
                the state by name, too: ``def order_exists(id)``); or a URL, which is posted to.
            teardown: Call it after each interaction, too, and give it ``action`` (``"setup"`` or ``"teardown"``) by
                position.
            body: What a URL gets: JSON in the body, or a query.

        Raises:
            InvalidInputError: A handler that cannot be called, or that needs what a state change does not have.

        >>> def order_exists(parameters):
        ...     yield {"id": 7}  # from the database, for `generate.provider_state`
        >>> verifier.state_handler({"order 7 exists": order_exists}).verify().result.success
        True
        """
        from pact_ffi.provider.states import state_function

        self._settings.state = state_function(handler, teardown=teardown, body=body)
        self._settings.teardown = teardown
        return self

    def message_handler(self, handler: Any) -> Verifier:
        """Set what produces the provider's messages.

        A function of ``name`` and ``metadata`` (for synchronous messages also ``request``), or a dict from
        description or provider state to a function or a message: a `Message`, bytes, str, dict or list. For a
        synchronous message with several responses it returns a list of as many. It may be async, and may ``yield``
        the message and clean up afterwards. Raises `InvalidInputError` for what cannot be a handler.

        >>> verifier = Verifier("orders").add_source("messages")
        >>> verifier.message_handler({"an order was paid": lambda: {"id": 12}}).verify().result.success
        True
        """
        from pact_ffi.provider.messages import message_function

        self._settings.message = message_function(handler)
        return self

    def request_filter(self, function: RequestFilter) -> Verifier:
        """Set a function that may change each request (method, target, headers, body) before the provider gets it.

        It changes the `Request` it is given, or returns another, and may be async. What it raises is the failure of
        the interaction. Requests then go through a relay on loopback.

        >>> def sign(request):
        ...     request.headers["Authorization"] = "Bearer token"
        >>> verifier.request_filter(sign).verify().result.success
        True
        """
        if not callable(function):
            raise InvalidInputError(f"a request filter must be a function of a request, not {function!r}")
        self._settings.request_filter = function
        return self

    def set_publish_options(
        self, version: str, url: str | None = None, branch: str | None = None, tags: Iterable[str] | None = None
    ) -> Verifier:
        """Publish the results of pacts from a broker for the provider's ``version``; ``url`` is the build's."""
        from pact_ffi.broker.results import ProviderVersion

        if not isinstance(version, str) or not version.strip():
            raise InvalidInputError(f"publishing needs the provider's version, not {version!r}")
        listed = [tags] if isinstance(tags, str) else list(tags) if isinstance(tags, Iterable) else tags or []
        if not isinstance(listed, list) or not all(isinstance(tag, str) for tag in listed):
            raise InvalidInputError(f"tags are a list of texts, not {tags!r}")
        self._settings.publish = ProviderVersion(version, branch, listed, url)
        return self

    def filter(self, description: str | None = None, *, state: str | None = None, no_state: bool = False) -> Verifier:
        """Verify only what these regexes find in description and state, or (``no_state``) what has no state.

        Raises `InvalidInputError` for a regex that does not compile, and for a state beside ``no_state``.
        """
        if no_state and state is not None:
            raise InvalidInputError(f"filter by state {state!r}, or by no_state=True; nothing can match both")
        for pattern in (description, state):
            if pattern is not None:
                check_syntax(pattern, "the filter")
        asked = [] if description is None else [f"description {description!r}"]
        if no_state:
            asked.append("without a state")
        elif state is not None:
            asked.append(f"state {state!r}")
        self._settings.filters = asked
        return self._call("set_filter_info", description, state, no_state)

    def filter_consumers(self, *names: str) -> Verifier:
        """Verify only the pacts of these consumers."""
        self._settings.consumers += names
        return self

    def add_custom_header(self, name: str, value: str) -> Verifier:
        """Send this header with every request, in the place of the pact's."""
        texts = isinstance(name, str) and isinstance(value, str)
        if not texts or not is_token(name) or re.search(r"[\r\n\0]", value):
            raise InvalidInputError(f"invalid header {name!r}: its name or its value cannot be sent")
        for spelling in dict.fromkeys((name, name.lower(), name.title(), name.upper())):
            self._call("add_custom_header", spelling, value)  # the core replaces what is spelled the same only
        return self

    def add_custom_headers(self, headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> Verifier:
        """Send these headers with every request."""
        try:
            pairs = dict(headers)
        except (TypeError, ValueError):
            raise InvalidInputError("custom headers must be a dict, or pairs of name and value") from None
        for name, value in pairs.items():
            self.add_custom_header(name, value)
        return self

    def set_request_timeout(self, timeout: int) -> Verifier:
        """Wait at most ``timeout`` milliseconds for each answer of the provider (5000 unless set).

        The time of state and message handlers does not count; `set_time_limit`, in seconds, ends those.
        """
        if not is_integer(timeout, 1):
            raise InvalidInputError(f"the request timeout must be a positive number of milliseconds, not {timeout!r}")
        self._settings.request_timeout_ms = timeout
        return self

    def set_time_limit(self, seconds: float | None) -> Verifier:
        """End the whole run as a failure after ``seconds``; `result` has what was found until then.

        A handler that still runs is named. It is interrupted in the main thread of POSIX systems, and when it is
        async; elsewhere the run ends when it returns.
        """
        if seconds is not None and (type(seconds) not in (int, float) or not seconds > 0):
            raise InvalidInputError(f"the time limit must be a positive number of seconds, not {seconds!r}")
        self._settings.time_limit = seconds
        return self

    def set_workers(self, count: int, *, independent_states: bool = False) -> Verifier:
        """Verify up to ``count`` interactions at the same time (1 unless set), each in a thread of the core.

        The results are the same, in the same order. It is quicker where there are processor cores for it, or where the
        provider takes its time. An application in this process and pacts with plugins need one worker.

        >>> verifier = Verifier("orders").add_transport(url="http://localhost:8000").set_workers(2)

        Args:
            count: How many interactions may be under way at the same time.
            independent_states: That provider states of several interactions may be set up at the same time, in any
                order; with a state handler or a message handler, several workers are refused otherwise. The handlers
                are still called in the thread of the test, one after the other.

        Raises:
            InvalidInputError: A number below 1.
        """
        if not is_integer(count, 1):
            raise InvalidInputError(f"the number of workers must be a positive integer, not {count!r}")
        self._settings.workers = count
        self._settings.independent_states = bool(independent_states)
        return self

    def set_coloured_output(self, *, enabled: bool = True) -> Verifier:
        """Colour `output`."""
        return self._call("set_coloured_output", enabled)

    def set_error_on_empty_pact(self, *, enabled: bool = True) -> Verifier:
        """Fail when nothing was verified (the default), or let that pass."""
        self._settings.empty_is_error = enabled
        return self

    def disable_ssl_verification(self) -> Verifier:
        """Accept any certificate of an https provider; a broker's is checked all the same."""
        self._settings.disable_ssl = True
        return self

    def follow_redirects(self, follow: bool = True) -> Verifier:
        """Follow the provider's redirects (the default), or verify the redirect itself."""
        self._settings.follow_redirects = bool(follow)
        return self

    def _call(self, *call: Any) -> Verifier:
        self._settings.calls.append(call)
        return self

    def verify(self) -> Verifier:
        """Verify every interaction.

        Raises `VerificationError` with a readable report when the provider breaks a pact, when a pact is malformed or
        another provider's, when nothing was verified, or when the results could not be published. `UsageError` says
        that something is missing to begin at all.
        """
        from pact_ffi.provider.run import Run

        self._result = None
        try:
            return self._concluded(Run(self._settings).execute())
        except (PactFileError, PluginError) as error:
            raise VerificationError(str(error)) from error

    async def verify_async(self) -> Verifier:
        """Do what `verify` does, on the running event loop: ``await verifier.verify_async()`` in an async test.

        The application and the handlers run on the loop of the test, in its own task, so that the async engines,
        sessions and clients of its fixtures work in them. Raises as `verify` does.
        """
        from pact_ffi.provider.run import Run

        self._result = None
        try:
            return self._concluded(await Run(self._settings).execute_async())
        except (PactFileError, PluginError) as error:
            raise VerificationError(str(error)) from error

    def _concluded(self, result: VerificationResult) -> Verifier:
        from pact_ffi.provider.report import details, records_of, render_report
        from pact_ffi.reporting.differences import coloured_terminal
        from pact_ffi.reporting.screen import one_line

        self._result = result
        for observe in observers:
            for record in records_of(result):
                observe(record)
        if pending := [item for item in result.interactions if item.outcome == "pending"]:
            told = f"{len(pending)} pending interaction{'' if len(pending) == 1 else 's'} failed, which fails nothing"
            why = details(pending[0], result)[0]
            warnings.warn(PactWarning(f"{told}; the first is {one_line(str(pending[0]))}: {why}"), stacklevel=3)
        if not result.success:
            failures = [failure for item in result.failed for failure in item.failures]
            text = render_report(result, colour=coloured_terminal())
            raise VerificationError(text) from (failures[0].error if failures else None)
        return self

    @property
    def result(self) -> VerificationResult | None:
        """What the last run found, as objects; ``None`` before."""
        return self._result

    @property
    def results(self) -> dict[str, Any]:
        """The core's own JSON of the last run, in which the values of secrets are hidden; empty before."""
        return self._result.raw if self._result else {}

    @property
    def logs(self) -> str:
        """What the core logged in the last run, at the level that Python's loggers let by: warnings, unless told."""
        return self._result.logs if self._result else ""

    def output(self, *, strip_ansi: bool = False) -> str:
        """Return the core's own report of the last run."""
        from pact_ffi.provider.core_report import ANSI

        text = "\n".join(self.results.get("output", ()))
        return ANSI.sub("", text) if strip_ansi else text


def _machine(host: str) -> str:
    return "loopback" if host in ("localhost", "127.0.0.1", "::1") else host.lower()
