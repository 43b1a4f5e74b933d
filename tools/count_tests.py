#!/usr/bin/env python3
"""count_tests.py LOG EXIT_CODE: prints `PASSED FAILED`, as the runners' closing lines in LOG say.

Knows ctest, pytest and unittest. A log without such a line is one check: passed if it exited with 0.
"""

import re
import sys

_CTEST = re.compile(r'^\d+% tests passed, (\d+) tests? failed out of (\d+)', re.MULTILINE)
_PYTEST = re.compile(r'^=*\s*((?:\d+ \w+(?:, )?)+) in [\d.]+s.*$', re.MULTILINE)
_UNITTEST = re.compile(r'^Ran (\d+) tests? in [^\n]*\n\n(OK|FAILED[^\n]*)', re.MULTILINE)


def count(log: str, exit_code: int) -> tuple[int, int]:
    passed = failed = 0
    for broken, ran in _CTEST.findall(log):
        passed, failed = passed + int(ran) - int(broken), failed + int(broken)
    for words in _PYTEST.findall(log):
        numbers = {word: int(number) for number, word in re.findall(r'(\d+) (\w+)', words)}
        passed += numbers.get('passed', 0)
        failed += sum(numbers.get(word, 0) for word in ('failed', 'error', 'errors'))
    for ran, verdict in _UNITTEST.findall(log):
        broken = sum(map(int, re.findall(r'(?:failures|errors)=(\d+)', verdict)))
        passed, failed = passed + int(ran) - broken, failed + broken
    if exit_code != 0:
        return passed, max(failed, 1)
    return (passed, failed) if passed + failed else (1, 0)


if __name__ == '__main__':
    with open(sys.argv[1], errors='replace') as file:
        print(*count(file.read(), int(sys.argv[2])))
