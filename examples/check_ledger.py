"""Check an exported ledger without Weighbridge: `python3 check_ledger.py FOLDER KEY-FILE`.

Needs Python's standard library and the program `openssl` (3.0 or newer). Exits with 1 and a sentence where something
does not hold. Sources: C2SP signed-note, tlog-checkpoint, tlog-tiles; RFC 6962 section 2.1; RFC 8410 (the prefix of an
Ed25519 key).
"""

import base64
import subprocess  # noqa: TID251  (stands alone: nothing of Weighbridge is here)
import sys
import tempfile  # noqa: TID251  (as above)
from hashlib import sha256
from pathlib import Path

PREFIX = bytes.fromhex("302a300506032b6570032100")


def tile(number: int, width: int) -> str:
    """Return the path of a file of 256 records or hashes: x001/234, and x001/234.p/56 if it has only 56."""
    text = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        text = f"x{number % 1000:03}/{text}"
    return text if width == 256 else f"{text}.p/{width}"


def signed(text: str, signature: bytes, public: bytes) -> bool:
    """Ask openssl whether a signature is that of a key."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("text", "signature", "key")]
        for path, content in zip(paths, (text.encode(), signature, PREFIX + public), strict=True):
            path.write_bytes(content)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-in", paths[0], "-sigfile", paths[1]]
        command += ["-pubin", "-keyform", "DER", "-inkey", paths[2]]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603  (a fixed program)


def records(content: bytes) -> list[bytes]:
    """Return records, each of which stands after its length as two bytes."""
    found = []
    while content:
        end = 2 + int.from_bytes(content[:2], "big")
        found.append(content[2:end])
        content = content[end:]
    return found


def main(folder: Path, key_file: Path) -> None:
    """Check signature, records, hashes and root."""
    name, key_id, encoded = key_file.read_text().strip().split("+", 2)
    public = base64.b64decode(encoded)
    if sha256(name.encode() + b"\n" + public).hexdigest()[:8] != key_id or public[:1] != b"\x01":
        sys.exit("the key is no Ed25519 key of a log")
    text, _, signatures = (folder / "checkpoint").read_text().partition("\n\n")
    origin, count, root = (text + "\n").split("\n")[:3]
    ours = [base64.b64decode(line.split(" ")[2]) for line in signatures.splitlines() if line.split(" ")[1] == name]
    if origin != name or not any(one[:4].hex() == key_id and signed(text + "\n", one[4:], public[1:]) for one in ours):
        sys.exit("the checkpoint is not signed with this key")
    size, minimum = int(count), folder / "minimum-index"
    first = int(minimum.read_text()) if minimum.exists() else 0
    stack: list[tuple[int, bytes]] = []  # the roots of whole subtrees, the largest first, with their levels
    for number in range(-(-size // 256)):
        path = tile(number, min(256, size - number * 256))
        content = (folder / "tile/0" / path).read_bytes()
        hashes = [content[at : at + 32] for at in range(0, len(content), 32)]
        if (number + 1) * 256 > first:
            for at, record in enumerate(records((folder / "tile/entries" / path).read_bytes())):
                if sha256(b"\0" + record).digest() != hashes[at]:
                    sys.exit(f"record {number * 256 + at} is not what was signed")
        for leaf in hashes:
            level, right = 0, leaf
            while stack and stack[-1][0] == level:
                right = sha256(b"\1" + stack.pop()[1] + right).digest()
                level += 1
            stack.append((level, right))
    whole = stack.pop()[1] if stack else sha256(b"").digest()
    while stack:
        whole = sha256(b"\1" + stack.pop()[1] + whole).digest()
    if whole != base64.b64decode(root):
        sys.exit("the records do not lead to the root that was signed")
    print(f"{size} records, every one as {name} signed it" + (f"; removed below {first}" if first else ""))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
