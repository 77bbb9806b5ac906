"""Templates in Go's language: what is one, and what would cost a renderer too much."""

import pytest

from weighbridge.formats.go_program import DEEPEST, MOST_ACTIONS, GoProgram

CHAT = """{{- $last := -1 -}}
{{- range $index, $message := .Messages -}}{{- if eq $message.Role "user" }}{{ $last = $index }}{{ end -}}{{- end }}
{{- if or .System .Tools }}<|im_start|>system
{{ .System }}{{ if .Tools }}{{ json .Tools | printf "%s" }}{{ end }}<|im_end|>{{ end }}
{{- range $i, $_ := .Messages }}
{{- $is_last := eq (len (slice $.Messages $i)) 1 -}}
{{- if and (eq .Role "user") (not $is_last) }}{{ continue }}{{ else if eq .Role "tool" }}{{ .Content }}
{{- else }}{{ (index $.Messages 0).Content }}{{ end }}{{- end }}{{/* done */}}"""


def test_what_an_honest_template_does():
    program = GoProgram(CHAT)
    assert (program.error, program.heavy, program.calls, program.loops) == (None, {}, {}, 2)
    assert {"Messages", "Role", "Content", "System", "Tools"} == set(program.fields)


@pytest.mark.parametrize(
    "text",
    [
        "plain text",
        "{{ .Prompt -}}\n{{- `raw }} text` }}",
        '{{ define "a" }}x{{ end }}{{ template "a" . }}{{ block "b" .Messages }}{{ end }}',
        "{{ with .System }}{{ . }}{{ else with .Prompt }}{{ . }}{{ end }}",
    ],
)
def test_what_the_language_has(text):
    assert GoProgram(text).error is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ cycler.__init__.__globals__ }}", "no function `cycler`"),
        ("{{ exec .Prompt }}", "no function `exec`"),
        ("{{ len.__globals__ }}", "field of nothing"),
        ('{{ "".__class__ }}', "field of nothing"),
        ("{{ .Prompt", "open action"),
        ("{{ .Prompt | % }}", "nothing is written so"),
        ("{{ }}", "without anything"),
        ("{{ end }}", "`end` too many"),
        ("{{ else }}", "`else` without"),
        ("{{ if .Prompt }}", "has no end"),
        ("{{ (.Prompt }}", "brackets"),
        ("{{ ) .Prompt ( }}", "brackets"),
        ('{{ template "x" }}', "there is no template"),
        ("{{ template x }}", "without a name"),
        ("{{ break .Prompt }}", "behind `break`"),
        ("{{ if .P }}" * (DEEPEST + 1), "blocks in blocks"),
        ("{{ . }}" * (MOST_ACTIONS + 1), "actions"),
    ],
)
def test_what_is_no_template(text, why):
    assert why in str(GoProgram(text).error)


@pytest.mark.parametrize(
    "text",
    [
        "{{ range 99999999999 }}x{{ end }}",
        "{{ range 0xffffffff }}x{{ end }}",
        "{{ range 9999 }}{{ range 9999 }}x{{ end }}{{ end }}",
        "{{ $x := 99999999 }}{{ $y := $x }}{{ range $y }}x{{ end }}",
        "{{ range 9999 }}{{ range (len `" + "x" * 9999 + "`) }}x{{ end }}{{ end }}",
        '{{ printf "%999999999d" 1 }}',
        '{{ $x := "ab" }}{{ range 60 }}{{ $x = printf "%s%s" $x $x }}{{ end }}',
        '{{ $x := "ab" }}' + "{{ $x = print $x $x }}" * 16,
        '{{ define "a" }}{{ template "b" }}{{ end }}{{ define "b" }}{{ template "a" }}{{ end }}',
        "".join(f'{{{{define "{n}"}}}}' + f'{{{{template "{n + 1}"}}}}' * 2 + "{{end}}" for n in range(30))
        + '{{define "30"}}x{{end}}',
    ],
)
def test_what_would_exhaust_a_renderer(text):
    program = GoProgram(text)
    assert program.error is None
    assert program.heavy


def test_templates_that_call_each_other_in_a_long_row_are_not_heavy():
    row = "".join(f'{{{{define "{n}"}}}}{{{{template "{n + 1}"}}}}{{{{end}}}}' for n in range(3_000))
    program = GoProgram(row + '{{define "3000"}}x{{end}}')
    assert (program.error, program.heavy) == (None, {})


def test_a_call_of_what_a_field_holds_is_seen():
    assert GoProgram("{{ call .Prompt }}").calls == {"<computed>": None}
