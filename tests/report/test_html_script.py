from weighbridge.report.html_script import SCRIPT


def test_the_script_builds_text_and_never_markup() -> None:
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch("):
        assert word not in SCRIPT
    assert "</" not in SCRIPT
