import hashlib
import tomllib
from pathlib import Path

import web

VENDOR = Path(web.__file__).parent / "static/vendor"


def test_files_of_others_are_what_the_manifest_says() -> None:
    listed = tomllib.loads((VENDOR / "manifest.toml").read_text())
    files = {file.name: file.read_bytes() for file in VENDOR.glob("*.js")}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == {
        name: entry["sha256"] for name, entry in listed.items()
    }
