"""AppArmor profiles that keep credentials out of reach of agents.

Source: apparmor.d(5), AppArmor 3.0: `deny` rules hold in complain mode too, so while the policy only reports there is
no `deny` in the profile, and the places are allowed with `audit`.
"""

import re
from collections.abc import Iterator

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.left_out import untold
from weighbridge.export.matching import file_names
from weighbridge.export.places import FILES, FOLDERS
from weighbridge.export.product import Product
from weighbridge.export.wording import comment, one_line

_PLAIN = re.compile(r"[A-Za-z0-9._+/@*-]{1,200}")
_ID = re.compile(r"[a-z0-9_]{1,60}")


def write(intent: Intent) -> dict[str, str]:
    """Return one profile per agent that can be told by a path."""
    return {
        f"weighbridge.{agent.id}": _profile(intent, agent, places)
        for agent in intent.agents
        if _ID.fullmatch(agent.id) and (places := sorted(set(_places(agent))))
    }


def _profile(intent: Intent, agent: Product, places: list[str]) -> str:
    stops = intent.stops(intent.secrets_for_agents)
    flags = "attach_disconnected" if stops else "complain,attach_disconnected"
    rule = intent.secrets_for_agents.rule
    why = f"# Rule {one_line(rule.id)} asks for it." if rule is not None and stops else "# Seen and let through."
    mark = "audit deny" if stops else "audit"
    secrets = [f"  {mark} owner @{{HOME}}/{folder}/{{,**}} rwkl," for folder in FOLDERS]
    secrets += [f"  {mark} owner @{{HOME}}/{name} rwkl," for name in FILES]
    lines = [
        comment(intent, EXPORT).rstrip("\n"),
        f"# {one_line(agent.title)}: by path, which a user can change. Programs that it starts stay in this profile.",
        "abi <abi/3.0>,",
        "",
        "include <tunables/global>",
        "",
        f"profile weighbridge.{agent.id} {_attachment(places)} flags=({flags}) {{",
        "  capability,",
        "  network,",
        "  mount,",
        "  umount,",
        "  pivot_root,",
        "  ptrace,",
        "  signal,",
        "  unix,",
        "  dbus,",
        "  /{,**} rwlkm,",
        "  /** ix,",
        "",
        f"  {why}",
        *secrets,
        "}",
    ]
    return "\n".join(lines) + "\n"


def _attachment(places: list[str]) -> str:
    """Return one pattern for all places: a pattern begins with a slash."""
    return places[0] if len(places) == 1 else "/{" + ",".join(place.removeprefix("/") for place in places) + "}"


def _places(agent: Product) -> Iterator[str]:
    for pattern in agent.executables:
        if pattern.startswith("*/") and _PLAIN.fullmatch(pattern) and not pattern.lower().endswith(".exe"):
            yield "/**" + pattern[1:]
    for name in file_names([agent], "linux"):
        if _PLAIN.fullmatch(name) and "*" not in name and "/" not in name:
            yield f"/usr/bin/{name}"
            yield f"/usr/local/bin/{name}"
            yield f"/opt/**/{name}"
            yield f"/home/*/.local/bin/{name}"


def _partly(intent: Intent) -> Iterator[str]:
    if intent.secrets_for_agents.wanted:
        yield from untold("agents without a path of their own", intent.agents, lambda one: any(_places(one)))


EXPORT = Export(
    id="apparmor",
    title="AppArmor profiles for agents",
    write=write,
    carries=frozenset(("secrets",)),
    told_by="path",
    blocks=True,
    partly=_partly,
    validated_by="apparmor_parser -Q, where it is installed",
    tried="apparmor_parser 3.0.8 compiles every profile of the whole catalog; none was loaded",
    next_step="Copy the profiles into /etc/apparmor.d and load them: apparmor_parser -r",
)
