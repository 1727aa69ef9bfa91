"""What applications do with threads, tasks and context variables works in the thread of the test as behind a server."""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
import httpx
import pytest
from asgiref.sync import async_to_sync, sync_to_async
from fastapi import BackgroundTasks, Depends, FastAPI, Request, WebSocket
from fastapi.responses import PlainTextResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from pact_ffi.errors import PactWarning, UsageError, VerificationError
from pact_ffi.provider.verifier import Verifier

from .conftest import http_interaction, pact

Write = Callable[..., Path]
Run = Callable[[Verifier], object]


async def within(verifier: Verifier) -> None:
    verifier.verify()


WAYS: dict[str, Run] = {
    "verify": lambda verifier: verifier.verify(),
    "verify in a running loop": lambda verifier: asyncio.run(within(verifier)),
    "verify_async": lambda verifier: asyncio.run(verifier.verify_async()),
}
every_way = pytest.mark.parametrize("way", WAYS)


def asked(app: Any, write: Write, times: int = 1) -> Verifier:
    """A verifier of GET /x, which has to answer "ok", so many times."""
    body = {"content": "ok", "contentType": "text/plain", "encoded": False}
    request = {"method": "GET", "path": "/x"}
    items = [http_interaction(f"number {n}", request=request, response={"body": body}) for n in range(times)]
    return Verifier("CustomerService").app(app).add_source(write(pact(*items))).set_time_limit(60)


def plain(answer: Callable[[], object]) -> FastAPI:
    """An application with a plain endpoint."""
    app = FastAPI()
    app.get("/x")(lambda: PlainTextResponse(answer()))
    return app


def asynchronous(answer: Callable[[], Awaitable[object]]) -> FastAPI:
    """An application with an async endpoint."""
    app = FastAPI()

    @app.get("/x")
    async def x() -> Any:
        return PlainTextResponse(await answer())

    return app


async def ok() -> str:
    await asyncio.sleep(0.001)
    return "ok"


async def through_a_worker() -> str:
    """As deep as it goes: from the event loop to plain code to the event loop to plain code to the event loop."""
    return str(await anyio.to_thread.run_sync(lambda: anyio.from_thread.run(ok)))


def several_at_once() -> str:
    async def gathered() -> list[object]:
        return await asyncio.gather(*(run_in_threadpool(anyio.from_thread.run, ok) for _ in range(5)))

    return "ok" if anyio.from_thread.run(gathered) == ["ok"] * 5 else "wrong"


def raises_what_it_raised() -> str:
    async def broken() -> None:
        raise LookupError("ok")

    try:
        anyio.from_thread.run(broken)
    except LookupError as error:
        return str(error)
    return "nothing was raised"


def the_same_loop() -> str:
    async def running() -> object:
        return asyncio.get_running_loop()

    inside = anyio.from_thread.run(running)
    with suppress(RuntimeError):
        asyncio.get_running_loop()
        return "a running loop is seen"
    return "ok" if inside is anyio.from_thread.run_sync(asyncio.get_running_loop) else "another loop"


def not_cancelled() -> str:
    anyio.from_thread.check_cancelled()
    return "ok"


def in_a_thread_of_its_own() -> str:
    found: list[str] = []
    context = contextvars.copy_context()

    def work() -> None:
        try:
            anyio.from_thread.run(ok)
        except RuntimeError:
            found.append("ok")

    thread = threading.Thread(target=context.run, args=(work,))
    thread.start()
    thread.join()
    return found[0] if found else "this thread is no worker of AnyIO"


def asks_itself() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    return TestClient(plain(lambda: anyio.from_thread.run(ok))).get("/x").text


PLAIN: list[Callable[[], object]] = [
    lambda: anyio.from_thread.run(ok),
    lambda: anyio.from_thread.run_sync(lambda: "ok"),
    lambda: anyio.from_thread.run(through_a_worker),
    several_at_once,
    raises_what_it_raised,
    the_same_loop,
    not_cancelled,
    in_a_thread_of_its_own,
    asks_itself,
    lambda: asyncio.run(ok()),
    lambda: anyio.run(ok),
    lambda: async_to_sync(ok)(),
]


@every_way
@pytest.mark.parametrize("answer", PLAIN)
def test_plain_endpoints_come_back_to_the_event_loop(answer: Callable[[], object], write: Write, way: str) -> None:
    WAYS[way](asked(plain(answer), write))


async def from_an_executor() -> object:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, lambda: asyncio.run_coroutine_threadsafe(ok(), loop).result(10))


async def with_a_limiter() -> object:
    limiter = anyio.CapacityLimiter(1)
    return await anyio.to_thread.run_sync(lambda: "ok", limiter=limiter, abandon_on_cancel=True)


