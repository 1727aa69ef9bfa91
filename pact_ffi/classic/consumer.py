"""The consumers of the classic API, which make its pacts; the `Provider` is offered beside them."""

from __future__ import annotations

from typing import Any

from pact_ffi.classic.message_pact import MessagePact
from pact_ffi.classic.pact import Pact
from pact_ffi.classic.parties import Party
from pact_ffi.classic.parties import Provider as Provider


class Consumer(Party):
    """The service whose expectations a pact holds, with what is published about its version.

    Args:
        name: The consumer's name.
        service_cls: The class that ``has_pact_with`` makes an object of: a subclass of `Pact`.
        tags: Tags to publish the version with.
        tag_with_git_branch: Publish with the branch of the git checkout as a tag.
        version: The consumer's version, for publishing.
        branch: The branch to publish the version with.
        build_url: The address of the build to publish the version with.
        auto_detect_version_properties: Take branch and version from git or the CI system.

    >>> Consumer("shop", version="1.2.3").has_pact_with(Provider("stock"), port=0).consumer
    Consumer('shop')
    """

    service_cls = Pact

    def has_pact_with(
        self,
        provider: Provider,
        host_name: str = "localhost",
        port: int | str = 1234,
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
        specification_version: str | None = None,
        file_write_mode: str = "overwrite",
        **options: Any,
    ) -> Pact:
        """Return the pact between this consumer and ``provider``.

        Numbers and flags may be text, as environment variables have them: ``port="1234"``, ``ssl="true"``.

        Args:
            provider: The other side.
            host_name: The host name that the mock service listens on.
            port: The port that the mock service listens on; 0 takes a free one.
            log_dir: The folder for ``pact-mock-service.log``, which says what was expected and what came; made if it
                is not there. No log by default.
            ssl: Serve https, with ``sslcert`` and ``sslkey`` (PEM files) or a new self-signed certificate.
            sslcert: The certificate's file.
            sslkey: The key's file.
            cors: Answer CORS pre-flight requests.
            publish_to_broker: Publish the pact when the service stops.
            broker_base_url: The broker's address (or ``PACT_BROKER_BASE_URL``).
            broker_username: Its user (or ``PACT_BROKER_USERNAME``).
            broker_password: The user's password (or ``PACT_BROKER_PASSWORD``).
            broker_token: A token instead (or ``PACT_BROKER_TOKEN``).
            pact_dir: The folder of the pact file; the project's setting by default, else ``pacts``.
            specification_version: The version that is written; the project's setting by default, else V4.
            file_write_mode: ``overwrite``: the file holds what was verified since the service started;
                ``merge``: and what it held before; ``never``: no file is written.
            **options: ``file_name``, the pact file's name, in which ``{consumer}`` and ``{provider}`` may stand;
                and what a ``service_cls`` of your own takes.

        Raises:
            ValueError: ``provider`` is not a `Provider`, or an option has a value that it cannot have.
        """
        return self.make_pact(locals())  # type: ignore[no-any-return]


class MessageConsumer(Party):
    """The service that receives messages; made as `Consumer` is, with a subclass of `MessagePact` as service class.

    >>> MessageConsumer("shipping").has_pact_with(Provider("orders")).consumer
    MessageConsumer('shipping')
    """

    service_cls = MessagePact

    def has_pact_with(
        self,
        provider: Provider,
        publish_to_broker: bool = False,
        broker_base_url: str | None = None,
        broker_username: str | None = None,
        broker_password: str | None = None,
        broker_token: str | None = None,
        pact_dir: str | None = None,
        version: str | None = None,
        file_write_mode: str = "merge",
        **options: Any,
    ) -> MessagePact:
        """Return the pact about messages from ``provider``.

        ``version`` is that of the specification; the other options are those of ``Consumer.has_pact_with``.
        """
        return self.make_pact(locals())  # type: ignore[no-any-return]
