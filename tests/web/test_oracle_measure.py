"""The measuring itself: the statistics are right, and the script comes to an end. No time is asserted."""

from pathlib import Path

import pytest

from tests.bench.apart import compare, kolmogorov_smirnov, mann_whitney
from tests.bench.oracle import FORMS, report, run, verdict


def test_mann_whitney_counts_pairs_and_halves_ties():
    u, z, p = mann_whitney([1.0, 2.0, 3.0], [2.0, 4.0, 5.0])
    assert u == 1.5 and z < 0
    assert 0.2 < p < 0.4
    assert mann_whitney([1.0] * 9, [1.0] * 9) == (40.5, 0.0, 1.0)


def test_kolmogorov_smirnov_finds_the_largest_gap():
    assert kolmogorov_smirnov([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0])[0] == pytest.approx(0.5)
    assert kolmogorov_smirnov([1.0, 2.0], [1.0, 2.0]) == (0.0, 1.0)


def test_a_small_shift_in_many_is_found_and_no_shift_is_not():
    """Two interleaved combs of 2,000 teeth; the second time one is half a tooth in twenty further on."""
    one, other = [float(n) for n in range(0, 4000, 2)], [float(n) for n in range(1, 4001, 2)]
    same, apart = compare(one, other), compare(one, [value + 200 for value in other])
    assert same.u_p > 0.9 and same.d_p > 0.9 and abs(same.sooner - 0.5) < 0.01
    assert apart.u_p < 1e-4 and apart.d_p < 0.05 and apart.sooner > 0.54


def test_the_script_times_every_form_through_a_served_process(tmp_path: Path):
    found = run(tmp_path / "home", 4, 1)
    assert [form.name for form, _ in found] == [form.name for form in FORMS]
    said = report(found)
    assert all(form.name in said for form in FORMS)
    assert verdict(found)[1] in said
