#!/usr/bin/env python3
"""Holds files, functions and parameter lists to the limits of tools/size.toml.

Prints FILE:LINE: REASON for each breach and exits 1 if there is one. C++ functions are found by a
small scanner of scopes, not by a compiler: it needs no build and takes a second.
"""

import ast
import pathlib
import re
import sys
import tomllib
from dataclasses import dataclass, field

from cpp_source import code_only, line_of

_ROOTS = ['src', 'tests', 'bench', 'client', 'examples', 'tools']
_KINDS = {'.h', '.cc', '.py', '.sh', '.js', '.mjs', '.ts', '.tsx'}
_NOT_OURS = {'node_modules', 'build', 'golden', 'corpus', '__pycache__'}
_SCOPE = re.compile(r'(?:(?:inline|typedef|template\s*<.*?>)\s*)*'
                    r'(?:class|struct|union|namespace|extern)\b', re.DOTALL)
_NAME_BEFORE = re.compile(r'(operator\s*(?:\(\s*\)|[^\s\w(]+)|[\w~][\w:~<>]*)\s*$')
_NOT_A_NAME = {'alignas', 'noexcept', 'decltype', 'requires', 'explicit', 'operator'}
_BODY_FOLLOWS = re.compile(r'[\s&]*(?:(?:const|noexcept|override|final|mutable|try)\b[\s&]*(?:\([^()]*\)\s*)?)*'
                           r'(?:(?:->|requires\b|:(?!:)).*)?$', re.DOTALL)
_END_OF_DIRECTIVE = re.compile(r'(?<!\\)\n|\Z')


@dataclass
class Function:
    name: str
    line: int
    last_line: int
    parameters: list[str] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return self.last_line - self.line + 1


def matching(code: str, start: int) -> int:
    """The offset of the bracket that closes the one at `start`, or the end of the text."""
    depth, pairs = 0, {'(': ')', '{': '}', '[': ']'}
    opens, closes = code[start], pairs[code[start]]
    for at in range(start, len(code)):
        depth += (code[at] == opens) - (code[at] == closes)
        if depth == 0:
            return at
    return len(code)


def parameters_of(text: str) -> list[str]:
    """The commas of a parameter list that stand outside every bracket."""
    parts, depth, last = [], 0, ''
    for char in text:
        depth += (char in '([{<') - (char in ')]}' or (char == '>' and last not in '-='))
        if depth == 0 and char == ',':
            parts.append('')
        else:
            parts[-1:] = [(parts[-1] if parts else '') + char]
        last = char
    return [part.strip() for part in parts if part.strip() not in ('', 'void')]


def signature(head: str):
    """(name, its offset, parameters, what follows them) if `head` is a function's, else None."""
    head = re.sub(r'\[\[.*?\]\]', lambda attribute: ' ' * len(attribute[0]), head, flags=re.DOTALL)
    at = head.find('(')
    while at != -1:
        closing = matching(head, at)
        name = _NAME_BEFORE.search(head[:at])
        if name and name[1] not in _NOT_A_NAME:
            parameters = parameters_of(head[at + 1:closing])
            words = f'{name[1]}({", ".join(parameters)})' if name[1].startswith('TEST') else name[1]
            return words, name.start(1), parameters, head[closing + 1:]
        at = head.find('(', closing)
    return None


def begins_scope(head: str, after_parameters: str | None) -> bool:
    """`namespace x`, `struct alignas(64) X : Y`; but not `struct tm now()`."""
    is_function = after_parameters is not None and _BODY_FOLLOWS.match(after_parameters)
    return bool(_SCOPE.match(head.strip())) and not is_function


def begins_member(after_parameters: str) -> bool:
    """Whether the brace opens `x_{1}` in a constructor's list, and not yet the body."""
    has_list = re.match(r'\s*(?:noexcept\s*(?:\([^()]*\))?)?\s*:(?!:)', after_parameters)
    return bool(has_list) and re.search(r'[\w>]\s*$', after_parameters) is not None


def functions_in(code: str) -> list[Function]:
    """Every function with a body. Lambdas and local classes count as lines of what holds them."""
    found, head_start, at = [], 0, 0
    while at < len(code):
        if code[at] == '#' and not code[head_start:at].strip():
            at = head_start = _END_OF_DIRECTIVE.search(code, at).end()
            continue
        if code[at] in '([':
            at = matching(code, at)
        elif code[at] in ';}':
            head_start = at + 1
        elif code[at] == '{':
            head, end = code[head_start:at], matching(code, at)
            name, offset, parameters, after = signature(head) or ('', 0, [], None)
            if begins_scope(head, after):
                head_start, end = at + 1, at
            elif after is not None and not begins_member(after) and _BODY_FOLLOWS.match(after):
                start = head_start + offset
                found.append(Function(name, line_of(code, start), line_of(code, end), parameters))
                head_start = end + 1
            at = end  # of the body, of an initialiser, of an enum
        at += 1
    return found


def python_functions(text: str) -> list[Function]:
    nodes = [node for node in ast.walk(ast.parse(text))
             if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [Function(node.name, node.lineno, node.end_lineno or node.lineno,
                     [a.arg for a in node.args.args if a.arg not in ('self', 'cls')]) for node in nodes]


def file_breaches(path: str, text: str, limits: dict):
    """(line, what it is of, measured, words) for each breach in one file."""
    is_test = path.startswith('tests/') or '_test.' in path or 'test_' in path
    lines, most = len(text.splitlines()), limits['test_file' if is_test else 'file']
    if lines > most:
        yield 1, 'file', lines, f'{lines} lines, {most} at most: which two ideas are in it?'
    functions = functions_in(code_only(text)) if path.endswith(('.h', '.cc')) else []
    if path.endswith('.py'):
        functions = python_functions(text)
    for function in functions:
        if function.lines > limits['function']:
            yield (function.line, function.name, function.lines,
                   f'{function.name} has {function.lines} lines, {limits["function"]} at most')
        count = len(function.parameters)
        if count > limits['parameters'] and not path.endswith('.py'):
            yield (function.line, function.name, count,
                   f'{function.name} takes {count} parameters, {limits["parameters"]} at most: a struct?')


def files_of(root: pathlib.Path):
    for folder in _ROOTS:
        for file in sorted((root / folder).rglob('*')):
            if file.suffix in _KINDS and file.is_file() and not _NOT_OURS & set(file.relative_to(root).parts):
                yield file


def check(root: pathlib.Path) -> list[str]:
    with open(root / 'tools/size.toml', 'rb') as file:
        rules = tomllib.load(file)
    allowed = {(row['path'], row['of']): row for row in rules.get('exception', [])}
    breaches, used = [], set()
    for file in files_of(root):
        path = file.relative_to(root).as_posix()
        for line, of, measured, words in file_breaches(path, file.read_text(), rules['limits']):
            used.add((path, of))
            if measured > allowed.get((path, of), {'limit': 0})['limit']:
                breaches.append(f'{path}:{line}: {words}')
    breaches += [f'tools/size.toml:1: the exception for {of} in {path} is no longer needed'
                 for path, of in allowed if (path, of) not in used]
    return breaches


if __name__ == '__main__':
    found = check(pathlib.Path(__file__).resolve().parent.parent)
    print('\n'.join(found) if found else 'check_size: files, functions and parameters are within their limits')
    sys.exit(1 if found else 0)
