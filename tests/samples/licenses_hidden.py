"""License texts by a publisher who wants them to look free and mean something else.

Each case is a class: what a reader of the file, or a court, sees as a term, and a matcher could overlook.
"""

from collections.abc import Callable

from tests.samples.license_case import TextCase
from tests.samples.license_texts import prose, rewrapped, spdx

TERM = "The weights may be used for non-commercial purposes only."
_HOMOGLYPHS = str.maketrans("aeopcyx", "\u0430\u0435\u043e\u0440\u0441\u0443\u0445")
_MATHEMATICAL = {ord("a") + index: chr(0x1D41A + index) for index in range(26)}
_FULL_WIDTH = {ord("a") + index: chr(0xFF41 + index) for index in range(26)}
_LEET = str.maketrans("oie", "013")


def _each_letter(mark: str) -> Callable[[str], str]:
    return lambda sentence: mark.join(sentence)


HIDINGS: dict[str, tuple[Callable[[str], str], str]] = {
    "homoglyphs": (lambda s: s.translate(_HOMOGLYPHS), "letters of another alphabet that look the same"),
    "soft-hyphens": (_each_letter("\u00ad"), "invisible hyphens in every word"),
    "zero-width": (_each_letter("\u200b"), "invisible spaces in every word"),
    "word-joiners": (_each_letter("\u2060"), "invisible joiners"),
    "invisible-tags": (_each_letter("\U000e0020"), "tag characters"),
    "variation-selectors": (_each_letter("\ufe0f"), "selectors that change nothing"),
    "combining-marks": (_each_letter("\u0301"), "an accent on every letter"),
    "mathematical": (lambda s: s.translate(_MATHEMATICAL), "letters of formulas"),
    "full-width": (lambda s: s.translate(_FULL_WIDTH), "letters of East Asian width"),
    "small-caps": (
        lambda s: s.translate(str.maketrans("acemnor", "\u1d00\u1d04\u1d07\u1d0d\u0274\u1d0f\u0280")),
        "phonetic letters",
    ),
    "digits-for-letters": (lambda s: s.translate(_LEET), "n0n-c0mm3rc1al"),
    "spaced-letters": (_each_letter(" "), "s p a c e d"),
    "dotted-letters": (_each_letter("."), "d.o.t.t.e.d"),
    "underscores": (lambda s: s.replace(" ", "_"), "one long word"),
    "no-spaces": (lambda s: s.replace(" ", ""), "one long word without marks"),
    "camel-case": (lambda s: s.title().replace(" ", ""), "OneLongWord"),
    "hyphenated": (lambda s: s.replace("commercial", "com-\nmercial"), "a word over two lines"),
    "word-a-line": (lambda s: s.replace(" ", "\n"), "a word a line"),
    "reversed": (lambda s: f"\u202e{s[::-1]}\u202c", "written backwards and shown forwards"),
    "html-comment": (lambda s: f"<!-- {s} -->", "a comment that pages do not show"),
    "html-attribute": (lambda s: f'<span title="{s}"></span>', "shown when pointed at"),
    "html-alt": (lambda s: f'<img src="x.png" alt="{s}">', "a picture's text"),
    "html-entities": (lambda s: "".join(f"&#{ord(letter)};" for letter in s), "letters by number"),
    "html-tags-inside": (lambda s: s.replace("commercial", "com<b></b>mercial"), "tags inside a word"),
    "double-entities": (lambda s: s.replace("commercial", "&amp;#99;ommercial"), "letters by number, twice"),
    "markdown-link-title": (lambda s: f'[home](https://example.com "{s}")', "shown when pointed at"),
    "markdown-reference": (lambda s: f"[//]: # ({s})", "a comment of Markdown"),
    "markdown-emphasis": (lambda s: s.replace("commercial", "com**mer**cial"), "marks inside a word"),
    "code-fence": (lambda s: f"```text\n{s}\n```", "inside a block of code"),
    "table": (lambda s: "|" + s.replace(" ", "|") + "|", "one word a cell"),
    "quoted-printable": (lambda s: s.replace("o", "=6F"), "letters by number, as in mail"),
    "url-encoded": (lambda s: s.replace("o", "%6F"), "letters by number, as in addresses"),
    "escapes": (lambda s: s.replace("o", "\\u006f"), "letters by number, as in code"),
    "base64": (lambda _s: "VGhlIHdlaWdodHMgYXJlIG5vdCBmb3IgY29tbWVyY2lhbCB1c2Uu", "packed"),
    "link": (lambda _s: "More terms: https://example.com/terms", "the term is elsewhere"),
    "footnote": (lambda s: f"[1] {s}", "a footnote"),
    "very-late": (lambda s: "\n" * 500 + s, "five hundred lines below"),
    "behind-prose": (lambda s: prose(2000, 11) + s, "behind a long description"),
    "between-prose": (lambda s: prose(1500, 12) + s + "\n\n" + prose(1500, 13), "inside a long description"),
    "spanish": (lambda _s: "El modelo no puede utilizarse con fines comerciales.", "another language"),
    "french": (lambda _s: "Toute utilisation commerciale est interdite.", "another language"),
    "german": (lambda _s: "Die gewerbliche Nutzung ist untersagt.", "another language"),
    "german-behind-prose": (
        lambda _s: prose(600, 5) + "Eine Nutzung zu Erwerbszwecken bedarf der Zustimmung.",
        "another language, far below",
    ),
    "portuguese": (lambda _s: "Proibido o uso comercial dos pesos.", "another language"),
    "italian": (lambda _s: "\u00c8 vietato l'uso a scopo di lucro.", "another language"),
    "turkish": (lambda _s: "Ticari kullan\u0131m yasakt\u0131r.", "another language"),
    "dutch": (lambda _s: "Commercieel gebruik is niet toegestaan.", "another language"),
    "polish": (lambda _s: "U\u017cycie komercyjne jest zabronione.", "another language"),
    "vietnamese": (
        lambda _s: (
            "Kh\u00f4ng \u0111\u01b0\u1ee3c s\u1eed d\u1ee5ng cho m\u1ee5c \u0111\u00edch th"
            "\u01b0\u01a1ng m\u1ea1i."
        ),
        "another language",
    ),
    "latin": (lambda _s: "Usus lucri causa vetitus est.", "another language"),
    "chinese": (
        lambda _s: (
            "\u672c\u6a21\u578b\u4ec5\u4f9b\u5b66\u672f\u7814\u7a76\uff0c\u7981\u6b62\u5546\u7528"
            "\u3002"
        ),
        "another script",
    ),
    "japanese": (lambda _s: "\u5546\u7528\u5229\u7528\u306f\u7981\u6b62\u3067\u3059\u3002", "another script"),
    "korean": (lambda _s: "\uc0c1\uc5c5\uc801 \uc774\uc6a9\uc744 \uae08\uc9c0\ud569\ub2c8\ub2e4.", "another script"),
    "russian": (
        lambda _s: (
            "\u041a\u043e\u043c\u043c\u0435\u0440\u0447\u0435\u0441\u043a\u043e\u0435 \u0438"
            "\u0441\u043f\u043e\u043b\u044c\u0437\u043e\u0432\u0430\u043d\u0438\u0435 \u0437"
            "\u0430\u043f\u0440\u0435\u0449\u0435\u043d\u043e."
        ),
        "another script",
    ),
    "arabic": (
        lambda _s: (
            "\u064a\u064f\u062d\u0638\u0631 \u0627\u0644\u0627\u0633\u062a\u062e\u062f\u0627"
            "\u0645 \u0627\u0644\u062a\u062c\u0627\u0631\u064a."
        ),
        "another script",
    ),
    "soft-wording": (lambda _s: "We kindly ask businesses to contact us before going live.", "no word of terms"),
    "money-wording": (lambda _s: "Companies that earn money with it: write to sales first.", "no word of terms"),
    "hobby-wording": (lambda _s: "For hobbyists and students. Firms: talk to us.", "no word of terms"),
    "old-wording": (lambda _s: "The above applies to versions before 2.0 alone.", "it names a narrower thing"),
    "code-only": (lambda _s: "The text above covers the code. The weights: see WEIGHTS.md.", "not about the weights"),
    "replaced": (lambda _s: "The text above has been replaced by LICENSE-2.", "taken back"),
    "draft": (lambda _s: "DRAFT, not in force until signed.", "not in force"),
    "void": (lambda _s: "The text above is void.", "taken back in five words"),
    "negation": (lambda _s: "None of this applies here.", "taken back without a word of terms"),
    "joke": (lambda _s: "Just kidding.", "taken back without a word of terms"),
}  # fmt: skip


