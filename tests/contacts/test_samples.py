"""Exports of phones and address books, from data/contacts."""

from pathlib import Path

import pytest

from firmware.contacts import Contact, Reading, read_contacts

SAMPLES = Path(__file__).parents[1] / "data" / "contacts"
JANE = "Jane Mary Doe"
EXPECTED = {
    "android.vcf": Reading(
        (
            Contact("张三", ("138-0013-8000", "010-62345678"), ()),
            Contact("物业管理处值班室（夜间）", ("+8613900139000",), ()),
        ),
        1,
        (),
    ),
    "outlook.vcf": Reading((Contact("李四", ("(021) 5012-3456", "13700137000"), ()),), 0, ()),
    "icloud.vcf": Reading(
        (
            Contact("Bob Smith, Jr", ("+86 10 6234 5678", "135 0013 5000"), ()),
            Contact("王小明", ("021 5012 3456",), ("家人",)),
        ),
        0,
        (),
    ),
    "google.vcf": Reading(
        (
            Contact(JANE, ("+1 415-555-2671",), ("Family", "myContacts")),
            Contact("快递站", ("0755-26971234",), ()),
        ),
        0,
        (),
    ),
    "rfc6350.vcf": Reading(
        (Contact("John Doe", ("+86-10-62345678", "13600136000"), ("The Doe family",)),), 0, ()
    ),
    "google-old.csv": Reading(
        (
            Contact("张三", ("138 0013 8000", "+86 139 0013 9000", "010-62345678"), ("My Contacts", "邻居")),
            Contact("快递站", ("0755-26971234",), ("My Contacts",)),
        ),
        1,
        (),
    ),
    "google-new.csv": Reading(
        (
            Contact(JANE, ("+1 415-555-2671", "010-62345678"), ("myContacts", "Friends")),
            Contact("王小明", ("13500135000",), ("myContacts",)),
        ),
        0,
        (),
    ),
    "outlook.csv": Reading(
        (
            Contact("李四", ("(021) 5012-3456", "13700137000"), ("工作", "客户")),
            Contact("物业", ("02150120000",), ()),
        ),
        0,
        (),
    ),
    "chinese.csv": Reading(
        (
            Contact("张三", ("13800138000", "010-62345678"), ("家人", "邻居")),
            Contact("李四", ("+8613900139000",), ()),
        ),
        1,
        ("rounded",),
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_export_is_read(name: str) -> None:
    assert read_contacts((SAMPLES / name).read_bytes()) == EXPECTED[name]


def test_every_sample_is_expected() -> None:
    assert {path.name for path in SAMPLES.iterdir()} - {"README.md"} == EXPECTED.keys()
