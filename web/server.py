"""The page on its address, served by waitress."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from web import LARGEST_REQUEST, create_app
from web.account import setup_code
from web.bodies import channel
from web.live import MOST_LISTENERS

if TYPE_CHECKING:
    from firmware.appliance import Appliance

log = logging.getLogger(__name__)

THREADS = MOST_LISTENERS + 4
IDLE_SECONDS = 30
CLOSING_SECONDS = 1.0


@contextmanager
def page(appliance: Appliance) -> Iterator[None]:
    """Serve page and API at the wiring's address while open. Raises OSError when that is not possible."""
    host, port = appliance.wiring.address
    sockets: dict[int, Any] = {}
    app = create_app(appliance)
    server = create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=LARGEST_REQUEST + 1,
        inbuf_overflow=LARGEST_REQUEST,
        channel_timeout=IDLE_SECONDS,
        ident=None,
        clear_untrusted_proxy_headers=True,
    )
    loops = [served for served in sockets.values() if isinstance(served, BaseWSGIServer)]
    for loop in loops:
        loop.channel_class = channel(app)
    thread = threading.Thread(target=server.run, name="page", daemon=True)
    thread.start()
    _announce(appliance, host, port)
    try:
        yield
    finally:
        with suppress(OSError):  # when the loop has ended by itself
            loops[0].trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join(CLOSING_SECONDS)
        server.task_dispatcher.shutdown(timeout=CLOSING_SECONDS)


def _announce(appliance: Appliance, host: str, port: int) -> None:
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    log.info("the page: http://%s:%d/", shown, port)
    code = setup_code(appliance.data)
    if code:
        log.info("set-up code: %s", code)