def _hidden():
    for name, (hide, lesson) in HIDINGS.items():
        for license_id, title in (("mit", "MIT"), ("apache-2.0", "Apache-2.0")):
            yield TextCase(
                id=f"hidden/{license_id}-{name}",
                build=lambda hide=hide, title=title: f"{spdx(title)}\n\n{hide(TERM)}\n",
                genuine=False,
                license=license_id,
                lesson=lesson,
            )
        yield TextCase(
            id=f"hidden/mit-head-{name}",
            build=lambda hide=hide: f"{hide(TERM)}\n\n{spdx('MIT')}\n",
            genuine=False,
            license="mit",
            lesson=lesson,
        )


_NOT = {
    "plain": "not",
    "homoglyph": "n\u043et",
    "soft-hyphen": "n\u00adot",
    "comment": "<!-- not -->",
    "attribute": '<i title="not"></i>',
    "brackets": "[not]",
    "braces": "{not}",
    "marker": "(n) ot",
    "strange-letter": "n\u00f8t",
    "upper": "NOT",
    "numbering": "\n\nb) not",
    "digits": "n0t",
    "spaced": "n o t",
    "split": "n-\not",
    "entity": "&#110;ot",
    "tag": "<not>",
    "single-letters": "(a) (b) not",
}


def _negations():
    """A word that turns the sentence round, put inside in ways that formatting could excuse."""
    for name, word in _NOT.items():
        for license_id, title, before in (
            ("mit", "MIT", "is hereby"),
            ("bsd-3-clause", "BSD-3-Clause", "forms, with or without modification, are"),
            ("cc-by-4.0", "CC-BY-4.0", "royalty-free,"),
        ):

            def build(title=title, before=before, word=word) -> str:
                text = " ".join(spdx(title).split())
                if before not in text:
                    raise ValueError(f"{title} does not say {before!r}")
                return rewrapped(text.replace(before, f"{before} {word}", 1))

            yield TextCase(
                id=f"negated/{license_id}-{name}", build=build, genuine=False, license=license_id, lesson="not"
            )


