"""Members of a tar archive that lead out of the folder they are extracted to.

A link that points outside is one thing, a member that is written through it another: the second overwrites a file of
the machine. In the image of a whole root file system, absolute links mean the image's own root, and devices belong.
"""

from collections.abc import Sequence

from weighbridge.formats.member_path import escape_of, link_escapes
from weighbridge.formats.tar_header import DEVICES, HARD_LINK, PIPE, SYMBOLIC_LINK
from weighbridge.formats.tar_walk import TarMember
from weighbridge.model.observation import Escape, Observation, OutsideReference

_MOST = 20
_ROOT_FOLDERS = frozenset(
    {"bin", "boot", "dev", "etc", "home", "lib", "proc", "root", "run", "sbin", "sys", "usr", "var"}
)


def escapes_of(members: Sequence[TarMember]) -> list[Observation]:
    """Return the references of `members` that leave the archive's folder, at most a few of each kind."""
    observations: list[Observation] = []
    leading_out: dict[str, str] = {}
    root_image: bool | None = None
    for member in members:
        if len(observations) >= _MOST:
            break
        name = member.name
        if (escape := escape_of(name)) is not None:
            observations.append(OutsideReference(escape=escape, target=name[:200], member=name))
        is_link = member.kind in (SYMBOLIC_LINK, HARD_LINK)
        if leading_out and (link := _through(name, leading_out)) is not None and not (is_link and link == _plain(name)):
            target = f"{link} -> {leading_out[link]}"
            observations.append(OutsideReference(escape=Escape.PARENT_PATH, target=target[:200], member=name))
        if is_link:
            # A hard link names its target from the archive's root, a symbolic one from its own folder.
            outside = (
                link_escapes(name, member.link) if member.kind == SYMBOLIC_LINK else escape_of(member.link) is not None
            )
            if outside:
                leading_out[_plain(name)] = member.link
                root_image = _is_root_image(members) if root_image is None else root_image
                if not root_image:
                    observations.append(
                        OutsideReference(escape=Escape.SYMBOLIC_LINK, target=member.link[:200], member=name)
                    )
        elif member.kind in DEVICES or member.kind == PIPE:
            root_image = _is_root_image(members) if root_image is None else root_image
            if not root_image:
                observations.append(OutsideReference(escape=Escape.DEVICE, target=name[:200], member=name))
    return observations


def _plain(name: str) -> str:
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def _through(name: str, links: dict[str, str]) -> str | None:
    """Return the link that a member's path goes through or replaces, if there is one."""
    parts = _plain(name).split("/")
    for length in range(1, min(len(parts), 64) + 1):
        path = "/".join(parts[:length])
        if path in links:
            return path
    return None


def _is_root_image(members: Sequence[TarMember]) -> bool:
    tops = {_plain(member.name).partition("/")[0] for member in members}
    return len(tops & _ROOT_FOLDERS) >= 4
