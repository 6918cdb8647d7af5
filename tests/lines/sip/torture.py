"""SIP messages that are hard to read: the situations of RFC 4475 under its names for them, and random changes to them.

The messages are written for our addresses, since others are not even read: `{ours}` is asked by `{theirs}`.
"""

# ruff: noqa: E501 - a message is read on one line

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

_VIA = "Via: SIP/2.0/UDP {theirs};branch=z9hG4bK{mark}"
_COMMON = f"""{_VIA}
From: <sip:+8613800000009@x.example>;tag={{mark}}
To: <sip:line@{{ours}}>
Call-ID: {{mark}}
Max-Forwards: 70
Contact: <sip:caller@{{theirs}}>"""
_INVITE = f"INVITE sip:line@{{ours}} SIP/2.0\n{_COMMON}\nCSeq: 1 INVITE"
_REGISTER = f"REGISTER sip:{{ours}} SIP/2.0\n{_COMMON}\nCSeq: 1 REGISTER"
_OPTIONS = f"OPTIONS sip:line@{{ours}} SIP/2.0\n{_COMMON}\nCSeq: 1 OPTIONS"
_END = "\nContent-Length: 0\n\n"
_RESPONSE = f"{_COMMON}\nCSeq: 1 INVITE{_END}"

RFC4475 = {
    # 3.1.1 Valid
    "wsinv": "INVITE sip:line@{ours};unknownparam SIP/2.0\nTO :\n sip:line@{ours} ;   x  = 1\nfrom   : \"J \\\\\\\"\"   "
    "<sip:+8613800000009@x.example>\n  ;\n  tag = {mark}\nMaX-fOrWaRdS: 0068\nCall-ID: {mark}\nContent-Length   : 0\n"
    "cseq: 0009\n  INVITE\nVia  : SIP  /   2.0\n /UDP\n    {theirs};branch=z9hG4bK{mark}\ns :\nNewFangled:   new\n on\n"
    "Odd: ;;,,;;,;\nm:\"Quoted string \\\"\\\"\" <sip:caller@{theirs}> ; newparam = newvalue ;q=0.33\n\n",
    "intmeth": "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@{ours} SIP/2.0\n"
    + _COMMON + "\nCSeq: 1 !interesting-Method0123456789_*+`.%indeed'~" + _END,
    "esc01": _INVITE.replace("line@", "sips%3Auser%40example.com@", 1) + _END,
    "escnull": _REGISTER.replace("caller@", "%00@") + _END,
    "esc02": _COMMON.join(("RE%47IST%45R sip:{ours} SIP/2.0\n", "\nCSeq: 1 RE%47IST%45R" + _END)),
    "lwsdisp": _OPTIONS.replace("From: <", "From: caller<") + _END,
    "longreq": _INVITE.replace("line@", "l" * 900 + "@", 1) + "\nUnknown-" + "a" * 800 + ": " + "v" * 2000
    + "".join(f"\nVia: SIP/2.0/TCP sip{n}.example.com;branch=z9hG4bK" + "b" * 90 for n in range(33)) + _END,
    "dblreq": _REGISTER + _END + "INVITE sip:line@{ours} SIP/2.0\n\n",
    "semiuri": _OPTIONS.replace("line@", "user;par=u%40example.net@", 1) + _END,
    "transports": _OPTIONS + "".join(f"\nVia: SIP/2.0/{t} t.example.com;branch=z9hG4bK1" for t in ("SCTP", "TLS", "UNKNOWN")) + _END,
    "mpart01": _INVITE + "\nContent-Type: multipart/mixed;boundary=7a9cb\nContent-Length: 31\n\n--7a9cb\n\n\x00\x01\x02binary\n--7a9cb--\n",
    "unreason": "SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e\n" + _RESPONSE,
    "noreason": "SIP/2.0 100 \n" + _RESPONSE,
    # 3.1.2 Invalid
    "badinv01": _INVITE.replace("branch=", ";;,;,,branch=") + "\nContact: \"\" ;;,,; \"" + _END,
    "clerr": _INVITE + "\nContent-Length: 9999\n\nv=0\n",
    "ncl": _INVITE + "\nContent-Length: -999\n\nv=0\n",
    "scalar02": _REGISTER.replace("CSeq: 1 ", "CSeq: 36893488147419103232 ").replace("70", "300") + "\nExpires: 10000000000000000000000000" + _END,
    "scalarlg": "SIP/2.0 503 Service Unavailable\n" + _RESPONSE.replace("CSeq: 1", "CSeq: 9292394834772304023312")
    .replace("\n\n", "\nRetry-After: 949302838503028349304023988\nWarning: 1812 overture \"In Progress\"\n\n"),
    "quotbal": _INVITE.replace("To: <", "To: \"Mr. J. User <") + _END,
    "ltgtruri": _INVITE.replace("sip:line@{ours}", "<sip:line@{ours}>", 1) + _END,
    "lwsruri": _INVITE.replace("sip:line@{ours}", "sip:line@{ours}; lr", 1) + _END,
    "lwsstart": _INVITE.replace("INVITE ", "INVITE  ", 1).replace(" SIP/2.0", "  SIP/2.0", 1) + _END,
    "trws": _OPTIONS.replace("SIP/2.0\n", "SIP/2.0  \n", 1) + _END,
    "escruri": _INVITE.replace("sip:line@{ours}", "sip:line@{ours}?Route=%3Csip:example.com%3E", 1) + _END,
    "baddate": _INVITE + "\nDate: Fri, 01 Jan 2010 16:00:00 EST" + _END,
    "regbadct": _REGISTER.replace("<sip:caller@{theirs}>", "sip:caller@{theirs}?Route=%3Csip:sip.example.com%3E") + _END,
    "badaspec": _OPTIONS.replace("To: <sip:", "To: \"Watson, Thomas\" < sip:t").replace("{ours}>", "{ours} >", 1) + _END,
    "baddn": _OPTIONS.replace("From: <", "From: Bell, Alexander <") + _END,
    "badvers": _OPTIONS.replace("SIP/2.0\n", "SIP/7.0\n", 1) + _END,
    "mismatch01": _OPTIONS.replace("1 OPTIONS", "1 INVITE") + _END,
    "mismatch02": _OPTIONS.replace("OPTIONS sip", "NEWMETHOD sip").replace("1 OPTIONS", "1 INVITE") + _END,
    "bigcode": "SIP/2.0 4294967301 better not break the receiver\n" + _RESPONSE,
    # 3.2 to 3.4
    "badbranch": _OPTIONS.replace("z9hG4bK{mark}", "z9hG4bK") + _END,
    "insuf": "INVITE sip:line@{ours} SIP/2.0\nCSeq: 193942 INVITE\nVia: SIP/2.0/UDP {theirs};branch=z9hG4bK{mark}" + _END,
    "unkscm": _OPTIONS.replace("sip:line@{ours}", "nobodyKnowsThisScheme:totallyopaquecontent", 1) + _END,
    "novelsc": _OPTIONS.replace("sip:line@{ours}", "soap.beep://192.0.2.103:3002", 1) + _END,
    "unksm2": _REGISTER.replace("To: <sip:line@{ours}>", "To: isbn:2983792873").replace("sip:caller@{theirs}", "name:John_Smith") + _END,
    "bext01": _OPTIONS + "\nRequire: nothingSupportsThis, nothingSupportsThisEither\nProxy-Require: noProxiesSupportThis" + _END,
    "invut": _INVITE + "\nContent-Type: application/unknownformat\nContent-Length: 9\n\n<audio/>\n",
    "regaut01": _REGISTER + "\nAuthorization: NoOneKnowsThisScheme opaque-data=here" + _END,
    "multi01": _INVITE + "\nCSeq: 59 BYE\nCall-ID: other-{mark}\nMax-Forwards: 5\nFrom: <sip:b@x.example>;tag=2\nTo: <sip:c@x.example>" + _END,
    "mcl01": _OPTIONS + "\nContent-Length: 13\nContent-Length: 5\n\nThere's no way to know\n",
    "bcast": "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23\n" + _RESPONSE,
    "zeromf": _OPTIONS.replace("Max-Forwards: 70", "Max-Forwards: 0") + _END,
    "cparam01": _REGISTER.replace("<sip:caller@{theirs}>", "sip:caller@{theirs};unknownparam") + _END,
    "cparam02": _REGISTER.replace("<sip:caller@{theirs}>", "<sip:caller@{theirs};unknownparam>") + _END,
    "regescrt": _REGISTER.replace("<sip:caller@{theirs}>", "<sip:caller@{theirs}?Route=%3Csip:sip.example.com%3E>") + _END,
    "sdp01": _INVITE + "\nAccept: text/nobodyKnowsThis" + _END,
    "inv2543": "INVITE sip:line@{ours} SIP/2.0\nVia: SIP/2.0/UDP {theirs}\nFrom: <sip:+8613800000009@x.example>\n"
    "To: sip:line@{ours}\nCall-ID: {mark}\nCSeq: 0 INVITE\nContact: sip:caller@{theirs}" + _END,
}  # fmt: skip
"""By the names of RFC 4475 clause 3; lines end in a bare line feed here."""

