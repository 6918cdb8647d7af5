"""The page on its address, served by waitress."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from web import LARGEST_REQUEST, certificates, create_app
from web.account import setup_code
from web.bodies import channel
from web.live import MOST_LISTENERS
from web.tls import SecureChannel

if TYPE_CHECKING:
    from firmware.appliance import Appliance

log = logging.getLogger(__name__)

THREADS = MOST_LISTENERS + 4
IDLE_SECONDS = 30
CLOSING_SECONDS = 1.0
BEHIND_A_PROXY = {
    "trusted_proxy_count": 1,
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
}


@contextmanager
def page(appliance: Appliance) -> Iterator[None]:
    """Serve page and API at the wiring's address while open. Raises OSError when that is not possible.

    Without the certificate that is wanted the line is guarded all the same, and there is no page.
    """
    wiring = appliance.wiring
    host, port = wiring.address
    try:
        context = certificates.context(wiring)
    except OSError as error:
        log.error("no page without its certificate: %s", error)
        yield
        return
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
        **(BEHIND_A_PROXY | {"trusted_proxy": wiring.page_proxy} if wiring.page_proxy else {}),
    )
    kind = channel(app)
    if context:
        kind = type("Channel", (SecureChannel, kind), {"context": context})
    loops = [served for served in sockets.values() if isinstance(served, BaseWSGIServer)]
    for loop in loops:
        loop.channel_class = kind
    thread = threading.Thread(target=server.run, name="page", daemon=True)
    thread.start()
    _announce(appliance, f"http{'s' if context else ''}", host, port)
    try:
        yield
    finally:
        with suppress(OSError):  # when the loop has ended by itself
            loops[0].trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join(CLOSING_SECONDS)
        app.extensions["places"].clear()
        server.task_dispatcher.shutdown(timeout=CLOSING_SECONDS)


def _announce(appliance: Appliance, scheme: str, host: str, port: int) -> None:
    wiring = appliance.wiring
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    log.info("the page: %s://%s:%d/", scheme, shown, port)
    if wiring.page_certificate == certificates.LOCAL:
        log.info("its authority's SHA-256: %s", certificates.fingerprint(certificates.authority(wiring.data)))
    code = setup_code(wiring.data)
    if code:
        log.info("set-up code: %s", code)
