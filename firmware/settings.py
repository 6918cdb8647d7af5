"""Settings: what the owner wants, kept in the store."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from firmware.call import How
from firmware.lines.modem.dialects import COUNTRIES
from firmware.screening.schedule import schedule

log = logging.getLogger(__name__)

Value = str | int | float
ZONE = r"(?:[A-Za-z]+(?:[/_+-][A-Za-z0-9]+){0,6})?"
Owner = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that the owner can change: its default, and its choices, its pattern, or its least and most."""

    name: str
    default: Value
    help: str
    choices: tuple[str, ...] = ()
    pattern: str = ""
    least: float = 0
    most: float = 0
    valid: Callable[[str], bool] = lambda text: True

    def check(self, value: object) -> Value:
        """`value` as this setting keeps it. Raises ValueError with the setting's name."""
        if isinstance(self.default, str):
            valid = (
                value in self.choices if self.choices else re.fullmatch(self.pattern, str(value), re.ASCII)
            )
            if isinstance(value, str) and valid and self.valid(value):
                return value
        elif (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and self.least <= value <= self.most
        ):
            return type(self.default)(value)
        raise ValueError(self.name)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name or "UTC")
    except (OSError, ValueError, KeyError):
        return False
    return True


def _is_schedule(text: str) -> bool:
    try:
        schedule(text or "00:00-24:00")
    except ValueError:
        return False
    return True


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("region", "CN", "Where the line is (ISO 3166)", choices=tuple(sorted(COUNTRIES))),
        Setting("area", "", "The line's area code, as dialled from elsewhere (010)", pattern=r"\d{0,6}"),
        Setting(
            "block_action",
            "cut",
            "What happens to a blocked call: the handset is cut off, the modem hangs up, or both",
            choices=tuple(How),
        ),
        Setting(
            "first_ring",
            "ring",
            "The first ring, which most caller ID comes after: heard, muted, or kept from the handset on guard",
            choices=("ring", "mute", "guard"),
        ),
        Setting(
            "first_ring_hours",
            "",
            "Hours in which the first ring is muted or kept away (22:00-07:00; 12:30-14:30); empty: always",
            pattern=r"[-a-z0-9:;, ]{0,200}",
            valid=_is_schedule,
        ),
        Setting("withheld", "allow", "Callers who hide their number", choices=("allow", "block")),
        Setting(
            "unavailable",
            "allow",
            "Callers whose number the network does not know",
            choices=("allow", "block"),
        ),
        Setting(
            "zone",
            "",
            "Time zone of the line (Asia/Shanghai); empty: the box's own clock",
            pattern=ZONE,
            valid=_is_zone,
        ),
        Setting(
            "redial_s",
            0,
            "Seconds after a blocked call in which a second one from the same number comes through; 0: never",
            least=0,
            most=3600,
        ),
        Setting(
            "known_s",
            60,
            "Seconds of talk after which a caller is known, and no segment or list keeps them out; 0: never",
            least=0,
            most=3600,
        ),
        Setting(
            "courier_segments",
            "*",
            "Segments that a courier pass opens, with spaces between; * is every number",
            pattern=r"(?:\+?\d{0,15}\*(?: (?=\S)|\Z)){1,20}",
        ),
        Setting("courier_minutes", 30, "Minutes for which a courier pass lasts", least=1, most=1440),
        Setting(
            "pools",
            "ask",
            "What becomes of look-alike numbers behind which one platform seems to call: tell, ask, or block",
            choices=("tell", "ask", "block"),
        ),
        Setting(
            "pool_cost",
            10,
            "How many unwanted calls are as bad as a wanted one that is lost: the more, the surer a pool has to be",
            least=2,
            most=1000,
        ),
        Setting("silence_s", 6.0, "Seconds without a ring after which a call is over", least=3, most=15),
        Setting("retention_days", 730, "Days for which calls are kept", least=1, most=3650),
        Setting("retention_calls", 100_000, "Calls kept at most", least=100, most=1_000_000),
        Setting(
            "backup_every",
            "off",
            "How often a backup is made",
            choices=("off", "daily", "weekly"),
        ),
        Setting(
            "backup_folder",
            "",
            "Where backups are kept: a folder on another disk, such as a USB stick's; empty: on the box's own card",
            pattern=r"(?:/[^\x00-\x1f\x7f]{1,200})?",
        ),
        Setting("backup_keep", 7, "Backups kept at most", least=1, most=60),
        Setting(
            "tell_fault",
            "now",
            "Whether the owner is told that the box does not work as it should, and works again",
            choices=("off", "now"),
        ),
        Setting(
            "tell_blocked",
            "daily",
            "Whether the owner is told of blocked calls: of each, once a day, or not",
            choices=("off", "now", "daily"),
        ),
        Setting(
            "tell_unknown",
            "off",
            "Whether the owner is told of unknown callers who were let through",
            choices=("off", "now", "daily"),
        ),
        Setting(
            "tell_pool",
            "now",
            "Whether the owner is told of numbers that look like one dialling platform",
            choices=("off", "now"),
        ),
        Setting(
            "tell_silence",
            "off",
            "Whether the owner is told of the first call after a week without any",
            choices=("off", "now"),
        ),
        Setting(
            "tell_hour",
            20,
            "Hour at which the owner is told of the day, on the line's clock",
            least=0,
            most=23,
        ),
        Setting("tell_language", "zh", "Language of what the owner is told", choices=("zh", "en")),
        Setting(
            "log_level",
            "info",
            "How much the appliance tells in its log",
            choices=("error", "warning", "info", "debug"),
        ),
    )
}


def owner_from(kept: Mapping[str, Any]) -> Owner:
    """Every setting: as kept where that is valid, else its default."""
    owner: Owner = {name: setting.default for name, setting in SETTINGS.items()}
    for name in SETTINGS.keys() & kept.keys():
        try:
            owner[name] = SETTINGS[name].check(kept[name])
        except ValueError:
            log.error("the stored setting %s is not valid: the default is used", name)
    return owner
