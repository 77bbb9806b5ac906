"""Check an evidence pack without Weighbridge: `python3 check_pack.py PACK.zip KEY-FILE`.

Needs Python's standard library and the program `openssl` (3.0 or newer). Exits with 1 and a sentence where something
does not hold. Sources: C2SP signed-note; PKWARE APPNOTE 6.3.10; RFC 8410 (the prefix of an Ed25519 key).
"""

import base64
import json
import subprocess  # noqa: TID251  (stands alone: nothing of Weighbridge is here)
import sys
import tempfile  # noqa: TID251  (as above)
from hashlib import sha256
from pathlib import Path

PREFIX = bytes.fromhex("302a300506032b6570032100")
MANIFEST = "manifest.note"


def signed(text: str, signature: bytes, public: bytes) -> bool:
    """Ask openssl whether a signature is that of a key."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("text", "signature", "key")]
        for path, content in zip(paths, (text.encode(), signature, PREFIX + public), strict=True):
            path.write_bytes(content)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-in", paths[0], "-sigfile", paths[1]]
        command += ["-pubin", "-keyform", "DER", "-inkey", paths[2]]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603  (a fixed program)


def number(content: bytes, at: int, length: int) -> int:
    """Return a number of a ZIP."""
    return int.from_bytes(content[at : at + length], "little")


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP in which nothing is compressed and nothing lies between or behind the files."""
    files: dict[str, bytes] = {}
    at, listed = 0, b""
    while content[at : at + 4] == b"PK\3\4":
        name_at, size = at + 30, number(content, at + 18, 4)
        begin = name_at + number(content, at + 26, 2)
        name = content[name_at:begin].decode("ascii")
        if name in files or begin + size > len(content):
            sys.exit(f"{name} is there twice, or cut off")
        files[name] = content[begin : begin + size]
        # What the directory at the end must say of this file; anything else was put there by somebody.
        fixed = bytes([20, 3]) + content[at + 4 : at + 30] + bytes(6) + (0o100644 << 16).to_bytes(4, "little")
        listed += b"PK\1\2" + fixed + at.to_bytes(4, "little") + name.encode()
        if content[at + 4 : at + 14] != b"\x0a\0\0\0\0\0\0\0\x21\0" or number(content, at + 28, 2):
            sys.exit(f"{name} is packed in another way than Weighbridge packs")
        at = begin + size
    count = len(files).to_bytes(2, "little") * 2
    end = b"PK\5\6" + bytes(4) + count + len(listed).to_bytes(4, "little") + at.to_bytes(4, "little") + bytes(2)
    if content[at:] != listed + end:
        sys.exit("something was changed or added beside the files")
    return files


def main(pack: Path, key_file: Path) -> None:
    """Check the signature, every file, and that there is nothing else."""
    name, key_id, encoded = key_file.read_text().strip().split("+", 2)
    public = base64.b64decode(encoded)
    if sha256(name.encode() + b"\n" + public).hexdigest()[:8] != key_id or public[:1] != b"\x01":
        sys.exit("the key is no Ed25519 key of a server")
    files = unpacked(pack.read_bytes())
    text, _, signatures = files.pop(MANIFEST, b"").decode().rpartition("\n\n")
    text += "\n"
    ours = [base64.b64decode(line.split(" ")[2]) for line in signatures.splitlines() if line.split(" ")[1:2] == [name]]
    if not any(one[:4].hex() == key_id and signed(text, one[4:], public[1:]) for one in ours):
        sys.exit("the manifest is not signed with this key")
    if len(signatures.splitlines()) != 1:
        sys.exit("the manifest carries other signatures, too")
    manifest = json.loads(text)
    named = {one["name"]: one["sha256"] for one in manifest["files"]}
    if [*named] != [*files]:
        sys.exit("files were added, left out or put into another order")
    for file in sorted(named.keys() | files.keys()):
        if file not in files or file not in named or sha256(files[file]).hexdigest() != named[file]:
            sys.exit(f"{file} is missing, was added, or is not as it was signed")
    print(f"{len(files)} files, every one as {name} signed it: {manifest['title']}, made {manifest['made_at']}")
    print(f"{manifest['scope']}: {manifest['coverage']}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
