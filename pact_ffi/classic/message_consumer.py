"""The consumer of messages in the classic API."""

from __future__ import annotations

from pact_ffi.classic.message_pact import MessagePact
from pact_ffi.classic.party import Party
from pact_ffi.classic.provider import Provider


class MessageConsumer(Party):
    """The service that receives messages; `Party` says what it is made with."""

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
        version: str = "4.0",
        file_write_mode: str = "merge",
    ) -> MessagePact:
        """Return the pact about messages from ``provider``; ``version`` is the specification's, V4 unless given."""
        return self._service(locals())  # type: ignore[no-any-return]
