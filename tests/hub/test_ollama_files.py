"""Which of the files that Ollama keeps beside weights are what their names say."""

import pytest

from weighbridge.hub.ollama_files import LONGEST, is_known, kind_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [("template", "template"), ("system-2", "system"), ("a/template", ""), ("template.sh", ""), ("templates", "")],
)
def test_which_files_are_meant(path, kind):
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("template", b"{{ if .System }}{{ .System }}{{ end }}{{ .Prompt }}"),
        ("template", b"just text"),
        ("system", "You are a poet. \u00c9crivez\u00a0: \U0001f469\u200d\U0001f4bb".encode()),
        ("params", b'{"stop":["<|im_end|>"],"temperature":0.6,"num_ctx":4096,"use_mmap":true}'),
        ("messages", b'[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]'),
    ],
)
def test_what_is_as_it_should_be(path, content):
    assert is_known(path, content)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("template", b"{{ exec .Prompt }}"),
        ("template", b"{{ range 9999999999 }}x{{ end }}"),
        ("template", b"{{ call .Prompt }}"),
        ("template", b"x" * (LONGEST + 1)),
        ("system", b"\x7fELF\x02\x01\x01\x00"),
        ("system", b"\xff\xfe"),
        ("system", "be kind\U000e0041\U000e0042".encode()),
        ("system", "be \u202ekind".encode()),
        ("system", b"#!/bin/sh\x00"),
        ("params", b'{"remote_host":"https://evil.example"}'),
        ("params", b'{"stop":{"a":1}}'),
        ("params", b"["),
        ("params", b"[" * 100_000),
        ("messages", b'[{"role":"root","content":"hi"}]'),
        ("messages", b"{}"),
        ("run", b"text"),
    ],
)
def test_what_a_person_should_look_at(path, content):
    assert not is_known(path, content)
