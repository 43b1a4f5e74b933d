#!/usr/bin/env python3
"""Holds src/, client/ and examples/ to tools/rooms.toml: who includes whom, and which words may stand where.

Prints FILE:LINE: REASON for each breach and exits 1 if there is one.
"""

import fnmatch
import pathlib
import re
import sys
import tomllib

from cpp_source import code_only, line_of

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
_ROOM_IN_CMAKE = re.compile(r'^\s*gatehouse_room\((\w+)([^)]*)\)', re.MULTILINE)
_README_LINES = 25


def lies_in(path: str, places: list[str]) -> bool:
    """Whether a path under src/ starts with, or matches, one of the places."""
    return any(path.startswith(place) or fnmatch.fnmatch(path, place) for place in places)


def client_breach(path: str, header: str, rules: dict) -> str | None:
    """What is wrong with an include by `path`, which counts from the root: client/src/a.cc."""
    allowed, folder = rules['client'], path.split('/')[1]
    if header.startswith('gatehouse/'):
        return None
    if folder == 'include':
        return f'"{header}": a public header includes "gatehouse/..." and the standard library alone'
    if header.startswith(('client/src/', f'client/{folder}/')):
        return None
    if header.split('/')[0] in allowed['rooms'] or header.startswith(tuple(allowed['files'])):
        return None
    return f'client/ may not include {header} (tools/rooms.toml, [client])'


def include_breach(path: str, bracket: str, header: str, rules: dict) -> str | None:
    rooms, room = rules['rooms'], path.split('/')[0]
    if bracket == '"' and room == 'client':
        return client_breach(path, header, rules)
    if bracket == '"':
        target = header.split('/')[0]
        if header.startswith('tests/') and path.endswith('_test.cc'):
            return None
        if target not in rooms:
            return f'"{header}" is not rooted at src/: write "room/file.h"'
        if target != room and target not in rooms.get(room, []):
            return f'{room}/ may not include {target}/ (tools/rooms.toml, [rooms])'
        return None
    if '.' not in header and '/' not in header:
        return None  # the standard library
    for row in rules['outside']:
        if any(header.startswith(start) for start in row['headers']):
            return None if lies_in(path, row['in']) else f'<{header}> may not stand here: {row["reason"]}'
    return f'<{header}> is in no [[outside]] row of tools/rooms.toml: say there who may use it, and why'


def file_breaches(path: str, text: str, rules: dict):
    for match in _INCLUDE.finditer(text):
        if breach := include_breach(path, match[1], match[2], rules):
            yield line_of(text, match.start(1)), breach
    code = code_only(text)
    for ban in rules['ban']:
        if not lies_in(path, ban['except']):
            for match in re.finditer(ban['pattern'], code):
                words = match[0].splitlines()[-1].strip(' ;{}')
                yield line_of(code, match.end() - 1), f'`{words}`: {ban["reason"]}'


def room_breaches(src: pathlib.Path, rules: dict):
    """The list of rooms against itself, the folders, their READMEs and CMake."""
    rooms, seen = rules['rooms'], set()
    for room, may in rooms.items():
        if wrong := [other for other in may if other not in seen]:
            yield f'{room} includes {", ".join(wrong)}, which must stand above it in [rooms]'
        seen.add(room)
        readme = src / room / 'README.md'
        if not readme.is_file() and any((src / room).rglob('*.h')):
            yield f'src/{room}/README.md is missing: purpose, what to read first, what may not happen'
        elif readme.is_file() and len(readme.read_text().splitlines()) > _README_LINES:
            yield f'src/{room}/README.md is longer than {_README_LINES} lines'
    for folder in sorted(entry.name for entry in src.iterdir() if entry.is_dir()):
        if folder not in rooms:
            yield f'src/{folder}/ is no room of [rooms]'
    cmake = {name: re.search(r'\bDEPS\s+([a-z_\s]+)', rest)
             for name, rest in _ROOM_IN_CMAKE.findall((src / 'CMakeLists.txt').read_text())}
    linked = {name: set(deps[1].split()) if deps else set() for name, deps in cmake.items()}
    for room in sorted(set(rooms) | set(linked)):
        if set(rooms.get(room, ['?'])) != linked.get(room, {'?'}):
            yield f'{room}: [rooms] and the DEPS of src/CMakeLists.txt differ'


def check(root: pathlib.Path) -> list[str]:
    with open(root / 'tools/rooms.toml', 'rb') as file:
        rules = tomllib.load(file)
    src = root / 'src'
    breaches = [f'tools/rooms.toml:1: {breach}' for breach in room_breaches(src, rules)]
    for file in sorted([*src.rglob('*.h'), *src.rglob('*.cc')]):
        path = file.relative_to(src).as_posix()
        breaches += [f'src/{path}:{line}: {breach}'
                     for line, breach in file_breaches(path, file.read_text(), rules)]
    client = root / 'client'
    for file in sorted([*client.rglob('*.h'), *client.rglob('*.cc')]):
        path = file.relative_to(root).as_posix()
        breaches += [f'{path}:{line}: {breach}'
                     for line, breach in file_breaches(path, file.read_text(), rules)]
    for file in sorted((root / 'examples').rglob('*.cc')):
        for match in _INCLUDE.finditer(text := file.read_text()):
            if match[2] != 'gatehouse/client.h' and ('/' in match[2] or '.' in match[2]):
                breaches.append(f'{file.relative_to(root)}:{line_of(text, match.start(1))}: '
                                'an example includes <gatehouse/client.h> and the standard library')
    return breaches


if __name__ == '__main__':
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print('\n'.join(found) if found else 'check_rooms: every room keeps to its arrows')
    sys.exit(1 if found else 0)
