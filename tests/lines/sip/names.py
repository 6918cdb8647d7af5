"""A DNS server on loopback that knows what a test says."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self

import dns.flags
import dns.message
import dns.rdataclass
import dns.rdatatype
import dns.resolver
import dns.rrset


class Names:
    """`zone`: lines as `_sip._udp.x.example. SRV 10 0 5060 a.x.example.`; what is not there does not exist.

    `asked`: every question so far. While it is `silent` it gives no answer.
    """

    def __init__(self, *zone: str, address: str = "127.0.0.1", port: int = 0) -> None:
        self.zone = zone
        self.asked: list[str] = []
        self.silent = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, port))
        self.port = int(self._socket.getsockname()[1])
        self._socket.settimeout(0.1)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()
        self._socket.close()

    def resolver(self) -> dns.resolver.Resolver:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], self.port
        return resolver

    def _serve(self) -> None:
        while not self._closing.is_set():
            with suppress(TimeoutError):
                data, source = self._socket.recvfrom(4096)
                if not self.silent:
                    self._socket.sendto(self._answer(data), source)

    def _answer(self, data: bytes) -> bytes:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append(f"{name} {kind}")
        records = [line.split(" ", 2) for line in self.zone]
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        found = [said for owner, sort, said in records if owner == name.lower() and sort == kind]
        if found:
            response.answer.append(
                dns.rrset.from_text_list(question.name, 60, dns.rdataclass.IN, kind, found)
            )
        elif not any(owner == name.lower() for owner, *_ in records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()
