"""C++ text as the checkers need it: without what the compiler would skip or only carry along."""

import re

# One alternative per thing whose inside is not code. Order matters: a raw string before a plain one.
_NOT_CODE = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|R"(?P<delimiter>[^()\s\\]*)\(.*?\)(?P=delimiter)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])*'",
    re.DOTALL,
)


def code_only(text: str) -> str:
    """`text` with the insides of comments and literals blanked: same length, same lines."""

    def blank(match: re.Match) -> str:
        found = match.group()
        inside = re.sub(r'[^\n]', ' ', found)
        return found[0] + inside[1:-1] + found[-1] if found[0] in '"\'' else inside

    return _NOT_CODE.sub(blank, text)


def line_of(text: str, offset: int) -> int:
    return text.count('\n', 0, offset) + 1
