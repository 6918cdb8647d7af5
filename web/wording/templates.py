"""The words that templates know by name."""

from __future__ import annotations

from flask import Flask

from web.wording import (
    accounts,
    backups,
    board,
    callers,
    complaints,
    lines,
    lists,
    notices,
    outcomes,
    pools,
    rules,
    settings,
)


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals.update(
        roles=accounts.ROLES, scopes=accounts.SCOPES, token_words=accounts.token_words,
        backup_faults=backups.BACKUP_FAULTS,
        states=board.STATES, lamps=board.LAMPS, parts=board.PARTS, relays=board.RELAY,
        first_ring_why=board.FIRST_RING_WHY, lamps_say=board.lamps_say,
        kinds=callers.KINDS, operators=callers.OPERATORS, callers=callers.CALLERS,
        case_states=complaints.CASE_STATES,
        own_names=complaints.OWN_NAMES, own_autocomplete=complaints.OWN_AUTOCOMPLETE,
        faults=lines.FAULTS, hints=lines.HINTS, sip_endings=lines.SIP_ENDINGS, sip_transports=lines.SIP_TRANSPORTS,
        line_words=lines.name,
        list_faults=lists.LIST_FAULTS, list_phases=lists.LIST_PHASES,
        unsent_words=notices.UNSENT,
        what_was_said=outcomes.said,
        pool_modes=pools.POOL_MODES, pool_answers=pools.POOL_ANSWERS,
        steps=rules.STEPS, sets_words=rules.SETS,
        setting_names=settings.SETTING_NAMES, setting_help=settings.SETTING_HELP,
        setting_groups=settings.SETTING_GROUPS, choices=settings.CHOICES,
        choice_words=settings.choice, first_ring_hint=settings.first_ring_hint,
    )  # fmt: skip
