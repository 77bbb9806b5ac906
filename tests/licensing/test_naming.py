from hypothesis import given
from hypothesis import strategies as st

from weighbridge.licensing.naming import loose, plain


def test_plain_keeps_every_word():
    assert plain("  The  MIT_License ") == "the mit-license"
    assert plain("'mit'") == "mit"


def test_loose_keeps_what_tells_licenses_apart():
    assert loose("The Apache License, Version 2.0") == "apache 2.0"
    assert loose("the apache licence v2.0") == "apache 2.0"
    assert loose("MIT License with changes") == "mit with changes"


@given(st.text())
def test_both_are_stable(text):
    assert plain(plain(text)) == plain(text)
    assert loose(loose(text)) == loose(text)
