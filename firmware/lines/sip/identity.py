"""Who calls, as the headers of an INVITE say it.

Sources: RFC 3261 clauses 20.10 and 20.20 (From), RFC 3325 (P-Asserted-Identity), RFC 3323 (Privacy), RFC 3966 (tel),
draft-ietf-sip-privacy-04 (Remote-Party-ID), 3GPP TS 24.229 clause 7.2A.20 (verstat).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from firmware.call import Absence, CallerId
from firmware.callerid.said import LONGEST_NAME, LONGEST_NUMBER, absent, printable

Headers = Iterable[tuple[str, str]]
"""Names in any case with their values, unfolded, in the order of the message."""

LONGEST_HEADER = 2048
LONGEST_RAW = 256
MOST_HEADERS = 128
ASSERTED = ("p-asserted-identity", "remote-party-id")
"""Said by the network in place of the caller: believed where the network itself is known to speak."""
LONG_NAMES = {"f": "from"}

_NAME_ADDRESS = re.compile(r'(?:"((?:[^"\\]|\\.)*)" *|([^<"]*))<([^<>]+)>', re.DOTALL)
_PUNCTUATION = re.compile(r"[ ().\-]+")
_DIALLED = re.compile(r"(?=.*[0-9])\+?[0-9*#]+\Z", re.ASCII)
_PREFIX = re.compile(r"\+[0-9]{1,7}\Z", re.ASCII)
_VERSTAT = re.compile(r"[;?&]verstat=([a-z\-]+)", re.IGNORECASE)
_WITHHELD_BY = re.compile(r"(?:^|[;,\s])(?:id|user)(?:$|[;,\s])", re.IGNORECASE)
_WITHHELD_PARTY = re.compile(r";\s*privacy=\"?(?:full|uri)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """One name-addr or addr-spec: the display name, the user part, the host; what is not there is empty.

    `number` is the user part where it can be dialled, without punctuation and with its phone-context.
    """

    name: str = ""
    user: str = ""
    host: str = ""
    number: str | None = None

    @property
    def anonymous(self) -> bool:
        """RFC 3323 clause 4.1.1.3: the URI in place of one that is withheld."""
        return self.host == "anonymous.invalid" or self.user.lower() == "anonymous"


def caller_id(headers: Headers, *, trusted: bool) -> CallerId:
    """What the headers of an INVITE say of the caller; `trusted`: it came from the provider or registrar itself.

    The asserted number goes before From, which callers write themselves. Privacy goes before both. Never fails.
    """
    found = dict[str, list[str]]()
    for name, value in _bounded(headers):
        found.setdefault(LONG_NAMES.get(name, name), []).append(value)
    sources = [value for name in ASSERTED if trusted for value in found.get(name, ())]
    sources += found.get("from", [])[:1]
    addresses = [address(value) for value in sources]
    number = next((one.number for one in addresses if one.number), None)
    called = next((text for one in addresses if (text := _name(one))), None)
    absence = _absence(found, sources, addresses, number)
    return CallerId(
        number=None if absence else number,
        name=None if absence is Absence.WITHHELD else called,
        absence=absence,
        verified=_verified(sources) if trusted else None,
        raw=printable(" | ".join(sources))[:LONGEST_RAW],
    )


def address(value: str) -> Address:
    """The address at the beginning of a header's value. Never fails."""
    value = value.strip()
    match = _NAME_ADDRESS.match(value)
    if match:
        quoted, plain, uri = match.groups()
        name = plain or re.sub(r"\\(.)", r"\1", quoted or "", flags=re.DOTALL)
    else:
        name, uri = "", value.partition(",")[0]
    name = printable(name).strip()[:LONGEST_NAME]
    scheme, colon, rest = uri.strip().partition(":")
    match scheme.strip().lower() if colon else "":
        case "sip" | "sips":
            user, _, host = rest.partition("?")[0].rpartition("@")
            host = _host(host)
            dialled = user.rpartition(":")[0] or user
        case "tel":
            user, host, dialled = rest, "", rest
        case _:
            return Address(name)
    who = printable(unquote(dialled.partition(";")[0], errors="replace"))[:LONGEST_NAME]
    return Address(name, who, host, _number(who, dialled))


def _bounded(headers: Headers) -> Iterator[tuple[str, str]]:
    for count, (name, value) in enumerate(headers):
        if count >= MOST_HEADERS:
            return
        yield name.strip().lower(), value[:LONGEST_HEADER]


def _host(text: str) -> str:
    bare = text.partition(";")[0].strip().lower()
    return bare.partition("]")[0].strip("[") if bare.startswith("[") else bare.partition(":")[0]


def _number(user: str, parameters: str) -> str | None:
    """The user part as a number; one of a country that `phone-context` names begins with its code."""
    digits = _PUNCTUATION.sub("", user)
    context = re.search(r";phone-context=([^;]+)", parameters, re.IGNORECASE)
    if context and not digits.startswith("+") and _PREFIX.match(prefix := unquote(context[1])):
        digits = f"{prefix}{digits}"
    return digits if len(digits) <= LONGEST_NUMBER and _DIALLED.match(digits) else None


def _name(one: Address) -> str | None:
    """The display name where it is more than the number over again, else what stands in the place of a number."""
    text = one.name or ("" if one.number or one.anonymous else one.user)
    if not text or _PUNCTUATION.sub("", text) == one.number or absent(text):
        return None
    return text


def _absence(
    found: dict[str, list[str]], sources: list[str], addresses: list[Address], number: str | None
) -> Absence | None:
    asked = any(map(_WITHHELD_BY.search, found.get("privacy", ())))
    if asked or any(map(_WITHHELD_PARTY.search, sources)):
        return Absence.WITHHELD
    if number:
        return None
    if any(one.anonymous or absent(one.name) is Absence.WITHHELD for one in addresses):
        return Absence.WITHHELD
    return Absence.UNAVAILABLE


def _verified(sources: list[str]) -> bool | None:
    """Whether the network vouches for the number; None where it does not say."""
    for match in map(_VERSTAT.search, sources):
        said = match[1].lower() if match else ""
        if said.startswith("tn-validation-passed"):
            return True
        if said.startswith("tn-validation-failed"):
            return False
    return None
