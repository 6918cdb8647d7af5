"""Contacts from what phones and address books export: vCard and CSV, told apart by their content."""

from firmware.contacts import table, text, vcard
from firmware.contacts.book import Book, Contact, Reading, Unreadable

__all__ = ["Contact", "Reading", "Unreadable", "read_contacts"]

MAX_BYTES = 32 * 1024 * 1024


def read_contacts(data: bytes) -> Reading:
    """The contacts in an exported address book of any of the usual forms.

    Raises Unreadable with one of the codes "empty", "too_large" (over MAX_BYTES), "not_contacts" and "too_many".
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large")
    if not data or data.isspace():
        raise Unreadable("empty")
    octets, encoding = text.recognise(data)
    book = Book()
    reader = vcard if vcard.is_vcard(octets) else table
    reader.read(octets, encoding, book)
    return book.reading()