_HOLDERS = (
    "Example Labs. For non-commercial use only",
    "Example Labs, no commercial use",
    "Example Labs (research only)",
    "Example Labs; may not be sold",
    "Example Labs - evaluation copy, expires 2027",
    "everyone but companies",
    "Example Labs, all commercial rights reserved",
    "Example Labs. You owe us ten percent",
    "Example Labs, not for the military",
    "Example Labs\nThis copyright line forbids hosting as a service",
    "Example Labs, subject to https://example.com/terms",
    "Example Labs. Nur f\u00fcr private Zwecke",
    "Example Labs \u4ec5\u4f9b\u5b66\u672f\u7814\u7a76",
)


def _placeholders():
    """A term in the place of a name or a year."""
    for number, holder in enumerate(_HOLDERS):
        for license_id, title in (("mit", "MIT"), ("bsd-3-clause", "BSD-3-Clause"), ("apache-2.0", "Apache-2.0")):
            yield TextCase(
                id=f"placeholder/{license_id}-{number}",
                build=lambda title=title, holder=holder: (
                    spdx(title).replace("Rosa Example and others", holder)
                    if title != "BSD-3-Clause"
                    else f"Copyright (c) 2024 {holder}\n\n" + spdx(title).split("\n", 1)[1]
                ),
                genuine=False,
                license=license_id,
                lesson="a term in the place of a name",
            )
    yield TextCase(
        id="placeholder/bsd-3-clause-name",
        build=lambda: spdx("BSD-3-Clause").replace(
            "the copyright holder nor the names", "Example nor military use nor the names"
        ),
        genuine=False,
        license="bsd-3-clause",
        lesson="a term in the place of an organization's name",
    )


def _floods():
    """Texts that cost more than they say; they must be answered, and not as free."""
    floods = {
        "one-word": lambda: "license " * 125_000,
        "one-letter": lambda: "a" * 1_000_000,
        "text-many-times": lambda: spdx("MIT") * 900 + TERM,
        "first-words-many-times": lambda: "permission is hereby granted free of charge to any person " * 17_000,
        "every-other-word": lambda: " x ".join(spdx("Apache-2.0").split()),
        "term-behind-ten-megabytes": lambda: spdx("MIT") + "\n" * 10_000_000 + TERM,
        "term-behind-words": lambda: spdx("MIT") + prose(200_000) + TERM,
        "marks": lambda: spdx("MIT") + "\u0301" * 500_000,
        "entities": lambda: spdx("MIT") + "&amp;" * 100_000 + TERM,
        "open-tags": lambda: spdx("MIT") + "<a " * 200_000 + TERM,
        "open-comments": lambda: spdx("MIT") + "<!--" * 200_000 + TERM,
        "surrogates": lambda: spdx("MIT") + "\ud800" * 1000 + TERM,
    }
    for name, build in floods.items():
        yield TextCase(id=f"flood/{name}", build=build, genuine=False)


CASES = (*_hidden(), *_negations(), *_placeholders(), *_floods())
