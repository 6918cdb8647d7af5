"""Figures as pictures."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from web.charts import HEIGHT, STACKED, WARMTHS, bars, heat

COUNTS = st.integers(0, 500)
DAYS = st.lists(st.tuples(COUNTS, COUNTS, COUNTS), min_size=1, max_size=30)


@given(DAYS)
def test_bars_stand_on_one_another_and_within_the_chart(counts: list[tuple[int, int, int]]) -> None:
    days = [
        {
            "day": (date(2026, 3, 1) + timedelta(days=place)).isoformat(),
            **dict(zip(STACKED, found, strict=True)),
        }
        for place, found in enumerate(counts)
    ]
    chart = bars(days)
    assert chart.top >= max(map(sum, counts))
    for found, column in zip(counts, chart.columns, strict=True):
        assert [bar.kind for bar in column.bars] == [
            kind for kind, count in zip(STACKED, found, strict=True) if count
        ]
        ground = float(HEIGHT)
        for bar in column.bars:
            assert abs(bar.y + bar.height - ground) < 0.2
            ground = bar.y
        assert ground >= -0.5
        assert all(bar.x >= 0 and bar.x + bar.width <= chart.width for bar in column.bars)


@given(st.lists(st.lists(COUNTS, min_size=24, max_size=24), min_size=7, max_size=7))
def test_an_hour_is_the_warmer_the_more_calls_it_has(hours: list[list[int]]) -> None:
    shown = [cell for day in heat(hours) for cell in day]
    assert [calls for calls, _ in shown] == [calls for day in hours for calls in day]
    for calls, warmth in shown:
        assert (warmth == 0) == (calls == 0)
        assert warmth <= WARMTHS
    assert [warmth for _, warmth in sorted(shown)] == sorted(warmth for _, warmth in shown)
