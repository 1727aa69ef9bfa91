"""Applications verified in process: called in the thread and in the event loop of the test."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, Request, UploadFile
from fastapi.responses import RedirectResponse, StreamingResponse

from pact_ffi.errors import InvalidInputError, PactWarning, UsageError, VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import http_interaction, pact

Write = Callable[..., Path]


def flask_app(name: str) -> Any:
    from flask import Flask, jsonify

    app = Flask("customers")
    app.add_url_rule("/customers/<int:number>", view_func=lambda number: jsonify(id=number, name=name))
    return app


def fastapi_app(name: str) -> Any:
    app = FastAPI()

    @app.get("/customers/{number}")
    async def customer(number: int) -> dict[str, Any]:
        return {"id": number, "name": name}

    return app


def django_app(name: str, kind: str) -> Any:
    import django
    from django.conf import settings
    from django.core.asgi import get_asgi_application
    from django.core.wsgi import get_wsgi_application
    from django.http import JsonResponse
    from django.urls import path

    if not settings.configured:
        settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], DEBUG=True, SECRET_KEY="x")
        django.setup()
    urlpatterns[:] = [
        path("customers/<int:number>", lambda request, number: JsonResponse({"id": number, "name": name}))
    ]
    django.urls.clear_url_caches()
    return get_wsgi_application() if kind == "wsgi" else get_asgi_application()


urlpatterns: list[Any] = []


def verified(app: Any, source: Path, tune: Callable[[Verifier], Any] = lambda verifier: None) -> Verifier:
    """Verify from plain code, then inside of a running event loop, then on it: each must lead to the same."""
    verifier = Verifier("CustomerService").app(app).add_source(source)
    tune(verifier)
    verifier.verify()

    async def inside() -> None:
        verifier.verify()

    asyncio.run(inside())
    asyncio.run(verifier.verify_async())
    return verifier


def failure(app: Any, source: Path, tune: Callable[[Verifier], Any] = lambda verifier: None) -> str:
    texts = []
    verifier = Verifier("CustomerService").app(app).add_source(source)
    tune(verifier)
    with pytest.raises(VerificationError) as caught:
        verifier.verify()
    texts.append(str(caught.value))
    with pytest.raises(VerificationError) as caught:
        asyncio.run(verifier.verify_async())
    texts.append(str(caught.value))
    assert texts[0] == texts[1]
    return texts[0]


def interaction(
    method: str = "GET", path: str = "/", *, request: Any = None, response: Any = None, status: int = 200, **more: Any
) -> dict[str, Any]:
    return http_interaction(
        f"{method} {path}",
        request={"method": method, "path": path, **(request or {})},
        response={"status": status, **(response or {})},
        **more,
    )


def text(content: str, kind: str = "text/plain") -> dict[str, Any]:
    return {"headers": {"Content-Type": [kind]}, "body": {"content": content, "contentType": kind, "encoded": False}}


@pytest.mark.parametrize(
    "make",
    [flask_app, fastapi_app, lambda name: django_app(name, "wsgi"), lambda name: django_app(name, "asgi")],
    ids=["flask", "fastapi", "django-wsgi", "django-asgi"],
)
def test_an_application_passes_and_its_broken_version_fails(make: Callable[[str], Any], write: Write) -> None:
    source = write(pact(http_interaction()))
    verified(make("Alice"), source)
    assert "body $.name" in failure(make("Bob"), source)


class Recorder:
    """A bare application, as WSGI and as ASGI, that answers 200 and keeps what it was asked, and in which thread."""

    def __init__(self, body: bytes = b"", headers: Any = ()) -> None:
        self.body, self.headers = body, list(headers)
        self.threads: list[threading.Thread] = []
        self.environs: list[dict[str, Any]] = []
        self.scopes: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.threads.append(threading.current_thread())
        self.environs.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        start_response("200 OK", self.headers)
        return [self.body]

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise ValueError("no lifespan")
        self.threads.append(threading.current_thread())
        self.scopes.append(scope)
        self.bodies.append((await receive())["body"])
        headers = [(name.lower().encode(), value.encode()) for name, value in self.headers]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def test_it_runs_in_the_thread_of_the_test(write: Write) -> None:
    source = write(pact(interaction()))
    recorder = Recorder()
    verified(recorder.wsgi, source)
    Verifier("CustomerService").app(recorder.asgi).add_source(source).verify()
    asyncio.run(Verifier("CustomerService").app(recorder.asgi).add_source(source).verify_async())
    assert recorder.threads == [threading.current_thread()] * 5


def test_plain_endpoints_of_fastapi_run_there_too(write: Write) -> None:
    app, threads = FastAPI(), []

    def dependency() -> Iterator[None]:
        threads.append(threading.current_thread())
        yield
        threads.append(threading.current_thread())

    @app.get("/", dependencies=[Depends(dependency)])
    def endpoint() -> None:
        threads.append(threading.current_thread())
        asyncio.run(asyncio.sleep(0))  # as it may do in a worker thread

    source = write(pact(interaction()))
    Verifier("CustomerService").app(app).add_source(source).verify()
    asyncio.run(Verifier("CustomerService").app(app).add_source(source).verify_async())
    assert threads == [threading.current_thread()] * 6


def test_what_a_wsgi_application_is_asked(write: Write) -> None:
    request = {
        "query": {"q": ["a b"], "n": ["1", "2"]},
        "headers": {"Content-Type": ["application/json"], "X-One": ["1, 2"], "Cookie": ["a=b; c=d"]},
        "body": {"content": {"a": "ü"}, "contentType": "application/json", "encoded": False},
    }
    recorder = Recorder()
    verified(recorder.wsgi, write(pact(interaction("POST", "/men%C3%BC/x", request=request))))
    for environ, body in zip(recorder.environs, recorder.bodies, strict=True):
        assert (environ["REQUEST_METHOD"], environ["SCRIPT_NAME"]) == ("POST", "")
        assert environ["PATH_INFO"].encode("latin-1").decode() == "/menü/x"
        assert environ["QUERY_STRING"] in ("q=a+b&n=1&n=2", "n=1&n=2&q=a+b", "q=a%20b&n=1&n=2", "n=1&n=2&q=a%20b")
        assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("application/json", str(len(body)))
        assert (environ["HTTP_X_ONE"], environ["HTTP_COOKIE"]) == ("1, 2", "a=b; c=d")
        assert body == '{"a":"ü"}'.encode()
        assert environ["wsgi.url_scheme"] == "http" and environ["SERVER_PROTOCOL"] == "HTTP/1.1"


def test_what_an_asgi_application_is_asked(write: Write) -> None:
    request = {"query": {"q": ["a b"]}, "headers": {"X-One": ["1"]}}
    recorder = Recorder()
    verified(recorder.asgi, write(pact(interaction("GET", "/men%C3%BC", request=request))))
    for scope in recorder.scopes:
        assert (scope["type"], scope["method"], scope["path"]) == ("http", "GET", "/menü")
        assert scope["raw_path"] == b"/men%C3%BC" and scope["root_path"] == ""
        assert scope["query_string"] in (b"q=a+b", b"q=a%20b")
        assert (b"x-one", b"1") in scope["headers"]


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_large_bodies_go_both_ways(kind: str, write: Write) -> None:
    big = "x" * 3_000_000
    recorder = Recorder(big.encode(), [("Content-Type", "text/plain")])
    verified(getattr(recorder, kind), write(pact(interaction("POST", "/", request=text(big), response=text(big)))))
    assert {len(body) for body in recorder.bodies} == {len(big)}


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_head_has_no_body_and_no_content_does_not_either(kind: str, write: Write) -> None:
    recorder = Recorder(b"hello", [("Content-Length", "5")])
    head = interaction("HEAD", "/", response={"headers": {"Content-Length": ["5"]}})
    verified(getattr(recorder, kind), write(pact(head)))


def test_streams_files_cookies_redirects_and_background_tasks(write: Write) -> None:
    app, done = FastAPI(), []

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[str]:
            for part in "abc":
                await asyncio.sleep(0.001)
                yield part

        return StreamingResponse(parts(), media_type="text/plain")

    @app.get("/plain-stream")
    def plain_stream() -> StreamingResponse:
        return StreamingResponse(iter("abc"), media_type="text/plain")

    @app.post("/file")
    async def upload(file: UploadFile) -> Any:
        return {"name": file.filename, "size": len(await file.read())}

    @app.get("/cookie")
    async def cookie(request: Request) -> Any:
        return {"got": request.cookies["session"]}

    @app.get("/moved")
    async def moved() -> RedirectResponse:
        return RedirectResponse("/cookie")

    @app.get("/background")
    async def background(tasks: BackgroundTasks) -> None:
        async def task() -> None:
            await asyncio.sleep(0.05)
            done.append(True)

        tasks.add_task(task)

    def state(state: str) -> None:
        if state:
            seen.append(len(done))

    seen: list[int] = []
    boundary = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--b--\r\n'
    json_type = {"Content-Type": ["application/json"]}
    upload_request = text(boundary, "multipart/form-data; boundary=b")

    def json_body(content: Any) -> dict[str, Any]:
        return {
            "headers": json_type,
            "body": {"content": content, "contentType": "application/json", "encoded": False},
        }

    cookies = {"headers": {"Cookie": ["session=s1"]}}
    utf8 = {"headers": {"Content-Type": ["text/plain; charset=utf-8"]}, "body": text("abc")["body"]}
    source = write(
        pact(
            interaction("GET", "/background"),
            interaction("GET", "/stream", response=utf8, providerStates=[{"name": "the task has ended"}]),
            interaction("GET", "/plain-stream", response=utf8),
            interaction("POST", "/file", request=upload_request, response=json_body({"name": "a.txt", "size": 5})),
            interaction("GET", "/cookie", request=cookies, response=json_body({"got": "s1"})),
            interaction("GET", "/moved", request=cookies, response=json_body({"got": "s1"})),
        )
    )
    verified(app, source, lambda verifier: verifier.state_handler(state))
    assert seen == [1, 2, 3]


def test_wsgi_bodies_may_be_generators_and_written(write: Write) -> None:
    closed = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            yield b"b"
            yield b"c"

        def close(self) -> None:
            closed.append(True)

    def app(environ: Any, start_response: Any) -> Body:
        start_response("200 OK", [("Content-Type", "text/plain")])(b"a")
        return Body()

    verified(app, write(pact(interaction(response=text("abc")))))
    assert closed == [True] * 3


def test_lifespan_hooks_run_and_share_their_state(write: Write) -> None:
    events: list[Any] = []

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
        events.append("up")
        yield {"loop": asyncio.get_running_loop()}
        events.append("down")

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def root(request: Request) -> None:
        events.append(request.state.loop is asyncio.get_running_loop())

    verified(app, write(pact(interaction())))
    assert events == ["up", True, "down"] * 3


def test_an_application_that_does_not_start_says_so(write: Write) -> None:
    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        raise LookupError("no configuration")
        yield

    verifier = Verifier("CustomerService").app(FastAPI(lifespan=lifespan)).add_source(write(pact(interaction())))
    with pytest.raises(UsageError, match="did not start; its start-up failed: LookupError: no configuration") as caught:
        verifier.verify()
    assert isinstance(caught.value.__cause__, LookupError)
    with pytest.raises(UsageError, match="LookupError: no configuration"):
        asyncio.run(verifier.verify_async())


def test_a_shutdown_that_fails_is_a_warning(write: Write) -> None:
    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        yield
        raise LookupError("cannot close")

    app = FastAPI(lifespan=lifespan)
    app.get("/")(lambda: None)
    with pytest.warns(PactWarning, match="shutdown of the ASGI application failed: LookupError: cannot close"):
        Verifier("CustomerService").app(app).add_source(write(pact(interaction()))).verify()


def broken_flask() -> Any:
    from flask import Flask

    app = Flask("broken")
    app.add_url_rule("/", view_func=broken_view)
    return app


def broken_view(*_: Any) -> Any:
    raise ZeroDivisionError("no such table: orders")


def broken_fastapi(plain: bool = False) -> Any:
    async def endpoint() -> None:
        broken_view()

    app = FastAPI()
    app.get("/")((lambda: broken_view()) if plain else endpoint)
    return app


def broken_django(kind: str) -> Any:
    app = django_app("x", kind)
    import django.urls

    urlpatterns[:] = [django.urls.path("", broken_view)]
    django.urls.clear_url_caches()
    return app


def broken_wsgi(environ: Any, start_response: Any) -> Any:
    return broken_view()


async def broken_asgi(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        broken_view()


@pytest.mark.parametrize(
    "make",
    [
        broken_flask,
        broken_fastapi,
        lambda: broken_fastapi(plain=True),
        lambda: broken_django("wsgi"),
        lambda: broken_django("asgi"),
        lambda: broken_wsgi,
        lambda: broken_asgi,
    ],
    ids=["flask", "fastapi", "fastapi-plain", "django-wsgi", "django-asgi", "wsgi", "asgi"],
)
def test_the_exception_of_an_application_is_the_failure(make: Callable[[], Any], write: Write) -> None:
    source = write(pact(interaction(), interaction("GET", "/", request={"query": {"a": ["1"]}}, status=201)))
    verifier = Verifier("CustomerService").app(make()).add_source(source)
    with pytest.raises(VerificationError) as caught:
        verifier.verify()
    said = str(caught.value)
    for target in ("GET /", "GET /?a=1"):
        assert f"the application raised ZeroDivisionError at {target}: no such table: orders\n" in said
    assert said.count("in broken_view\n") == 2
    assert said.count(' raise ZeroDivisionError("no such table: orders")') == 2
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_pact_may_expect_that_an_application_fails(write: Write) -> None:
    for app in (broken_flask(), broken_fastapi(), broken_wsgi, broken_asgi):
        verified(app, write(pact(interaction(status=500))))


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
@pytest.mark.parametrize("code", [0, 3])
def test_an_application_that_exits_is_a_failure(kind: str, code: int, write: Write) -> None:
    def wsgi(environ: Any, start_response: Any) -> Any:
        raise SystemExit(code)

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            raise SystemExit(code)

    app = wsgi if kind == "wsgi" else asgi
    assert "the application raised SystemExit" in failure(app, write(pact(interaction())))


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_ctrl_c_in_an_application_ends_the_run(kind: str, write: Write) -> None:
    def wsgi(environ: Any, start_response: Any) -> Any:
        raise KeyboardInterrupt

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Verifier("CustomerService").app(wsgi if kind == "wsgi" else asgi).add_source(
            write(pact(interaction()))
        ).verify()


def test_what_an_application_may_not_answer_is_named(write: Write) -> None:
    def wsgi(status: str, headers: Any, body: Any = (b"",), starts: int = 1) -> Any:
        def app(environ: Any, start_response: Any) -> Any:
            for _ in range(starts):
                start_response(status, headers)
            return body

        return app

    async def silent(scope: Any, receive: Any, send: Any) -> None:
        pass

    async def half(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})

    cases = {
        "must read '200 OK', not 'fine'": wsgi("fine", []),
        "did not call start_response": wsgi("200 OK", [], starts=0),
        "called start_response twice": wsgi("200 OK", [], starts=2),
        "cannot be sent: Illegal header value": wsgi("200 OK", [("X", "a\nb")]),
        "cannot be sent: Illegal header name": wsgi("200 OK", [("X Y", "a")]),
        "its Content-Length is 9, and its body has 5 bytes": wsgi("200 OK", [("Content-Length", "9")], [b"hello"]),
        "returned without an answer": silent,
        "returned without an answer ": half,
    }
    for said, app in cases.items():
        assert said.strip() in failure(app, write(pact(interaction()))), said


@pytest.mark.parametrize("kind", ["wsgi", "asgi", "asgi-waits"])
def test_an_answer_without_end_ends_in_time(kind: str, write: Write) -> None:
    def wsgi(environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        while True:
            yield b"x"

    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while True:
                await send({"type": "http.response.body", "body": b"x", "more_body": True})

    async def waits(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asyncio.Event().wait()

    app = {"wsgi": wsgi, "asgi": asgi, "asgi-waits": waits}[kind]
    begin = time.monotonic()
    said = failure(app, write(pact(interaction())), lambda verifier: verifier.set_request_timeout(300))
    assert "within 0.3 s" in said
    assert time.monotonic() - begin < 5


def test_an_application_may_take_longer_than_the_request_timeout(write: Write) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        time.sleep(0.3)  # as when somebody looks around in a debugger
        start_response("200 OK", [])
        return [b""]

    verified(app, write(pact(interaction())), lambda verifier: verifier.set_request_timeout(100))


variable: ContextVar[str] = ContextVar("variable")


def test_context_variables_of_async_handlers_reach_an_async_application(write: Write) -> None:
    async def state(state: str) -> None:
        variable.set(state)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(variable.get())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    seen: list[str] = []
    source = write(pact(interaction(providerStates=[{"name": "a state"}])))
    verified(_without_lifespan(app), source, lambda verifier: verifier.state_handler(state))
    assert seen == ["a state"] * 3


def _without_lifespan(app: Any) -> Any:
    async def http_only(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise ValueError("no lifespan")
        await app(scope, receive, send)

    return http_only


def test_what_is_no_application_is_refused() -> None:
    for value in (5, "app:app", None, dict):
        with pytest.raises(InvalidInputError, match="an application"):
            Verifier("CustomerService").app(value)


TYPE = [("Content-Type", "application/json")]


def wsgi(status: Any = "200 OK", headers: Any = TYPE, body: Any = (b"{}",)) -> Any:
    def app(environ: Any, start_response: Any) -> Any:
        start_response(status, headers)
        return body

    return app


def asgi(*messages: Any) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError("no lifespan")
        for message in messages:
            await send(message)

    return app


BEGIN = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
END = {"type": "http.response.body", "body": b"{}"}
WRONG_ANSWERS = {
    "a status that is a number": (wsgi(200), "status must read '200 OK', not 200"),
    "a status with a line break": (wsgi("200 OK\r\nX: y"), "status must read '200 OK'"),
    "a status of bytes": (wsgi(b"200 OK"), "status must read '200 OK', not b'200 OK'"),
    "a status of four digits": (wsgi("2000 OK"), "status must read '200 OK'"),
    "headers as a dict": (wsgi(headers=dict(TYPE)), "headers must be pairs of texts, not (str)"),
    "headers of bytes": (wsgi(headers=[(b"X", b"s3cret")]), "must be pairs of texts, not (bytes, bytes)"),
    "a header that is a number": (wsgi(headers=[("X", 5)]), "must be pairs of texts, not (str, int)"),
    "a header that is None": (wsgi(headers=[("X", None)]), "must be pairs of texts, not (str, NoneType)"),
    "a header of three": (wsgi(headers=[("X", "s3cret", "y")]), "must be pairs of texts, not (str, str, str)"),
    "a header beyond Latin-1": (wsgi(headers=[("X", "\u20ac")]), "a header has characters beyond Latin-1"),
    "a header with a line break": (wsgi(headers=[("X", "a\r\nY: b")]), "Illegal header value"),
    "a body of text": (wsgi(body=["{}"]), "the application's body must be bytes, not '{}'"),
    "a body of numbers": (wsgi(body=[1, 2]), "the application's body must be bytes, not 1"),
    "a body that is text": (wsgi(body="{}"), "must return parts of a body, such as [b'...'], not '{}'"),
    "a body that is bytes": (wsgi(body=b"{}"), "must return parts of a body, such as [b'...'], not b'{}'"),
    "a body that is a dict": (wsgi(body={"id": 5}), "must return parts of a body"),
    "no body": (wsgi(body=None), "must return parts of a body, such as [b'...'], not None"),
    "a status of text": (asgi({**BEGIN, "status": "200"}, END), "status must be an integer, not '200'"),
    "no status": (asgi({"type": "http.response.start"}, END), "status must be an integer, not None"),
    "headers of text": (asgi({**BEGIN, "headers": [("x", "s3cret")]}, END), "headers must be pairs of bytes"),
    "headers that are None": (asgi({**BEGIN, "headers": None}, END), "headers must be pairs of bytes"),
    "a beginning twice": (asgi(BEGIN, BEGIN, END), "the application started the response twice"),
    "text in the body": (asgi(BEGIN, {**END, "body": "{}"}), "the application's body must be bytes, not '{}'"),
    "None in the body": (asgi(BEGIN, {**END, "body": None}), "the application's body must be bytes, not None"),
}


@pytest.mark.parametrize("kind", WRONG_ANSWERS)
def test_an_answer_that_no_server_would_send_is_named(kind: str, write: Write) -> None:
    app, words = WRONG_ANSWERS[kind]
    source = write(pact(http_interaction(response={"status": 200})))
    verifier = Verifier("CustomerService").app(app).add_source(source)
    for way in (verifier.verify, lambda: asyncio.run(verifier.verify_async())):
        with pytest.raises(VerificationError) as caught:
            way()
        assert words in str(caught.value) and "s3cret" not in str(caught.value), caught.value


@pytest.mark.parametrize("code", [0, None, 1, "bye"])
def test_a_start_up_that_exits_is_no_success(write: Write, code: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise SystemExit(code)

    verifier = Verifier("CustomerService").app(app).add_source(write(pact(http_interaction())))
    for way in (verifier.verify, lambda: asyncio.run(verifier.verify_async())):
        with pytest.raises(UsageError, match="start-up failed: it ended the program: SystemExit"):
            way()


def test_an_application_that_never_returns_is_waited_for_so_long(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asgi(BEGIN, END)(scope, receive, send)
        await asyncio.sleep(60)

    monkeypatch.setattr("pact_ffi.provider.asgi._BACKGROUND_SECONDS", 0.3)
    verifier = Verifier("CustomerService").app(app).add_source(write(pact(http_interaction(response={"status": 200}))))
    begin = time.monotonic()
    verifier.verify()
    asyncio.run(verifier.verify_async())
    assert time.monotonic() - begin < 10


def test_code_that_cancels_itself_is_a_failure(write: Write) -> None:
    async def cancelled(*_: Any) -> None:
        raise asyncio.CancelledError

    source = write(pact(http_interaction(providerStates=[{"name": "s"}], response={"status": 200})))
    verifier = Verifier("CustomerService").app(asgi(BEGIN, END)).add_source(source)
    with pytest.raises(VerificationError, match="it was cancelled, and not by the verification"):
        verifier.state_handler({"s": cancelled}).verify()
