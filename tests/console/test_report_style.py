from weighbridge.console.report_style import FILE_STYLE


def test_the_sheet_needs_nothing_from_elsewhere():
    assert "url(" not in FILE_STYLE
    assert "@import" not in FILE_STYLE
    assert "</style" not in FILE_STYLE


def test_it_knows_paper_light_and_dark():
    for rule in ("@media print", "@page", "prefers-color-scheme:dark", "color-scheme:light"):
        assert rule in FILE_STYLE
