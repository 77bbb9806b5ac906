"""Values as literals of other languages. Whatever comes in, it stays one value there.

Control characters have no place in any of these files: they are shown as escapes, so that no file holds a line that a
name brought along.
"""

from weighbridge.bom.text import clean

_LONGEST = 4096


def sql(text: str) -> str:
    """Return an SQL string literal (SQLite, "Literal Values": a quote is doubled, nothing else is special)."""
    return "'" + _printable(text).replace("'", "''") + "'"


def sql_like(text: str) -> str:
    r"""Return an SQL literal for LIKE in which `*` is any text and everything else stands for itself.

    Use it with `ESCAPE '\'`.
    """
    plain = _printable(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return "'" + plain.replace("'", "''").replace("*", "%") + "'"


def shell(text: str) -> str:
    """Return one word of a POSIX shell (POSIX.1-2024, XCU 2.2.2: inside single quotes nothing is special)."""
    return "'" + _printable(text).replace("'", "'\\''") + "'"


def powershell(text: str) -> str:
    """Return a verbatim string of PowerShell (about_Quoting_Rules); typographic quotes close one too."""
    return "'" + "".join(2 * one if one in "'\u2018\u2019\u201a\u201b" else one for one in _printable(text)) + "'"


def kql(text: str) -> str:
    r"""Return a quoted value of the Kibana Query Language: `\` and `"` are escaped, wildcards are not special."""
    return _escaped(text)


def falco(text: str) -> str:
    r"""Return a quoted value of a Falco condition (libsinsp filter grammar: `\` and `"` are escaped)."""
    return _escaped(text)


def _escaped(text: str) -> str:
    return '"' + _printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _printable(text: str) -> str:
    return clean(text, _LONGEST)
