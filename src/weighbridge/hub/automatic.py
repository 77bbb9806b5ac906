"""Whether policy alone approves a release: only what is clean, permissive, safe in its format and looked at in full.

Everything else goes to a person, with all the reasons at once, so that they are looked at once.
"""

from collections.abc import Collection

from weighbridge.hub.weighing import Weighing
from weighbridge.model.verdict import Decision
from weighbridge.report.words import counted

_SHOWN = 3


def automatic(
    weighing: Weighing, *, allowed: bool, revoked: Collection[str] = (), among_own: bool = False, refused: bool = False
) -> tuple[bool, tuple[str, ...]]:
    """Return whether policy alone approves a release, and why it does, or why a person has to look.

    Args:
        weighing: of the release.
        allowed: whether this hub approves anything without a person.
        revoked: digests in it that nobody in the fleet may use.
        among_own: whether it came from elsewhere into a namespace in which models are made here: whoever registered
            that name there would speak in the name of those who make them.
        refused: whether it, or what has weights of it, was rejected, revoked or taken back: policy overrules nobody.
    """
    against = list(_against(weighing, revoked))
    if refused:
        against.append("It, or a release of the same weights, was decided against before.")
    if among_own:
        against.append("It came from elsewhere, into a namespace in which models are made here.")
    if not allowed:
        against.append("This hub approves nothing without a person.")
    if against:
        return False, tuple(against)
    licenses = ", ".join(weighing.licenses)
    return True, (
        f"Its {', '.join(weighing.formats)} can carry no code, and every file was examined: clean.",
        f"Its license asks for nothing but to be passed on with it: {licenses}.",
        f"The policy allows to load and to download it: {weighing.policy}.",
    )


def _against(weighing: Weighing, revoked: Collection[str]) -> list[str]:
    said = []
    if not weighing.weights:
        said.append("No model was found in it.")
    if revoked:
        said.append(f"It holds what was revoked: {', '.join(digest[:12] for digest in sorted(revoked)[:_SHOWN])}.")
    if weighing.assessment != "clean":
        said.append(f"It was found to be `{weighing.assessment}`: {counted(weighing.findings, 'finding')}.")
    if weighing.code_formats:
        said.append(f"Its format can carry code: {', '.join(weighing.code_formats)}.")
    if weighing.unexamined or weighing.interrupted:
        names = _some([gap.path for gap in weighing.unexamined])
        said.append(f"Not everything could be examined: {names or 'the weighing was interrupted'}.")
    if weighing.loose:
        said.append(f"Nobody knows what {_some(list(weighing.loose))} is for.")
    if not weighing.permissive:
        licenses = ", ".join(name or "none that could be concluded" for name in weighing.licenses) or "none"
        said.append(f"Its license needs a person: {licenses}; commercial use {weighing.commercial}.")
    if weighing.decision != Decision.ALLOW:
        rules = ", ".join(weighing.rules[:_SHOWN]) or "no verdict"
        said.append(f"The policy says `{weighing.decision or 'nothing'}`: {rules}. {weighing.remedy}".strip())
    return said


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(name[:100] for name in names[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
