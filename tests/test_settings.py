"""What the wiring file and the owner may say."""

import re
from pathlib import Path

import pytest

from firmware.settings import SETTINGS, owner_from
from firmware.wiring import Wiring, load_wiring


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "ringfence.toml"
    path.write_text(text)
    return path


def test_the_command_line_is_over_the_file_and_the_file_over_the_defaults(tmp_path: Path) -> None:
    path = write(tmp_path, 'http = "[::1]:9000"\npins = "mock"\n[modem]\nport = "/dev/ttyACM3"\n')
    wiring = load_wiring(path, http="localhost:8000", data=None, modem_port=None)
    assert wiring == Wiring(http="localhost:8000", pins="mock", modem_port="/dev/ttyACM3")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("colour = 1", "colour"),
        ("[modem]\nprot = 'x'", "modem.prot"),
        ("[modem]\nport = 1", "modem_port"),
        ("[modem]\ninit = 'ATZ'", "modem_init"),
        ("longest_cut = 'long'", "longest_cut"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(ValueError, match=key):
        load_wiring(write(tmp_path, text))


@pytest.mark.parametrize(
    ("http", "address"),
    [("0.0.0.0:8080", ("0.0.0.0", 8080)), ("[::1]:80", ("::1", 80)), (":8080", ("127.0.0.1", 8080))],
)
def test_the_address_of_the_page(http: str, address: tuple[str, int]) -> None:
    assert Wiring(http=http).address == address


def test_the_installed_wiring_file_says_what_the_defaults_are() -> None:
    path = Path(__file__).parents[1] / "hw" / "ringfence.toml"
    assert load_wiring(path) == Wiring()
    shown = {line.split(" =")[0] for line in path.read_text("utf-8").splitlines()}
    for key in Wiring.__dataclass_fields__:
        assert f"#{re.sub('^(modem|lists|board|page|notices|backup|proxy)_', '', key)}" in shown, key


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_every_setting_accepts_its_default_and_refuses_nonsense(setting) -> None:
    assert setting.check(setting.default) == setting.default
    for nonsense in (None, "\n", "nonsense", [], True, -1, 1e12, float("nan")):
        with pytest.raises(ValueError, match=setting.name):
            setting.check(nonsense)


def test_a_stored_setting_that_is_no_longer_valid_falls_back_to_its_default() -> None:
    owner = owner_from({"block_action": "explode", "withheld": "block", "gone": 1})
    assert owner["block_action"] == "cut"
    assert owner["withheld"] == "block"
    assert set(owner) == set(SETTINGS)


@pytest.mark.parametrize("zone", ["", "UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+8"])
def test_a_zone_is_one_that_the_box_knows(zone: str) -> None:
    assert SETTINGS["zone"].check(zone) == zone


@pytest.mark.parametrize(
    "zone", ["Asia", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Asia/Shanghai\n", "x" * 300]
)
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match=r"^zone$"):
        SETTINGS["zone"].check(zone)


def test_a_stored_zone_that_is_gone_falls_back_to_the_boxs_own() -> None:
    assert owner_from({"zone": "Mars/Olympus", "area": "010"})["zone"] == ""


@pytest.mark.parametrize("segments", ["*", "162*", "+44*", "162* 170* 0571*", " ".join(["162*"] * 20)])
def test_courier_segments_are_segments_with_spaces_between(segments: str) -> None:
    assert SETTINGS["courier_segments"].check(segments) == segments


@pytest.mark.parametrize(
    "segments", ["", "162", "16?*", "162*,170*", "162* ", " 162*", "162*  170*", "１*", "162* " * 21]
)
def test_what_are_no_courier_segments_is_refused(segments: str) -> None:
    with pytest.raises(ValueError, match=r"^courier_segments$"):
        SETTINGS["courier_segments"].check(segments)


@pytest.mark.parametrize(
    ("name", "least", "most"), [("redial_s", 0, 3600), ("known_s", 0, 3600), ("courier_minutes", 1, 1440)]
)
def test_a_time_has_its_bounds(name: str, least: int, most: int) -> None:
    setting = SETTINGS[name]
    assert (setting.check(least), setting.check(most)) == (least, most)
    for beyond in (least - 1, most + 1, str(least), None):
        with pytest.raises(ValueError, match=f"^{name}$"):
            setting.check(beyond)
