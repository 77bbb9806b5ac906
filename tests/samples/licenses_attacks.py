"""More of what a hostile publisher wrote around and into free licenses, found by attacking the matcher.

Titles that say something else, other licenses named beside the text, terms in notices of copyright, words struck out,
and sentences about terms far away in a description.
"""

from collections.abc import Callable

from tests.samples.license_case import TextCase
from tests.samples.license_texts import prose, spdx


def _mit() -> str:
    return spdx("MIT")


def _apache() -> str:
    return spdx("Apache-2.0")


def _bsd() -> str:
    return spdx("BSD-3-Clause")


def _far(sentence: str) -> Callable[[], str]:
    return lambda: f"{_mit()}{prose(1500, 21)}{sentence}"


def _before(title: str) -> Callable[[], str]:
    return lambda: f"{title}\n\n{_mit()}"


def _after(sentence: str) -> Callable[[], str]:
    return lambda: f"{_mit()}\n{sentence}"


def _changed(old: str, new: str) -> Callable[[], str]:
    def build() -> str:
        text = _mit()
        if old not in text:
            raise ValueError(f"the text does not say {old!r}")
        return text.replace(old, new)

    return build


ATTACKS: dict[str, Callable[[], str]] = {
    "title-mit-research": _before("MIT Research License"),
    "title-mit-nc": _before("MIT-NC License"),
    "title-not-mit": _before("Not the MIT License"),
    "title-mit-like": _before("MIT-like"),
    "title-old": _before("Old License (MIT)"),
    "title-previous": _before("Previous license"),
    "title-former": _before("Former MIT License"),
    "title-example": _before("Example: MIT License"),
    "title-sample": _before("Sample of a MIT License"),
    "title-v1only": _before("MIT License for version 1"),
    "title-code": _before("MIT License (source code)"),
    "title-library": _before("License of the library"),
    "title-thirdparty": _before("Third-party licenses: tokenizer"),
    "tail-library": _after("This is the license of the library. The license of the model is in the file LICENSE 2."),
    "tail-model-open": _after("The license of the model is the license in the following file."),
    "tail-terms-follow": _after("Terms and conditions follow."),
    "tail-cc": _after("The model is licensed under the Creative Commons license."),
    "tail-gpl": _after("The model is licensed under the GNU General Public License."),
    "tail-apache": _after("This model is licensed under the Apache License."),
    "tail-name-other": _after("Licensed under the BSD license."),
    "tail-copyright-gpl": _after("Copyright 2024 Foo. License: Llama."),
    "tail-copyright-llama": _after("Copyright 2024 Meta. Licensed under the Llama 3 Community License."),
    "tail-copyright-name": _after("Copyright 2024 Foo pays nothing unless asked."),
    "tail-copyright-long": _after("Copyright 2024 Foo grants academic researchers access."),
    "tail-copyright-deny": _after("Copyright 2024 Foo denies business deployment."),
    "tail-copyright-reserve": _after("Copyright 2024 Foo. Commerce reserved."),
    "tail-copyright-rr": _after("All commercial rights reserved."),
    "tail-trademark": _after("Trademarks reserved."),
    "tail-digits": _after("1000000 100"),
    "tail-usd": _after("$1,000,000 max"),
    "tail-md-link": _after("[LICENSE](USE_POLICY.md)"),
    "tail-see-license2": _after("See LICENSE 2."),
    "head-see-license": _before("See the LICENSE file."),
    "tail-seelicense-model": _after("Model: see license file."),
    "holder-inner": _changed("AUTHORS OR COPYRIGHT HOLDERS", "AUTHORS, NONPROFIT OR COPYRIGHT HOLDERS"),
    "wild-bsd": lambda: _bsd().replace(
        "COPYRIGHT HOLDERS AND CONTRIBUTORS", "COPYRIGHT HOLDERS AND CONTRIBUTORS, WITHOUT COMMERCE,"
    ),
    "apache-appendix-tail": lambda: (
        _apache() + "\n\nCopyright 2024 Foo\n\nLicensed under the Apache License, Version 2.0 for students"
    ),
    "apache-inside-copyright": lambda: _apache().replace(
        "2. Grant of Copyright License.", "Copyright 2024 Foo grants nothing\n2. Grant of Copyright License."
    ),
    "mit-inside-copyright": _changed("The above copyright", "Copyright 2024 companies must pay\n\nThe above copyright"),
    "mit-inside-copyright2": _changed(
        "The above copyright", "Copyright 2024 Foo keeps business to itself\n\nThe above copyright"
    ),
    "mit-inside-name": _changed("without restriction", "without MIT restriction"),
    "mit-inside-digit": _changed("free of charge", "free of 2 charge"),
    "mit-inside-expat": _changed("to any person", "to any Expat person"),
    "mit-spelled": _changed("sell", "s e l l"),
    "prose-tail-late": _far("The owner reserves deployment by business to itself."),
    "prose-fee": _far("Hosting it costs 5000 EUR a month."),
    "prose-neg": _far("Note: the statement on top of this page is only an example of a license."),
    "prose-void": _far("The MIT text at the top is void."),
    "prose-llama": _far("This model is licensed under the Llama 3.1 Community License."),
    "prose-ccnc": _far("License: CC BY-NC 4.0"),
    "prose-ccnc2": _far("The weights are CC-BY-NC."),
    "prose-noncom": _far("The weights are NC."),
    "prose-pt": _far("Uso apenas para fins acad\xeamicos."),
    "prose-cn": _far("\u4ec5\u4f9b\u5b66\u672f\u7814\u7a76\u4f7f\u7528\u3002"),
    "prose-de": _far("Kommerzielle Nutzung nur nach Absprache."),
    "prose-academia": _far("Intended for academia."),
    "prose-hobby": _far("We made this for hobbyists, not for firms."),
    "prose-gov": _far("Governments of some countries are excluded."),
    "prose-eu": _far("People in the EU cannot have it."),
    "front-matter-nc": lambda: "---\nlicense: cc-by-nc-4.0\n---\n# T\n" + prose(1500, 21) + "\n## License\n" + _mit(),
    "front-matter-other": lambda: (
        "---\nlicense: other\nlicense_name: house\n---\n# T\n" + prose(1500, 21) + "\n## License\n" + _mit()
    ),
    "wide-deleted-unicode": _changed("without restriction", "without\u0336 restriction"),
    "strike-md": _changed("sell", "~~sell~~"),
    "strike-html": _changed("sell", "<del>sell</del>"),
    "strike-html-s": _changed("without restriction", "<s>without restriction</s>"),
    "strike-combining": lambda: _mit().replace("sell", "".join(c + "̶" for c in "sell")),
    "strike-all-html": lambda: "<s>" + _mit() + "</s>",
    "strike-all-md": lambda: "~~" + _mit() + "~~",
    "hidden-css": lambda: '<div style="display:none">' + _mit() + "</div>",
    "html-comment-all-other-visible": lambda: "<!--" + _mit() + "-->\nVisible: none of it",
}
CASES = tuple(
    TextCase(id=f"attack/{name}", build=build, genuine=False, lesson="words beside or inside that change the terms")
    for name, build in ATTACKS.items()
)
