"""Evasions and data: PyTorch files in their three containers, and numpy files."""

import io
import pickle
import struct
import tarfile
import zipfile

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.pickle_assembly import SYSTEM, Raw, call, name, stream, value

CLEAN = frozenset({"clean"})
MAGIC = 0x1950A86A20F9469CFC6C


def storage(key: str, elements: int, *, old: bool = False) -> bytes:
    """A persistent id of a storage; the first own format says of what it is a view."""
    parts = ("storage", Raw(name("torch", "FloatStorage")), key, "cpu", elements)
    return value((*parts, None) if old else parts) + b"Q"


def tensor(key: str, *shape: int, old: bool = False) -> bytes:
    """`_rebuild_tensor_v2` as `torch.save` writes it."""
    elements = 1
    for size in shape:
        elements *= size
    hooks = Raw(call("collections", "OrderedDict"))
    operands = (Raw(storage(key, elements, old=old)), 0, shape, tuple(1 for _ in shape), False, hooks)
    return call("torch._utils", "_rebuild_tensor_v2", *operands)


STATE_DICT = call("collections", "OrderedDict") + b"(" + value("w") + tensor("0", 2, 3) + b"u"
OLD_STATE_DICT = call("collections", "OrderedDict") + b"(" + value("w") + tensor("0", 2, 3, old=True) + b"u"


def archive(members: dict[str, bytes], packed: bool = False) -> bytes:
    """A ZIP file with fixed times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as target:
        for member, content in members.items():
            target.writestr(zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def torch_zip(program: bytes, packed: bool = False, **more: bytes) -> bytes:
    """What `torch.save` writes around `program`; `more` are members by name with `__` for `/`."""
    members = {
        "archive/data.pkl": program,
        "archive/byteorder": b"little",
        "archive/data/0": struct.pack("<6f", *range(6)),
        "archive/version": b"3\n",
    }
    members |= {f"archive/{key.replace('__', '/')}": content for key, content in more.items()}
    return archive(members, packed)


def legacy(program: bytes, first: bytes | None = None, system: bytes | None = None, keys: bytes | None = None) -> bytes:
    """The stacked pickles of PyTorch's first own format, and one storage of six numbers."""
    streams = (
        first or pickle.dumps(MAGIC, 2),
        pickle.dumps(1001, 2),
        system or pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {}}, 2),
        program,
        keys or pickle.dumps(["0"], 2),
    )
    return b"".join(streams) + struct.pack("<q6f", 6, *range(6))


