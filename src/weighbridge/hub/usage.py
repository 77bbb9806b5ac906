"""How a model is used in each tool: the lines that a developer copies.

Sources: huggingface_hub, "Command Line Interface"; llama.cpp, `README.md` (`-hf`); Ollama, "Importing" and
`types/model/name.go` (names with a host); ORAS documentation, `oras pull`.
"""

from collections.abc import Sequence

from msgspec import Struct

from weighbridge.hub.branches import MAIN
from weighbridge.hub.model_files import variants
from weighbridge.hub.models import Model
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release

_MOST_VARIANTS = 8


class Use(Struct, frozen=True, kw_only=True):
    """A tool, and what a person types there."""

    tool: str
    line: str


def uses(origin: str, model: Model, release: Release, files: Sequence[ReleaseFile], *, revision: str) -> list[Use]:
    """Return the lines for a release, what fits most people first.

    Args:
        origin: of the hub, as clients reach it.
        model: whose release.
        release: which.
        files: of it.
        revision: what it is asked for by: `main`, another branch or tag, its commit.
    """
    name, host = model.full_name, origin.split("://", 1)[-1]
    is_main = revision == MAIN
    plain = "" if origin.startswith("https://") else " --insecure"
    found = [Use(tool="Weighbridge", line=f"wb pull {name}" + ("" if is_main else f"@{revision}"))]
    pinned = "" if is_main else f" --revision {revision}"
    found.append(Use(tool="Hugging Face", line=f"HF_ENDPOINT={origin} hf download {name}{pinned}"))
    paths = [one.path for one in files]
    if "config.json" in paths and any(path.endswith(".safetensors") for path in paths):
        given = "" if is_main else f', revision="{revision}"'
        found.append(Use(tool="Transformers", line=f'AutoModel.from_pretrained("{name}"{given})'))
    ggufs = variants(files)
    if ggufs and is_main:
        # It knows no revisions: always `main`.
        found.append(Use(tool="llama.cpp", line=f"HF_ENDPOINT={origin} llama-cli -hf {name}"))
    whole = [one for one in ggufs if len(one.weights) == 1]
    for at, variant in enumerate(whole[: _MOST_VARIANTS if is_main else 1]):
        # The first is what Ollama gets without a tag; of another revision it gets no other.
        tag = f":{revision}" if not is_main else f":{variant.tags[0]}" if at else ""
        found.append(Use(tool="Ollama", line=f"ollama pull{plain} {host}/{model.full_name.lower()}{tag}"))
    insecure = " --plain-http" if plain else ""
    found.append(Use(tool="OCI", line=f"oras pull{insecure} {host}/{model.full_name.lower()}:{revision}"))
    return found
