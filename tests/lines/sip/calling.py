"""A call that has been answered, and what a phone sends within it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plain import Peer, answer, header, headers, request
from sipp import House


@dataclass(frozen=True)
class Talk:
    """As the phone at `at` knows it: `same` are the headers that all its requests share, `target` is the far end."""

    at: str
    same: tuple[str, ...]
    target: str
    routes: list[str]

    def ways(self, routes: Sequence[str] | None = None) -> list[str]:
        return [f"Route: {route}" for route in (self.routes if routes is None else routes)]

    def request(self, method: str, target: str = "", routes: Sequence[str] | None = None) -> str:
        return request(method, target or self.target, self.at, *self.same, *self.ways(routes), cseq=2)


def calling(
    house: House, phone: Peer, provider: Peer, contact: str, routes: Sequence[str] = (), *, id: str = ""
) -> Talk:
    """The phone has called out; the provider names its `contact` and its `routes`, the nearest first."""
    named = [f"Call-ID: {id}"] if id else []
    call = phone.send(request("INVITE", f"sip:1@{house.provider}", phone.at, *named), house.proxy)
    taken = answer(provider.hear(call), "200 OK", f"Contact: {contact}")
    far = "".join(f"Record-Route: {route}\r\n" for route in reversed(routes))
    provider.send(taken.replace("Record-Route:", f"{far}Record-Route:", 1), house.proxy)
    heard = phone.final(call)
    same = tuple(f"{name}: {header(heard, name)}" for name in ("From", "To", "Call-ID"))
    known = headers(heard, "Record-Route")[::-1]
    return Talk(phone.at, same, header(heard, "Contact").strip("<>"), known)


def called(house: House, phone: Peer, provider: Peer, contact: str, routes: Sequence[str] = ()) -> Talk:
    """The same of a phone that was called."""
    far = [f"Contact: {contact}", *(f"Record-Route: {route}" for route in routes)]
    call = provider.send(request("INVITE", "sip:line@house.example", provider.at, *far), house.proxy)
    heard = phone.hear(call)
    phone.send(answer(heard, "200 OK", f"Contact: <sip:line@{phone.at}>"), house.proxy)
    provider.final(call)
    ends = f"From: {header(heard, 'To')};tag=answered", f"To: {header(heard, 'From')}"
    known = headers(heard, "Record-Route")
    return Talk(
        phone.at, (*ends, f"Call-ID: {header(call, 'Call-ID')}"), header(heard, "Contact").strip("<>"), known
    )