async def in_time() -> object:
    with anyio.fail_after(10):
        return await run_in_threadpool(lambda: "ok")


async def cancelled_in_time() -> object:
    with anyio.move_on_after(0.01):
        await asyncio.sleep(10)
    return "ok"


async def leaves_a_task() -> object:
    leaves_a_task.task = asyncio.ensure_future(asyncio.sleep(60))  # type: ignore[attr-defined]
    return "ok"


async def in_a_task_group() -> object:
    async with anyio.create_task_group() as group:
        group.start_soon(ok)
        group.start_soon(run_in_threadpool, lambda: None)
    return "ok"


async def asks_itself_async() -> object:
    transport = httpx.ASGITransport(app=plain(lambda: anyio.from_thread.run(ok)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return (await client.get("/x")).text


ASYNCHRONOUS: list[Callable[[], Awaitable[object]]] = [
    ok,
    lambda: run_in_threadpool(lambda: "ok"),
    lambda: asyncio.to_thread(lambda: "ok"),
    lambda: asyncio.get_running_loop().run_in_executor(None, lambda: "ok"),
    lambda: sync_to_async(lambda: "ok")(),
    from_an_executor,
    with_a_limiter,
    in_time,
    cancelled_in_time,
    leaves_a_task,
    in_a_task_group,
    asks_itself_async,
]


@every_way
@pytest.mark.parametrize("answer", ASYNCHRONOUS)
def test_async_endpoints_may_use_threads_and_tasks(
    answer: Callable[[], Awaitable[object]], write: Write, way: str
) -> None:
    WAYS[way](asked(asynchronous(answer), write))


# Context variables: each request has its own, as behind a server.

variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")


def taken() -> str:
    before = variable.get("ok")
    variable.set("of another request")
    return before


async def taken_async() -> str:
    return taken()


class Bare:
    """An ASGI application without a framework, and without a lifespan."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError("HTTP alone")
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": taken().encode()})


@every_way
@pytest.mark.parametrize(
    "make", [lambda: plain(taken), lambda: asynchronous(taken_async), Bare], ids=["def", "async def", "bare"]
)
def test_context_variables_of_one_request_are_not_seen_by_the_next(
    make: Callable[[], Any], write: Write, way: str
) -> None:
    WAYS[way](asked(make(), write, times=3))
    assert variable.get("unset") == "unset"


@every_way
@pytest.mark.parametrize("kind", ["plain", "async"])
def test_context_variables_of_middleware_and_dependencies_reach_the_endpoint(kind: str, write: Write, way: str) -> None:
    class Sets:
        def __init__(self, app: Any) -> None:
            self._app = app

        async def __call__(self, *arguments: Any) -> None:
            variable.set("o")
            await self._app(*arguments)

    async def dependency() -> AsyncIterator[None]:
        variable.set(variable.get() + "k")
        yield

    app = FastAPI(dependencies=[Depends(dependency)])
    app.add_middleware(Sets)
    if kind == "plain":
        app.get("/x")(lambda: PlainTextResponse(variable.get("unset")))
    else:

        @app.get("/x")
        async def x() -> Any:
            return PlainTextResponse(variable.get("unset"))

    WAYS[way](asked(app, write))


# The rest of what a server does.


@every_way
def test_background_tasks_of_each_kind_end_before_the_next_interaction(write: Write, way: str) -> None:
    done: list[str] = []
    app = FastAPI()

    async def later() -> None:
        await asyncio.sleep(0.01)
        done.append("async")

    async def called_back() -> None:
        done.append("called back")

    @app.get("/x")
    def x(tasks: BackgroundTasks) -> Any:
        tasks.add_task(done.append, "plain")
        tasks.add_task(later)
        tasks.add_task(anyio.from_thread.run, called_back)
        return PlainTextResponse("ok")

    WAYS[way](asked(app, write, times=2))
    assert done == ["plain", "async", "called back"] * 2


@every_way
def test_a_background_task_without_end_is_cancelled_and_told(
    write: Write, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pact_ffi.provider.asgi._BACKGROUND_SECONDS", 0.2)
    app = FastAPI()

    @app.get("/x")
    def x(tasks: BackgroundTasks) -> Any:
        tasks.add_task(asyncio.sleep, 60)
        return PlainTextResponse("ok")

    with pytest.warns(PactWarning, match=r"a background task .* was cancelled, 0.2 s after its answer to GET /x"):
        WAYS[way](asked(app, write))


@every_way
@pytest.mark.parametrize("kind", ["plain", "async", "asks for the client"])
def test_streams(kind: str, write: Write, way: str) -> None:
    app = FastAPI()

    @app.get("/x")
    async def x(request: Request) -> Any:
        async def parts() -> AsyncIterator[str]:
            for part in "ok":
                if kind == "asks for the client" and await request.is_disconnected():
                    yield "gone"
                await asyncio.sleep(0.001)
                yield part

        return StreamingResponse(iter("ok") if kind == "plain" else parts(), media_type="text/plain")

    WAYS[way](asked(app, write))


@every_way
def test_lifespan_with_a_task_group_and_a_websocket_beside(write: Write, way: str) -> None:
    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep, 60)
            yield {"group": group}
            group.cancel_scope.cancel()

    app = FastAPI(lifespan=lifespan)

    @app.websocket("/ws")
    async def socket(socket: WebSocket) -> None:
        await socket.accept()

    @app.get("/x")
    async def x(request: Request) -> Any:
        done = anyio.Event()

        async def work() -> None:
            done.set()

        request.state.group.start_soon(work)
        await done.wait()
        return PlainTextResponse("ok")

    WAYS[way](asked(app, write))


def raises(*_: Any) -> None:
    raise ValueError("mine")


async def raises_async(*_: Any) -> None:
    raise ValueError("mine")


async def cancelled_by_itself() -> None:
    raise asyncio.CancelledError


def middleware_that_raises() -> FastAPI:
    app = plain(lambda: "ok")
    app.middleware("http")(raises_async)
    return app


def pure_middleware_that_raises() -> FastAPI:
    class Raises:
        def __init__(self, app: Any) -> None:
            self._app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                raises()
            await self._app(scope, receive, send)

    app = plain(lambda: "ok")
    app.add_middleware(Raises)
    return app


def stream_that_raises() -> FastAPI:
    def parts() -> Iterator[str]:
        yield "o"
        raises()

    app = FastAPI()
    app.get("/x")(lambda: StreamingResponse(parts(), media_type="text/plain"))
    return app


@every_way
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (middleware_that_raises, "the application raised ValueError at GET /x: mine"),
        (pure_middleware_that_raises, "the application raised ValueError at GET /x: mine"),
        (stream_that_raises, "the application raised ValueError at GET /x: mine"),
        (
            lambda: plain(lambda: anyio.from_thread.run(raises_async)),
            "the application raised ValueError at GET /x: mine",
        ),
        (lambda: asynchronous(cancelled_by_itself), "the application was cancelled, and not by the verification"),
    ],
)
def test_what_goes_wrong_is_the_failure(make: Callable[[], Any], said: str, write: Write, way: str) -> None:
    verifier = asked(make(), write, times=2)
    with pytest.raises(VerificationError) as caught:
        WAYS[way](verifier)
    assert said in str(caught.value)
    assert verifier.result is not None and len(verifier.result.failed) == 2


def test_a_time_limit_ends_async_code_on_another_loop_too(write: Write) -> None:
    verifier = asked(asynchronous(lambda: asyncio.sleep(60)), write).set_request_timeout(50_000).set_time_limit(0.5)
    with pytest.raises(VerificationError, match=r"time limit of 0.5 seconds, in the application at GET /x"):
        WAYS["verify in a running loop"](verifier)


# Other event loops.


def test_verify_async_says_that_it_needs_asyncio(write: Write) -> None:
    work = asked(plain(lambda: "ok"), write).verify_async()
    with pytest.raises(
        UsageError, match=r"needs a running event loop of asyncio, and trio's is not one: call verify\(\)"
    ):
        work.send(None)


def test_under_trio(write: Write) -> None:
    trio = pytest.importorskip("trio")
    verifier = asked(plain(lambda: anyio.from_thread.run(ok)), write)
    verifier.state_handler(ok)

    async def test() -> None:
        verifier.verify()
        with pytest.raises(UsageError, match=r"trio's is not one"):
            await verifier.verify_async()

    trio.run(test)


def test_under_uvloop(write: Write) -> None:
    uvloop = pytest.importorskip("uvloop")

    def on_uvloop(verifier: Verifier) -> None:
        loop = uvloop.new_event_loop()
        try:
            loop.run_until_complete(verifier.verify_async())
        finally:
            loop.close()

    for answer in ASYNCHRONOUS:
        if answer not in (leaves_a_task, asks_itself_async):
            on_uvloop(asked(asynchronous(answer), write))
    on_uvloop(asked(plain(lambda: "ok"), write))
    with pytest.raises(VerificationError, match=r"works on asyncio's own event loops only, .* not on uvloop"):
        on_uvloop(asked(plain(lambda: anyio.from_thread.run(ok)), write))
    assert "uvloop" in sys.modules
