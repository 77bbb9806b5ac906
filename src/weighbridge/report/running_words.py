"""How running things look for a person, wherever they are shown."""

from weighbridge.model.actor import Actor, ActorKind
from weighbridge.model.network_state import NetworkState
from weighbridge.model.running import AcceleratorUse, Listener, RunningProcess, RunningWeights
from weighbridge.report.escape import middle, visible, visible_path
from weighbridge.report.words import size

NOTHING = "—"


def weights_name(weights: RunningWeights, limit: int = 40) -> str:
    """Return what a person calls the weights: the model's name, else the file's."""
    if weights.name:
        return middle(visible(weights.name), limit)
    if weights.path is None:
        return NOTHING
    return middle(visible_path(weights.path.replace(b"\\", b"/").rsplit(b"/", 1)[-1]), limit)


def digest_word(weights: RunningWeights, digits: int = 12) -> str:
    """Return the digest shortened; a claimed one is marked by `~`."""
    if weights.sha256:
        return weights.sha256[:digits]
    return f"~{weights.claimed_sha256[:digits]}" if weights.claimed_sha256 else NOTHING


def weights_state(weights: RunningWeights) -> str:
    """Return what became of the file, empty if nothing did."""
    if weights.replaced:
        return "other bytes lie at its path now"
    return "deleted since" if weights.deleted else ""


def listener_word(listener: Listener) -> str:
    """Return an address as one types it."""
    if listener.transport == "unix":
        return visible(listener.address)
    address = f"[{listener.address}]" if ":" in listener.address else listener.address
    return f"{visible(address)}:{listener.port}"


def accelerator_word(use: AcceleratorUse) -> str:
    """Return load and memory on an accelerator: `H100 75% 4.0 GB`."""
    parts = [visible(use.title, 24)]
    if use.busy is not None:
        parts.append(f"{use.busy:.0%}")
    if use.memory_bytes is not None:
        parts.append(size(use.memory_bytes).strip())
    return " ".join(parts)


def actor_word(actor: Actor) -> str:
    """Return who acts: the agent's id, or the kind."""
    if actor.kind is ActorKind.AGENT:
        return f"agent {visible(actor.agent)}" if actor.agent else "agent"
    return str(actor.kind)


def network_word(network: NetworkState) -> str:
    """Return how far it reaches, in words."""
    return str(network.connectivity).replace("_", " ")


def runtime_word(process: RunningProcess) -> str:
    """Return what runs the model, and for which product."""
    name = process.runtime or process.name
    served = process.served_for
    return visible(f"{name} (for {served})" if served and served != name else name)
