"""Files that are no models, of kinds that fill a home folder, some under names that models use."""

import json
import random
import sqlite3
import struct
import sys
import zipfile
import zlib
from pathlib import Path


def fill_documents(home: Path) -> dict[Path, str]:
    """Write files that hold no model. Returns path -> kind."""
    folder = home / "Documents"
    folder.mkdir()
    noise = random.Random(11)
    contents = {
        "letter.txt": b"Dear Sir or Madam,\n" * 40,
        "photo.png": _picture(),
        "firmware.bin": noise.randbytes(70_000),
        "zeros.bin": bytes(50_000),
        "ones.dat": b"\xff" * 5_000,
        "sounds.wav": b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + bytes(28),
        "table.csv": b"a,b,c\n1,2,3\n" * 50,
        "settings.json": json.dumps({"learner": "none", "format": "plain", "version": [1, 2, 3]}).encode(),
        "notebook.ipynb": json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode(),
        "paper.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
        "page.xml": b"<?xml version='1.0'?><net><layer id='1'/></net>",
        "script.py": b"import os\nprint(os.getcwd())\n",
        "empty": b"",
        "one-byte": b"\x80",
        "dots": b"." * 300,
        "numbers.txt": b"I1\n.I2\n",
        "model.txt": b"tree\nof life\n",
        "keys.pem": b"-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / "report.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    with zipfile.ZipFile(folder / "library-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("library/__init__.py", "value = 1\n")
        archive.writestr("library/data.txt", "text")
    with sqlite3.connect(folder / "notes.db") as database:
        database.execute("create table note (text)")
    database.close()
    (folder / "program").write_bytes(Path(sys.executable).resolve().read_bytes()[:200_000])
    return dict.fromkeys(folder.iterdir(), "other")


def _picture() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(52))) + chunk(b"IEND", b"")
    )
