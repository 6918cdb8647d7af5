"""What a household wishes, as the fields of the hashes over which `verdict.lua` decides.

    c:<normal form>     ID NAME                     a contact
    n:<normal form>     ACTION ID MATCH             a rule over this very number
    p:<normal form>     ID SEGMENT                  a pass for it
    q:<digits>          ID SEGMENT                  a pass for the numbers that begin so, at home or as E.164
    r:<digits>          RANK ACTION ID MATCH        a rule over the numbers that begin so
    k:<kind>            RANK ACTION ID MATCH        a rule over a kind: anyone, international, withheld, unavailable
    o:<length>:<digits> RANK ACTION ID MATCH, or -  a rule over where numbers are from or whose they are (`origins.py`)
    a:<digits>          ACTION ID MATCH             the owner's answer about the look-alikes that begin so

Hours, terms and pauses are no part of it: what is compiled is what holds at one moment, and is compiled again later.
Names, patterns, expressions, places abroad and other kinds cannot be looked up so; nor can it be told there who called
shortly before, but for who was stopped for a pool (`kamailio.cfg`), nor who is spared by a pool that the owner has not
been asked about. Those wishes are `left` out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files

import phonenumbers

from firmware.call import Action
from firmware.lines.sip.published import origins
from firmware.lines.sip.published.origins import Speaking
from firmware.numbers import understand
from firmware.screening import Policy, Screening
from firmware.screening.answers import Says
from firmware.screening.matches import RANGE_SIGN, Match, Sort, kept
from firmware.screening.pools import OPEN
from firmware.screening.rulebook import Found, segments_of

KINDS = {"kind:anyone", "kind:international", "kind:withheld", "kind:unavailable"}
SORT_RANKS = {sort: (len(Sort) - place) * 100 for place, sort in enumerate(Sort)}


@dataclass
class Compiled:
    """`rules`: the fields of the look-ups. `about`: those of the tenant itself, without its lists. `left`: the matches
    of the rules that cannot be expressed."""

    rules: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def compiled(screening: Screening, line: str, at: datetime) -> Compiled:
    """What holds for calls on `line` at the moment `at`, with an offset, on the owner's clock."""
    made = Compiled()
    for normal, id, name in screening.contacts.all():
        made.rules[f"c:{normal}"] = f"{id} {name}"
    best: dict[str, tuple[float, bool, int]] = {}
    about: list[Speaking] = []
    for found in screening.rules.speaking(line, at):
        fields = list(_fields(found))
        if _is_about_origin(found.match) and screening.policy.region == origins.REGION:
            about.append(Speaking(found.match, _rank(kept(found.match)), found.action, found.id))
        elif not fields:
            made.left.append(found.match)
        for name, rank in fields:
            said = f"{found.action} {found.id} {found.match}"
            standing = rank, found.action is Action.ALLOW, -found.id
            if name not in best or best[name] < standing:
                best[name] = standing
                made.rules[name] = said if name.startswith("n:") else f"{rank:.6f} {said}"
    made.left += _by_origin(about, made.rules)
    for one in screening.passes.open_at(at):
        for segment in one.segments:
            name = f"q:{segment[:-1]}" if segment.endswith("*") else f"p:{segment}"
            made.rules.setdefault(name, f"{one.id} {segment}")
    made.rules |= dict(_pools(screening, at))
    paused = screening.paused is not None and at < screening.paused
    made.about = {**_about(screening.policy), "paused": "1" if paused else "0"}
    for name, letters in (("segments", ("r:",)), ("passes", ("q:",)), ("pools", ("a:",))):
        lengths = {len(rule) - 2 for rule in made.rules if rule.startswith(letters)}
        made.about[name] = " ".join(map(str, sorted(lengths)))
    made.about["origins"] = " ".join(
        map(str, sorted({len(rule.split(":")[2]) for rule in made.rules if rule[:2] == "o:"}))
    )
    return made


def _fields(found: Found) -> Iterator[tuple[str, float]]:
    """The fields of a rule with their ranks; none where it cannot be looked up."""
    match = kept(found.match)
    text, rank = match.text, _rank(match)
    if match.sort is Sort.NUMBER:
        yield f"n:{text}", rank
    elif text in KINDS:
        yield f"k:{text.partition(':')[2]}", rank
    elif match.sort is not Sort.DIGITS:
        return
    elif RANGE_SIGN in text:
        low, _, high = text.partition(RANGE_SIGN)
        for segment in segments_of(low, high):
            yield f"r:{segment}", rank
    elif text.find("*") == len(text) - 1 and "?" not in text:
        yield f"r:{text[:-1]}", rank


def _rank(match: Match) -> float:
    return SORT_RANKS[match.sort] + match.digits


def _is_about_origin(match: str) -> bool:
    return match in origins.KINDS or kept(match).sort is Sort.ORIGIN


def _by_origin(rules: list[Speaking], fields: dict[str, str]) -> list[str]:
    """Enter the rules over places and operators into `fields`; gives the matches that no number of China fits."""
    if not rules:
        return []
    found = origins.by_beginning(rules)
    for (length, prefix), rule in found.items():
        said = f"{rule.rank:.6f} {rule.action} {rule.id} {rule.match}" if rule else "-"
        fields[f"o:{length}:{prefix}"] = said
    spoken = {rule.match for rule in found.values() if rule}
    return [rule.match for rule in rules if rule.match not in spoken]


def _pools(screening: Screening, at: datetime) -> Iterator[tuple[str, str]]:
    for answer in screening.answers.holding_at(at):
        blocks = answer.says is Says.BLOCK and screening.standing(answer, at)
        action = Action.BLOCK if blocks else Action.ALLOW
        yield f"a:{answer.match.rstrip(OPEN)}", f"{action} {answer.id} {answer.match}"


def _about(policy: Policy) -> dict[str, str]:
    """How numbers are understood, and what the owner wants where no rule can speak."""
    region = policy.region
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    trunk = (metadata and metadata.national_prefix) or ""
    table = tomllib.loads(files("firmware.numbers").joinpath("protected.toml").read_text("utf-8"))
    here = table.get(region, {})
    public = {
        name: " ".join(sorted({*table["world"].get(name, ()), *here.get(name, ())}))
        for name in ("codes", "utilities")
    }
    return {
        "region": region,
        "code": str(phonenumbers.country_code_for_region(region)),
        "area": policy.area,
        "trunk": trunk,
        "abroad": "011" if region in ("US", "CA") else "00",
        "dialled": "1" if trunk and _is_dialled(region) else "0",
        "areas": "1" if here.get("area") else "0",
        "protected": public["codes"],
        "utilities": public["utilities"],
        "withheld": str(policy.withheld),
        "unavailable": str(policy.unavailable),
    }


def _is_dialled(region: str) -> bool:
    """Whether the trunk prefix is dialled before most numbers."""
    example = phonenumbers.example_number(region)
    if example is None:
        return False
    e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    return understand(e164, region).national != phonenumbers.national_significant_number(example)
