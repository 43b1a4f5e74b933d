"""Closing lines as the runners print them, and what ./test must make of them."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from count_tests import count


class CountTest(unittest.TestCase):
    def test_each_runner_is_understood(self):
        for log, expected in [
            ('100% tests passed, 0 tests failed out of 14\n', (14, 0)),
            ('93% tests passed, 1 tests failed out of 14\n', (13, 1)),
            ('..\n120 passed in 3.20s\n', (120, 0)),
            ('==== 2 failed, 118 passed, 1 error, 3 warnings in 62.10s (0:01:02) ====\n', (118, 3)),
            ('Ran 9 tests in 0.020s\n\nOK\n', (9, 0)),
            ('Ran 9 tests in 0.020s\n\nFAILED (failures=1, errors=2)\n', (6, 3)),
        ]:
            self.assertEqual(count(log, 1 if expected[1] else 0), expected, log)

    def test_several_runs_in_one_log_add_up(self):
        self.assertEqual(count('3 passed in 0.10s\n4 passed in 0.20s\n', 0), (7, 0))

    def test_a_log_without_a_closing_line_is_one_check(self):
        self.assertEqual(count('all is well\n', 0), (1, 0))
        self.assertEqual(count('file.cc:1: not well\n', 1), (0, 1))

    def test_a_runner_that_died_after_its_line_has_failed(self):
        self.assertEqual(count('3 passed in 0.10s\nAborted\n', 134), (3, 1))


if __name__ == '__main__':
    unittest.main()
