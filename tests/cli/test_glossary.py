from weighbridge.cli.glossary import BANNED, GLOSSARY


def test_words_are_sorted_and_none_is_banned() -> None:
    assert list(GLOSSARY) == sorted(GLOSSARY)
    text = " ".join((*GLOSSARY, *GLOSSARY.values())).lower()
    assert not [word for word in BANNED if word in text]
