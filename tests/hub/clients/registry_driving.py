"""Runs in the environment of OCI clients: uses ORAS as people do, and asks an Ollama by the pip package.

python registry_driving.py pull|push|tags|ask HOST REPOSITORY ...; prints what came of it as JSON.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

import oras.client


def registry(host: str) -> oras.client.OrasClient:
    """Return a client that is logged in."""
    client = oras.client.OrasClient(hostname=host, insecure=True)
    client.login(
        username="me", password=os.environ["HF_TOKEN"], hostname=host, config_path=str(Path("auth.json").resolve())
    )
    return client


def pull(host: str, target: str) -> dict[str, str]:
    """Pull everything into a folder; return digests by path."""
    folder = Path("pulled")
    registry(host).pull(target=f"{host}/{target}", outdir=str(folder))
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def push(host: str, target: str, *files: str) -> str:
    """Push files; return the digest."""
    answer = registry(host).push(target=f"{host}/{target}", files=list(files), quiet=True)
    return answer.headers["Docker-Content-Digest"]


def tags(host: str, target: str) -> list[str]:
    """Return the tags."""
    return registry(host).get_tags(f"{host}/{target}")


def ask(host: str, name: str) -> list[str]:
    """Let an Ollama at an address pull a model by its whole name; return what it said."""
    import ollama

    return [part.status for part in ollama.Client(host=f"http://{host}").pull(name, stream=True)]


def main() -> None:
    """Do one thing."""
    work = {"pull": pull, "push": push, "tags": tags, "ask": ask}[sys.argv[1]]
    try:
        said: object = work(*sys.argv[2:])
    except Exception as error:
        said = {"error": f"{type(error).__name__}: {error}"}
    print("@@" + json.dumps(said))


main()
