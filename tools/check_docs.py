#!/usr/bin/env python3
"""Fails where a document names a file that does not exist: relative links, and the paths of rooms.

Prints FILE:LINE: what is missing, and exits 1 if something is.
"""

import pathlib
import re
import sys

_LINK = re.compile(r'\]\(([^)#:\s]+)(?:#[^)]*)?\)')
_PATH = re.compile(r'`((?:src|tools|tests|docs|bench|cmake)/[\w./-]+|[a-z]+/[\w/]+\.(?:cc|h))`')
_NOT_OURS = {'build', 'node_modules', '.git', 'data'}


def documents(root: pathlib.Path):
    for file in sorted(root.rglob('*.md')):
        if not _NOT_OURS & set(file.relative_to(root).parts):
            yield file


def missing_in(file: pathlib.Path, root: pathlib.Path):
    for number, line in enumerate(file.read_text().splitlines(), 1):
        for link in _LINK.findall(line):
            if not (file.parent / link).exists():
                yield number, f'the link {link} leads nowhere'
        for path in _PATH.findall(line):
            if not any((folder / path).exists() for folder in (root, root / 'src', file.parent)):
                yield number, f'there is no {path}'


def check(root: pathlib.Path) -> list[str]:
    return [f'{file.relative_to(root)}:{line}: {words}'
            for file in documents(root) for line, words in missing_in(file, root)]


if __name__ == '__main__':
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print('\n'.join(found) if found else 'check_docs: every file that a document names exists')
    sys.exit(1 if found else 0)
