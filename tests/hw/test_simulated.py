"""The circuit's blocks, simulated by ngspice with the schematic's values, and what is left for the firmware to tell."""

import math
import shutil
from itertools import product

import pytest

from firmware.board.hook import LIFTED_APART_SECONDS, LIFTED_SECONDS
from firmware.board.ringer import Bursts
from hw.electronics.spice import falls, lows, run

pytestmark = pytest.mark.skipif(not shutil.which("ngspice"), reason="ngspice is not installed")

CTR = (0.2, 3.0)
"""The optocoupler's transfer ratio: the least and the most of its data sheet."""


def rings(times: list[float]) -> float | None:
    """When the firmware takes pulses for ringing."""
    bursts = Bursts()
    return next((time for time in times if bursts.pulse(time)), None)


@pytest.mark.parametrize(("vrms", "hertz"), list(product((40, 90), (16, 20, 25, 50))))
@pytest.mark.parametrize("ctr", CTR)
def test_ringing_is_seen_within_its_first_two_cycles(vrms: float, hertz: float, ctr: float) -> None:
    seen = rings(falls(run("ring", vrms=vrms, hertz=hertz, ctr=ctr), "v(ring)"))
    assert seen is not None
    assert seen - 0.1 < 2 / hertz


def test_the_firmware_takes_the_pulses_for_ringing() -> None:
    for vrms, hertz in ((40, 16), (40, 50), (90, 20), (90, 50)):
        bursts = Bursts()
        assert sum(bursts.pulse(at) for at in falls(run("ring", vrms=vrms, hertz=hertz), "v(ring)")) == 1


@pytest.mark.parametrize("zener", [28.5, 31.5])
def test_the_zeners_may_be_five_per_cent_off(zener: float) -> None:
    assert rings(falls(run("ring", vrms=40, hertz=20, ctr=0.2, zener=zener), "v(ring)"))
    assert not rings(falls(run("dialling", battery=56, zener=zener), "v(ring)"))


def test_speech_is_not_even_a_pulse() -> None:
    minus_9_dbm = math.sqrt(600e-3 * 10**-0.9)
    for hertz in (300, 1000, 3400):
        assert not falls(run("ring", vrms=minus_9_dbm, hertz=hertz, ctr=3, seconds=0.2), "v(ring)")


@pytest.mark.parametrize(("feed", "loop"), [(200, 0), (600, 0), (200, 2000), (600, 2000)])
@pytest.mark.parametrize("battery", [48, 56])
def test_dialling_pulses_are_one_pulse_at_most(feed: float, loop: float, battery: float) -> None:
    assert len(falls(run("dialling", feed=feed, loop=loop, battery=battery), "v(ring)")) <= 1


@pytest.mark.parametrize("inductance", [1, 2, 4])
def test_the_kicks_of_an_old_exchange_are_pulses_that_do_not_come_like_ringing(inductance: float) -> None:
    pulses = falls(run("dialling", inductance=inductance), "v(ring)")
    assert len(pulses) > 10
    assert not rings(pulses)


@pytest.mark.parametrize("swap", [0.0001, 0.01, 0.05])
def test_a_reversal_of_the_wires_is_a_single_pulse(swap: float) -> None:
    assert len(falls(run("reversal", swap=swap), "v(ring)")) == 1


def test_a_pull_up_in_the_pi_and_an_old_optocoupler_leave_the_ringing_seen() -> None:
    assert rings(falls(run("ring", vrms=40, hertz=20, ctr=0.2, pull=50e3), "v(ring)"))
    assert rings(falls(run("ring", vrms=40, hertz=20, ctr=0.1), "v(ring)"))


def test_the_detector_loads_the_ringing_like_four_tenths_of_a_bell_at_most() -> None:
    for vrms, hertz in ((40, 20), (75, 25), (90, 30)):
        trace = run("ring", vrms=vrms, hertz=hertz)
        steady = [a for s, a in zip(trace["time"], trace["i(vbattery)"], strict=True) if s > 0.2]
        assert vrms / math.sqrt(sum(a * a for a in steady) / len(steady)) > 7000 / 0.4


@pytest.mark.parametrize("loop", [0, 500, 1000, 1500, 2000])
@pytest.mark.parametrize(("feed", "handset"), [(200, 200), (600, 600)])
def test_the_hook_is_seen_at_every_length_of_line(loop: float, feed: float, handset: float) -> None:
    [(lifted, down)] = lows(run("hook", loop=loop, feed=feed, handset=handset), "v(hook)")
    assert lifted - 0.1 < 0.001
    assert 0 < down - 0.3 < 0.001


def test_a_few_milliamperes_are_not_a_lifted_handset() -> None:
    assert not lows(run("hook", handset=18_000, feed=200, loop=0, ctr=3), "v(hook)")


@pytest.mark.parametrize(("local", "handset"), list(product((21, 28), (200, 600))))
@pytest.mark.parametrize("ctr", CTR)
def test_on_the_local_supply_the_hook_is_seen_and_a_charging_bell_is_not(
    local: float, handset: float, ctr: float
) -> None:
    for ren in (1, 5):
        trace = run("hook_local", local=local, handset=handset, ren=ren, ctr=ctr)
        long = [
            (since, till) for since, till in lows(trace, "v(hook)") if till - since >= LIFTED_APART_SECONDS
        ]
        [(lifted, down)] = long
        assert 0 <= lifted - 0.2 < 0.001
        assert 0 <= down - 0.4 < 0.003


@pytest.mark.parametrize(("hertz", "ren"), list(product((16, 20, 25, 50), (1, 5))))
def test_a_bell_that_rings_is_not_a_lifted_handset(hertz: float, ren: float) -> None:
    spans = lows(run("hook_ringing", hertz=hertz, ren=ren), "v(hook)")
    assert len(spans) > 5
    assert max(till - since for since, till in spans) < LIFTED_SECONDS


RATED = (0.0281, 0.040)
"""Coil currents in ampere: 140 mW, and the 200 mW of some certified types."""


@pytest.mark.parametrize("rated", RATED)
@pytest.mark.parametrize("henry", [0.03, 0.065, 0.15])
def test_the_relay_pulls_in_and_releases_within_milliseconds(rated: float, henry: float) -> None:
    trace = run("relay", supply=4.75, high=3.0, rated=rated, henry=henry)
    coil = list(zip(trace["time"], trace["i(v.xk1.vi)"], strict=True))
    pulled_in = next(s for s, ampere in coil if ampere > 0.75 * rated)
    released = next(s for s, ampere in coil if s > 0.06 and ampere < 0.1 * rated)
    assert pulled_in - 0.010 < 0.0025
    assert released - 0.060 < 0.0025
    assert max(trace["v(coil_1)"]) < 6.5, "the diode holds the coil's kick"
    assert max(map(abs, trace["i(vpin)"])) < 0.002, "what the pin gives"


@pytest.mark.parametrize(
    "pin", [{"high": 0.0}, {"drive": 1e9}, {"drive": 1e9, "leak": 10e-6}, {"drive": 50e3}], ids=str
)
def test_a_low_a_floating_and_a_pulled_up_pin_leave_the_relay_released(pin: dict[str, float]) -> None:
    trace = run("relay", supply=5.25, **pin)
    assert max(trace["i(v.xk1.vi)"]) < 0.1 * RATED[0]
