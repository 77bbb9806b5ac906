import json

from tests.samples.scan import artifacts, context

from weighbridge.report.html_detail import detail, fact_text


def test_the_drawer_gets_plain_printable_text() -> None:
    for artifact in artifacts():
        shown = detail(artifact, context())
        texts: list[str] = []

        def gather(value: object, texts: list[str] = texts) -> None:
            if isinstance(value, str):
                texts.append(value)
            elif isinstance(value, list):
                for item in value:
                    gather(item)
            elif isinstance(value, dict):
                gather(list(value.values()))

        gather(json.loads(json.dumps(shown)))
        assert all(text.isprintable() for text in texts)


def test_a_claim_that_holds_is_not_repeated() -> None:
    assert detail(artifacts()[0], context())["claimed"] is None


def test_values_are_written_for_people() -> None:
    assert fact_text("parameters", 8_190_735_360) == "8.19 B (8,190,735,360)"
    assert fact_text("x", (1, None, True)) == "1, —, yes"
    assert fact_text("x", {"a": 1 << 70}) == "a: 0x400000000000000000"
