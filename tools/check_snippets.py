#!/usr/bin/env python3
"""Holds the C++ in the documents to compiled code: every snippet is a marked region of a source file.

In a document:   <!-- snippet examples/streaming.cc range -->   and behind it a ```cpp block
In the source:   // [range]   and   // [/range]   on lines of their own

Prints FILE:LINE: what differs, and exits 1 if something does. With --update, writes the regions into
the documents instead. A ```cpp block without a marker is refused too.
"""

import pathlib
import re
import sys
import textwrap

_MARKED = re.compile(r'^<!-- snippet (\S+) (\w+) -->\n```cpp\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r'^```cpp\n', re.MULTILINE)


def region(source: pathlib.Path, name: str) -> str | None:
    """The lines between the marks, without their common indent and without inner marks."""
    if not source.is_file():
        return None
    lines = source.read_text().splitlines()
    bare = [line.strip() for line in lines]
    if bare.count(f'// [{name}]') != 1 or bare.count(f'// [/{name}]') != 1:
        return None
    inside = lines[bare.index(f'// [{name}]') + 1:bare.index(f'// [/{name}]')]
    kept = [line for line in inside if not re.fullmatch(r'\s*// \[/?\w+\]', line)]
    return textwrap.dedent('\n'.join(kept)).strip('\n') + '\n'


def line_of(text: str, offset: int) -> int:
    return text.count('\n', 0, offset) + 1


def breaches_of(text: str, root: pathlib.Path):
    """(line, what is wrong) for each snippet that is not what its source says."""
    marked = list(_MARKED.finditer(text))
    for match in marked:
        wanted = region(root / match[1], match[2])
        if wanted is None:
            yield line_of(text, match.start()), f'{match[1]} has no region [{match[2]}]'
        elif wanted != match[3]:
            yield line_of(text, match.start()), f'differs from [{match[2]}] of {match[1]}: --update copies it'
    known = {text.index('```cpp\n', match.start()) for match in marked}
    for match in _BLOCK.finditer(text):
        if match.start() not in known:
            yield line_of(text, match.start()), 'C++ without a snippet marker is not compiled by anyone'


def updated(text: str, root: pathlib.Path) -> str:
    def fresh(match: re.Match) -> str:
        wanted = region(root / match[1], match[2])
        return match[0] if wanted is None else match[0].replace(f'```cpp\n{match[3]}', f'```cpp\n{wanted}', 1)
    return _MARKED.sub(fresh, text)


def documents(root: pathlib.Path) -> list[pathlib.Path]:
    return [root / 'README.md', *sorted((root / 'docs').rglob('*.md'))]


def check(root: pathlib.Path) -> list[str]:
    return [f'{file.relative_to(root)}:{line}: {words}'
            for file in documents(root) for line, words in breaches_of(file.read_text(), root)]


if __name__ == '__main__':
    top = pathlib.Path(__file__).resolve().parent.parent
    if sys.argv[1:] == ['--update']:
        for document in documents(top):
            document.write_text(updated(document.read_text(), top))
    found = check(top)
    print('\n'.join(found) if found else 'check_snippets: the C++ of the documents is compiled code')
    sys.exit(1 if found else 0)
