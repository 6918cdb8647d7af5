"""The description of `web.api.metrics`."""

from __future__ import annotations

from web.openapi.terms import Schema, streamed

PATHS: dict[str, Schema] = {
    "/metrics": {"get": streamed("Figures for Prometheus (text format 0.0.4)", "text/plain")},
}
