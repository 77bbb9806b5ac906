"""Literals are read back by the languages themselves where they can be had."""

import sqlite3
import subprocess

from hypothesis import given, settings
from tests.export.event_samples import TEXTS
from tests.export.intents import HOSTILE

from weighbridge.bom.text import clean
from weighbridge.export.literals import falco, kql, powershell, shell, sql, sql_like


@given(TEXTS)
def test_sqlite_reads_the_text_back(text: str) -> None:
    ((found,),) = sqlite3.connect(":memory:").execute(f"SELECT {sql(text)}")
    assert found == clean(text, 4096)


@given(TEXTS)
def test_like_takes_only_the_star_for_any_text(text: str) -> None:
    plain = clean(text.replace("*", "+"), 4096)
    query = f"SELECT ? LIKE {sql_like(text.replace('*', '+'))} ESCAPE '\\'"
    assert sqlite3.connect(":memory:").execute(query, (plain,)).fetchone() == (1,)
    assert sqlite3.connect(":memory:").execute(query, (plain + "x",)).fetchone() == (0,)


def test_a_star_is_any_text() -> None:
    query = f"SELECT '/home/ann_/x' LIKE {sql_like('/home/*/x')} ESCAPE '\\', 'a_b' LIKE {sql_like('a%b')} ESCAPE '\\'"
    assert sqlite3.connect(":memory:").execute(query).fetchone() == (1, 0)


@settings(max_examples=20)
@given(TEXTS)
def test_a_shell_reads_the_text_back(text: str) -> None:
    done = subprocess.run(["sh", "-c", f"printf %s {shell(text)}"], capture_output=True, check=True)
    assert done.stdout.decode() == clean(text, 4096)


@given(TEXTS)
def test_powershell_doubles_every_kind_of_quote(text: str) -> None:
    inner = powershell(text)[1:-1]
    for quote in "'\u2018\u2019\u201a\u201b":
        inner = inner.replace(2 * quote, "")
    assert not set("'\u2018\u2019\u201a\u201b\n") & set(inner)


@given(TEXTS)
def test_quoted_values_end_where_they_should(text: str) -> None:
    for quoted in (kql(text), falco(text)):
        inner = quoted[1:-1].replace("\\\\", "").replace('\\"', "")
        assert '"' not in inner
        assert not inner.endswith("\\")


def test_no_literal_holds_a_line_end() -> None:
    for literal in (sql, sql_like, shell, powershell, kql, falco):
        assert literal(HOSTILE).isprintable()
