"""What a forked child does with the sockets that it inherits from a parent whose core listens on them."""

from __future__ import annotations

import os
from collections.abc import Container
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket


def close_listeners(ports: Container[int]) -> None:
    """Close this process's copies of the servers' sockets, those bound to one of ``ports``.

    They would keep a port taken, and swallow connections, after the parent has closed its server. The flags of a
    socket are shared with the parent, and looking at one from Python can change them (a default timeout makes it
    non-blocking), so they are put back.
    """
    import fcntl
    import socket

    for name in os.listdir("/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"):
        descriptor = int(name)
        try:
            flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
            inherited = socket.socket(fileno=descriptor)
        except OSError:  # not a socket, or closed meanwhile
            continue
        try:
            ours = _is_bound_to(inherited, ports)
        finally:
            inherited.detach()
            fcntl.fcntl(descriptor, fcntl.F_SETFL, flags)
        if ours:
            os.close(descriptor)


def _is_bound_to(inherited: socket.socket, ports: Container[int]) -> bool:
    import socket

    internet = inherited.family in (socket.AF_INET, socket.AF_INET6) and inherited.type == socket.SOCK_STREAM
    return internet and inherited.getsockname()[1] in ports
