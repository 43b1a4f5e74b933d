"""python3 -m unittest discover -s bench -p '*_test.py'"""

import pathlib
import tempfile
import unittest

from harness import counting, load, report
from harness.measure import Footprint, Sample


def rounds_of(cpu: dict, name: str = "1k") -> dict:
    return {name: {target: [value and Sample(value, 1e6 / value, 10 * value, 20 * value) for value in values]
                   for target, values in cpu.items()}}


class Ratios(unittest.TestCase):
    def test_a_ratio_is_the_median_of_the_rounds_and_not_the_ratio_of_medians(self):
        # A machine that is three times slower in one round is so for both.
        self.assertEqual(report.ratio_cell([8, 30, 9], [10, 30, 10]), "**0.90** (0.80–1.00)")

    def test_a_round_that_one_side_missed_counts_for_neither(self):
        self.assertEqual(report.paired_ratios([8, 9, None], [None, 10, 10]), [0.9])
        self.assertEqual(report.ratio_cell([None], [10]), "–")


class Tables(unittest.TestCase):
    def test_goals_are_judged_by_the_median_ratio(self):
        table = report.cpu_table(rounds_of({"nginx": [10, 10], "portkey": [900, 900], "gatehouse": [9, 9]}))
        self.assertIn("≤ 0.95: met; ≥ 50: met", table)
        table = report.cpu_table(rounds_of({"nginx": [10], "portkey": [400], "gatehouse": [9.9]}))
        self.assertIn("≤ 0.95: **missed**; ≥ 50: **missed**", table)

    def test_a_target_that_was_not_measured_leaves_dashes_and_no_verdict(self):
        table = report.cpu_table(rounds_of({"nginx": [10], "portkey": [None]}))
        self.assertIn("| 10.0 | – | – | – | – | – |", table)

    def test_added_latency_is_taken_within_each_round(self):
        by_target = rounds_of({"direct": [1, 5], "nginx": [3, 8], "gatehouse": [2, 7]}, "one")["one"]
        self.assertEqual(report.added(by_target, "gatehouse", "p50"), [10, 20])
        self.assertIn("p50 not above nginx: met", report.latency_table({"one": by_target}))

    def test_memory_is_judged_against_its_own_idle_size(self):
        start = {"gatehouse": (30.0, 51.0)}
        table = report.footprint_table({"gatehouse": Footprint(10, 25, 11.5)}, start)
        self.assertIn("≤ 20: met", table)
        self.assertIn("≤ 30: met", table)
        self.assertIn("≤ 1.10 × idle: **missed**", table)
        self.assertIn("≤ 50: **missed**", table)

    def test_only_what_stands_between_the_markers_is_replaced(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "page.md"
            path.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
            report.write_between_markers(path, "new")
            self.assertEqual(path.read_text(), f"before\n{report.BEGIN}\n\nnew\n{report.END}\nafter\n")
            path.write_text("no markers")
            self.assertRaises(ValueError, report.write_between_markers, path, "new")


class Counting(unittest.TestCase):
    TABLE = """% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.000600           1      1200       200 recvfrom
 40.00    0.000400           1       600           sendmsg
------ ----------- ----------- --------- --------- ----------------
100.00    0.001000           1      1800       200 total
"""

    def test_calls_are_read_with_and_without_errors(self):
        self.assertEqual(counting.calls_in(self.TABLE), {"recvfrom": 1200, "sendmsg": 600})

    def test_what_both_runs_share_cancels_out(self):
        counts = {100: {"recvfrom": 1200, "openat": 50}, 300: {"recvfrom": 1600, "openat": 50, "futex": 20}}
        each = counting.per_request(counts.get, counting.Lengths(100, 300))
        self.assertEqual(each, {"recvfrom": 2.0, "openat": 0.0, "futex": 0.1, "total": 2.1})


class Bodies(unittest.TestCase):
    def test_bodies_have_the_size_asked_for(self):
        for size in (1_094, 16_021, 100_096):
            self.assertEqual(len(load.chat_body(size)), size)
            self.assertEqual(len(load.chat_body(size, is_stream=True)), size)


if __name__ == "__main__":
    unittest.main()
