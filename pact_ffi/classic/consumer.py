"""The consumer of the classic API."""

from __future__ import annotations

from typing import Any

from pact_ffi.classic.pact import Pact
from pact_ffi.classic.party import Party
from pact_ffi.classic.provider import Provider


class Consumer(Party):
    """The service whose expectations a pact holds; `Party` says what it is made with."""

    service_cls = Pact

    def has_pact_with(
        self,
        provider: Provider,
        host_name: str = "localhost",
        port: int = 1234,
        log_dir: str | None = None,
        ssl: bool = False,
        sslcert: str | None = None,
        sslkey: str | None = None,
        cors: bool = False,
        publish_to_broker: bool = False,
        broker_base_url: str | None = None,
        broker_username: str | None = None,
        broker_password: str | None = None,
        broker_token: str | None = None,
        pact_dir: str | None = None,
        specification_version: str = "4.0",
        file_write_mode: str = "overwrite",
        **options: Any,
    ) -> Pact:
        """Return the pact between this consumer and ``provider``.

        Args:
            provider: The other side.
            host_name: The host name that the mock service listens on.
            port: The port that the mock service listens on; 0 takes a free one.
            log_dir: Where ``pact-mock-service.log`` is written; nowhere by default.
            ssl: Serve https, with ``sslcert`` and ``sslkey`` (PEM files) or a new self-signed certificate.
            sslcert: The certificate's file.
            sslkey: The key's file.
            cors: Answer CORS pre-flight requests.
            publish_to_broker: Publish the pact when the service stops.
            broker_base_url: The broker's address (or ``PACT_BROKER_BASE_URL``).
            broker_username: Its user (or ``PACT_BROKER_USERNAME``).
            broker_password: The user's password (or ``PACT_BROKER_PASSWORD``).
            broker_token: A token instead (or ``PACT_BROKER_TOKEN``).
            pact_dir: Where the pact file goes; ``pacts`` below the current directory by default.
            specification_version: The version that is written; V4 unless given.
            file_write_mode: ``overwrite``: the file holds what was verified since the service started;
                ``merge``: and what it held before.
            **options: ``file_name``: the pact file's name, in which ``{consumer}`` and ``{provider}`` may stand.
        """
        return self._service({**locals(), **options})  # type: ignore[no-any-return]