_PIECES = (
    b"\x00", b"\xff\xfe", b"%00", b"%s%n", b"\r\n", b"\r\n\r\n", b"\n ", b";", b",", b"\"", b"<", b">", b"@", b":",
    b"sip:", b"sips:", b"tel:+86110", b"\xe5\xbc\xa0", b"A" * 4000, b"9" * 40, b"-1", b"[::1", b"*", b"Via: ",
    b"Route: <sip:127.0.0.1;lr>\r\n", b"P-Asserted-Identity: <", b"Privacy: id\r\n", b"SIP/2.0 ", b"INVITE ", b"tag=",
)  # fmt: skip
_serial = itertools.count(1)


def torture(name: str, ours: str, theirs: str) -> bytes:
    """The message of a name, for these addresses."""
    text = RFC4475[name]
    for place, value in (("{ours}", ours), ("{theirs}", theirs), ("{mark}", f"{name}{next(_serial)}")):
        text = text.replace(place, value)
    return text.replace("\n", "\r\n").encode("utf-8")


def mutated(count: int, ours: str, theirs: str, seed: int = 4475) -> Iterator[bytes]:
    """Messages with one to eight random changes each, always the same for a seed."""
    chance = random.Random(seed)
    names = list(RFC4475)
    for _ in range(count):
        message = bytearray(torture(chance.choice(names), ours, theirs))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(message) or 1)
            match chance.randrange(6):
                case 0:
                    message[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    message[at:at] = chance.choice(_PIECES)
                case 2:
                    del message[at : at + chance.randint(1, 40)]
                case 3:
                    message[at:at] = message[at : at + chance.randint(1, 200)]
                case 4:
                    lines = message.split(b"\r\n")
                    chance.shuffle(lines)
                    message = bytearray(b"\r\n".join(lines))
                case _:
                    lines = message.split(b"\r\n")
                    line = chance.choice(lines)
                    message = bytearray(
                        b"\r\n".join([*lines[:-2], *[line] * chance.choice((1, 5, 50)), *lines[-2:]])
                    )
        yield bytes(message[:60_000])
