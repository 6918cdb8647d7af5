"""Asks every operation of the API's own description what it allows and what it does not (Schemathesis)."""

from contextlib import nullcontext, suppress
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, note, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from firmware.appliance import Appliance
from firmware.backups.backup import MEDIA_TYPE
from web.pace import Pace
from web.scopes import SCOPES
from web.tokens import issue

LEFT_OUT = ["/api/v1/events", "/api/v1/restart"]
"""What does not end, and what ends everything else."""

EXAMPLES = 10
NOTHING_TO_NEGATE = {GenerationMode.NEGATIVE: suppress(Unsatisfiable)}
"""What takes nothing cannot be asked wrongly."""


@schemathesis.serializer(MEDIA_TYPE)
def as_it_is(_: Any, value: Any) -> Any:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def operations(app: Flask, guarding: Appliance) -> list[APIOperation]:
    """What the description describes, asked for with a token for all of it."""
    app.extensions["pace"] = Pace(100_000, 1000)
    bearer = f"Bearer {issue(guarding.data, 'schemathesis', SCOPES)}"
    headers = {"Authorization": bearer, "Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, headers=headers)
    schema.config.headers = headers
    return [found.ok() for found in schema.exclude(path=LEFT_OUT).get_all_operations()]


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_fits_the_document_and_none_is_a_failure(
    operations: list[APIOperation], mode: GenerationMode
) -> None:
    """What a schema allows need not make sense (a number that cannot exist), so that it may be refused."""
    for operation in operations:

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case) -> None:
            note(case.operation.label)
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        with NOTHING_TO_NEGATE.get(mode, nullcontext()):
            ask()
