from weighbridge.cli.error_codes import ERROR_CODES


def test_codes_are_sorted_and_explained_in_sentences() -> None:
    assert list(ERROR_CODES) == sorted(ERROR_CODES)
    for code, text in ERROR_CODES.items():
        assert code.startswith("E-")
        assert text.endswith(".")
