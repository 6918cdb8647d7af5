"""Settings: their names, groups and choices."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from web.language import LANGUAGES
from web.within import appliance
from web.wording.callers import country

SETTING_NAMES = {
    "region": lazy_gettext("Country of the line"),
    "area": lazy_gettext("Area code of the line"),
    "block_action": lazy_gettext("A blocked call"),
    "first_ring": lazy_gettext("The first ring, which comes before the number"),
    "first_ring_hours": lazy_gettext("Hours for that"),
    "withheld": lazy_gettext("Callers who withhold their number"),
    "unavailable": lazy_gettext("Callers whose number is unavailable"),
    "zone": lazy_gettext("Time zone of the line"),
    "redial_s": lazy_gettext("Seconds in which a blocked caller who calls again comes through"),
    "known_s": lazy_gettext("Seconds of talk after which a caller is known"),
    "courier_segments": lazy_gettext("Who comes through while a courier is expected"),
    "courier_minutes": lazy_gettext("Minutes for which a courier is expected"),
    "pools": lazy_gettext("A pool of look-alikes that is found"),
    "pool_cost": lazy_gettext("Unwanted calls that are as bad as a wanted one that is lost"),
    "silence_s": lazy_gettext("Seconds without a ring after which a call is over"),
    "retention_days": lazy_gettext("Days for which calls are kept"),
    "retention_calls": lazy_gettext("Calls kept at most"),
    "log_level": lazy_gettext("How much the box writes into its log"),
    "backup_every": lazy_gettext("Backups made by itself"),
    "backup_folder": lazy_gettext("Where they are kept"),
    "backup_keep": lazy_gettext("How many are kept"),
    "tell_fault": lazy_gettext("When the box does not work as it should"),
    "tell_blocked": lazy_gettext("Blocked calls"),
    "tell_unknown": lazy_gettext("Unknown callers who were let through"),
    "tell_pool": lazy_gettext("Numbers that look like one dialling platform"),
    "tell_silence": lazy_gettext("The first call after a week without any"),
    "tell_hour": lazy_gettext("Hour of the daily message"),
    "tell_language": lazy_gettext("Language of the messages"),
}

SETTING_HELP = {
    "region": lazy_gettext("It decides which numbers are emergency numbers, and how numbers are read."),
    "area": lazy_gettext("Such as 010. Callers nearby are shown without it."),
    "block_action": lazy_gettext("Cut off, the phone stops ringing. Hung up, the caller hears it too."),
    "first_ring_hours": lazy_gettext("Such as 22:00-07:00; 12:30-14:30. Empty: always."),
    "withheld": lazy_gettext("They could show their number, and choose not to."),
    "unavailable": lazy_gettext("Many of them call from abroad or over old exchanges."),
    "zone": lazy_gettext("Such as Asia/Shanghai. Empty: as the box's own clock."),
    "redial_s": lazy_gettext("Who is in distress calls twice. 0: never."),
    "known_s": lazy_gettext("Whoever you talked with that long comes through segments and lists. 0: never."),
    "courier_segments": lazy_gettext("* is everyone; or segments such as 170* 171*."),
    "courier_minutes": lazy_gettext("So long each time; another press adds as much."),
    "pools": lazy_gettext("Look-alike numbers behind which one platform seems to call."),
    "pool_cost": lazy_gettext("The more, the surer a pool has to be before it is called one."),
    "silence_s": lazy_gettext(
        "Longer than the pause between two rings of your line: 4 s in China and the US."
    ),
    "retention_days": lazy_gettext("Older ones are deleted."),
    "retention_calls": lazy_gettext("Of more than these, the oldest are deleted."),
    "log_level": lazy_gettext("In force at once; the command journalctl -u ringfence shows it."),
    "backup_every": lazy_gettext("They have your calls and contacts in them, and no password or key."),
    "backup_folder": lazy_gettext(
        "A USB stick is offered once it is mounted. On the box's own card they are lost when the card is."
    ),
    "tell_fault": lazy_gettext("Told when it has lasted a minute, and when it is mended."),
    "tell_silence": lazy_gettext("It shows that the line works again."),
}
"""What a setting means, where its name alone does not say it."""

SETTING_GROUPS = {
    "line": (lazy_gettext("The line"), ("region", "area"), ("zone", "silence_s")),
    "unwanted": (
        lazy_gettext("Unwanted calls"),
        ("block_action", "pools", "withheld", "unavailable", "first_ring"),
        ("first_ring_hours", "pool_cost"),
    ),
    "wanted": (
        lazy_gettext("Wanted calls"),
        ("courier_minutes", "known_s"),
        ("courier_segments", "redial_s"),
    ),
    "notices": (
        lazy_gettext("Notifications"),
        ("tell_blocked", "tell_pool", "tell_fault"),
        ("tell_unknown", "tell_silence", "tell_hour", "tell_language"),
    ),
    "backup": (lazy_gettext("Regular backups"), ("backup_every", "backup_folder"), ("backup_keep",)),
    "kept": (lazy_gettext("What is kept"), ("retention_days",), ("retention_calls", "log_level")),
}
"""The heading of each group of settings, those that everyone understands, and more."""

CHOICES = {
    "cut": lazy_gettext("is cut off from the handset"),
    "cut+hangup": lazy_gettext("is cut off, answered and hung up"),
    "hangup": lazy_gettext("is answered and hung up"),
    "allow": lazy_gettext("Allow"),
    "block": lazy_gettext("Block"),
    "ring": lazy_gettext("is heard"),
    "mute": lazy_gettext("is muted as it begins"),
    "tell": lazy_gettext("is told on the page"),
    "ask": lazy_gettext("is asked about"),
    "guard": lazy_gettext("is never heard: the handset stands on guard"),
    "off": lazy_gettext("do not tell"),
    "now": lazy_gettext("tell at once"),
    "daily": lazy_gettext("tell once a day"),
    "error": lazy_gettext("faults alone"),
    "warning": lazy_gettext("faults and warnings"),
    "info": lazy_gettext("what happens"),
    "debug": lazy_gettext("everything"),
}

PERIODS = {
    "off": lazy_gettext("never"),
    "daily": lazy_gettext("every day"),
    "weekly": lazy_gettext("every week"),
}

SUCCESSES = {
    "settings_kept": lazy_gettext("The settings are kept."),
}


def choice(setting: str, value: str) -> str:
    """A choice of a setting; countries by their name."""
    if setting == "region":
        return country(value)
    if setting == "tell_language":
        return LANGUAGES[value]
    if setting == "backup_every":
        return str(PERIODS[value])
    return str(CHOICES[value])


def first_ring_hint() -> str:
    """What the wiring allows, and what it costs."""
    possible = appliance().first_ring.possible
    if len(possible) == 1:
        return str(gettext("With this board the first ring is always heard."))
    return str(
        gettext(
            "Possible with this board: %(modes)s. Where it is kept away, a caller who is let through rings once more.",
            modes=", ".join(str(CHOICES[mode]) for mode in possible),
        )
    )