def tar(members: dict[str, bytes]) -> bytes:
    """A tar file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as target:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            info.size = len(content)
            target.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def old_tar(program: bytes, storages: bytes | None = None) -> bytes:
    """A file as PyTorch before 0.1.10 wrote it."""
    record = stream(value(("0", "cpu", Raw(name("torch", "FloatStorage")))), 2) + struct.pack("<q6f", 6, *range(6))
    return tar(
        {
            "sys_info": pickle.dumps({"protocol_version": 1000}, 2),
            "pickle": program,
            "tensors": pickle.dumps(0, 2),
            "storages": storages or pickle.dumps(1, 2) + record,
        }
    )


def npy(header: str, data: bytes) -> bytes:
    """An npy file, version 1."""
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


_OBJECT_HEADER = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
_NUMBER_HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"
_RECORD_HEADER = "{'descr': [('a', '<f4'), ('b', '|O')], 'fortran_order': False, 'shape': (1,), }"
EVIL = stream(SYSTEM, 2)
DATA = stream(STATE_DICT, 2)
OLD_DATA = stream(OLD_STATE_DICT, 2)
_COMPUTED_MAGIC = stream(call("builtins", "int", hex(MAGIC), 16), 2)
_SCRIPT = b'def forward(self, x: Tensor) -> Tensor:\n  torch.save(x, "/nowhere/marker")\n  return x\n'
_CUSTOM = b"def forward(self, x: Tensor) -> Tensor:\n  return ops.somebody.run(x)\n"
_HARMLESS_SCRIPT = b"def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(x)\n"

_EVASIONS: dict[str, tuple[str, bytes, frozenset[str], str | None]] = {
    "zip-plain": ("model.pt", torch_zip(EVIL), HARD, "torch"),
    "zip-renamed": ("model.bin", torch_zip(EVIL), HARD, "torch"),
    "zip-without-suffix": ("model", torch_zip(EVIL), HARD, "torch"),
    "zip-packed": ("model.pt", torch_zip(EVIL, packed=True), HARD, None),
    "zip-protocol-0": ("model.pt", torch_zip(b"cos\nsystem\n(S'true'\ntR."), HARD, "torch"),
    "zip-after-state": ("model.pt", torch_zip(stream(STATE_DICT + b"0" + SYSTEM, 2)), HARD, "torch"),
    "zip-cut-short-after-act": ("model.pt", torch_zip(EVIL[:-1]), HARD, "torch"),
    "zip-other-member": ("model.pt", torch_zip(DATA, extra__hook=EVIL), HARD, None),
    "zip-constants": ("model.pt", torch_zip(DATA, **{"constants.pkl": EVIL}), HARD, None),
    "zip-upper-case": ("model.pt", archive({"archive/DATA.PKL": EVIL, "archive/version": b"3\n"}), HARD, None),
    "zip-at-top": ("model.pt", archive({"data.pkl": EVIL, "version": b"3\n"}), HARD, None),
    "zip-deep-folder": ("model.pt", archive({"a/b/data.pkl": EVIL, "a/b/version": b"3\n"}), HARD, None),
    "zip-no-pickle-at-all": ("model.pt", torch_zip(b"\x00\x01 no pickle"), NOT_CLEAN, None),
    "zip-bytecode": ("model.ptl", torch_zip(DATA, **{"bytecode.pkl": EVIL}), HARD, None),
    "script-saves": ("model.pt", torch_zip(DATA, **{"code__a.py": _SCRIPT}), NOT_CLEAN, None),
    "script-custom-operator": ("model.pt", torch_zip(DATA, **{"code__a.py": _CUSTOM}), NOT_CLEAN, None),
    "legacy-object": ("model.pt", legacy(EVIL), HARD, "torch"),
    "legacy-system-information": ("model.pt", legacy(OLD_DATA, system=EVIL), HARD, "torch"),
    "legacy-keys": ("model.pt", legacy(OLD_DATA, keys=EVIL), HARD, "torch"),
    "legacy-computed-magic": ("model.pt", legacy(EVIL, first=_COMPUTED_MAGIC), HARD, "torch"),
    "legacy-first": ("model.pt", legacy(OLD_DATA, first=EVIL), HARD, "torch"),
    "legacy-cut-in-storage": ("model.pt", legacy(OLD_DATA)[:-5], NOT_CLEAN, None),
    "legacy-longer-storage": ("model.pt", legacy(stream(tensor("0", 9, 9, old=True), 2)), NOT_CLEAN, None),
    "tar-object": ("model.pt", old_tar(EVIL), HARD, None),
    "tar-storages": ("model.pt", old_tar(DATA, storages=EVIL), HARD, "torch"),
    "tar-storage-record": ("model.pt", old_tar(DATA, storages=pickle.dumps(1, 2) + EVIL), HARD, "torch"),
    "npy-objects": ("a.npy", npy(_OBJECT_HEADER, EVIL), HARD, "numpy"),
    "npy-renamed": ("a.dat", npy(_OBJECT_HEADER, EVIL), HARD, "numpy"),
    "npy-object-field": ("a.npy", npy(_RECORD_HEADER, EVIL), HARD, "numpy"),
    "npy-header-with-call": (
        "a.npy",
        npy("{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (1,), }", EVIL),
        NOT_CLEAN,
        None,
    ),
    "npy-shorter-than-header": ("a.npy", npy(_NUMBER_HEADER, b"\0" * 8), NOT_CLEAN, None),
    "npy-followed-by-pickle": ("a.npy", npy(_NUMBER_HEADER, b"\0" * 16 + EVIL), NOT_CLEAN, None),
    "npy-second-array": ("a.npy", npy(_NUMBER_HEADER, b"\0" * 16) + npy(_OBJECT_HEADER, EVIL), HARD, None),
    "npy-huge-shape": (
        "a.npy",
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }", b"\0" * 64),
        NOT_CLEAN,
        None,
    ),
    "npy-is-a-pickle": ("a.npy", EVIL, HARD, "numpy"),
    "npz-objects": ("a.npz", archive({"a.npy": npy(_OBJECT_HEADER, EVIL)}), HARD, "numpy"),
    "npz-packed": ("a.npz", archive({"a.npy": npy(_OBJECT_HEADER, EVIL)}, packed=True), HARD, "numpy"),
    "npz-second-member": (
        "a.npz",
        archive({"a.npy": npy(_NUMBER_HEADER, b"\0" * 16), "b.npy": npy(_OBJECT_HEADER, EVIL)}),
        HARD,
        "numpy",
    ),
    "npz-member-without-suffix": ("a.npz", archive({"a": npy(_OBJECT_HEADER, EVIL)}), HARD, None),
}
_BENIGN: dict[str, tuple[str, bytes, frozenset[str]]] = {
    "zip": ("model.pt", torch_zip(DATA), CLEAN),
    "zip-packed": ("model.pt", torch_zip(DATA, packed=True), CLEAN),
    "legacy": ("model.pt", legacy(OLD_DATA), CLEAN),
    "script": ("model.pt", torch_zip(DATA, **{"code__a.py": _HARMLESS_SCRIPT}), CLEAN),
    "npy": ("a.npy", npy(_NUMBER_HEADER, b"\0" * 16), CLEAN),
    "npy-objects": ("a.npy", npy(_OBJECT_HEADER, pickle.dumps(["text"], 3)), CLEAN),
    "npz": ("a.npz", archive({"a.npy": npy(_NUMBER_HEADER, b"\0" * 16)}, packed=True), CLEAN),
    "module": (
        "model.pt",
        torch_zip(stream(name("torch.nn.modules.linear", "Linear") + b")\x81" + value({"training": True}) + b"b", 2)),
        frozenset({"clean", "review"}),
    ),
    "tar": ("model.pt", old_tar(stream(value({"a": 1}), 2)), CLEAN),
}


def _evasion(identity: str, file: str, content: bytes, expect: frozenset[str], loader: str | None) -> Case:
    return Case(
        id=f"torch-evasion/{identity}",
        build=lambda: {file: content},
        subject=file,
        expect=expect,
        fires=loader,
        lesson="containers of PyTorch and numpy: every pickle in them counts",
    )


EVASIONS = tuple(_evasion(identity, *case) for identity, case in _EVASIONS.items())
BENIGN = tuple(
    Case(
        id=f"torch-data/{identity}",
        build=lambda file=file, content=content: {file: content},
        subject=file,
        expect=expect,
    )
    for identity, (file, content, expect) in _BENIGN.items()
)
