"""Collects what the symbolic pickle machine does as observations, once per distinct shape and in bounded number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.formats.pickle_names import python3_name
from weighbridge.formats.pickle_opcodes import opcode_name
from weighbridge.formats.pickle_start import could_begin
from weighbridge.formats.pickle_values import Container, Import, Persistent, describe, signature
from weighbridge.model.observation import Damage, EmbeddedCode, Malformed, Observation
from weighbridge.model.pickle_program import (
    Kind,
    PickleCall,
    PickleComputedImport,
    PickleDisagreement,
    PickleExtension,
    PickleImport,
    PickleMemoAnomaly,
    PickleMutation,
    PicklePersistentId,
    PickleState,
)
from weighbridge.model.source import ByteSource, BytesSource, LimitReached, SliceSource

if TYPE_CHECKING:
    from weighbridge.formats.pickle_machine import Machine

SHAPES_LIMIT = 10_000
"""Most distinct shapes of calls, states and changes; honest files have dozens."""
STORAGES_LIMIT = 200_000
LITERALS_LIMIT = 256
MAGIC_LITERALS_LIMIT = 6_000
"""The same for values that begin as protocol 2 and later do: PyTorch writes one per tensor into a plain pickle."""
ENCODED_BYTES = 16 << 20
IMPORTS_LIMIT = 5_000
DEED_COST = 20
"""Describing a call or a change costs as much work as this many plain opcodes."""
NOTE_COST = 5
TEXT_MATTERS = frozenset(
    {"getattr", "attrgetter", "methodcaller", "encode", "subimport", "_import_module", "_load_from_bytes"}
)


class Recorder:
    """What one source's streams did. `nesting` is 0 for the source itself."""

    def __init__(self, nesting: int = 0, key: str | None = None) -> None:
        self.nesting = nesting
        self.key = key
        self.imports: dict[tuple[str, str], PickleImport] = {}
        self.called_names: set[tuple[str, str]] = set()
        self.built_names: set[tuple[str, str]] = set()
        self.shapes: dict[object, Observation] = {}
        self.others: dict[object, Observation] = {}
        self.reached = True
        self.acted = False
        """Whether something was called, built or changed: a loader does more than hold data."""
        self.arrays = 0
        self.array_bytes = 0
        self.arrays_unknown = False
        self.storages: dict[str, tuple[str, int]] = {}
        """Torch storages by key: storage class, and number of elements."""
        self.literals: list[tuple[int, ByteSource, int]] = []
        """Offset, content and length of values that may hold a stream of their own."""

    # --- from the machine --------------------------------------------------------------------------------------

    def imported(self, machine: Machine, module: str, name: str) -> tuple[str, str]:
        """Note an import by the names in the stream; return them as Python 3 resolves them."""
        machine.debt += NOTE_COST
        key = python3_name(module, name) if machine.protocol < 3 else (module, name)
        if key not in self.imports:
            if len(self.imports) >= IMPORTS_LIMIT:
                raise LimitReached("distinct imports of a pickle", IMPORTS_LIMIT)
            self.imports[key] = PickleImport(
                module=key[0],
                name=key[1],
                written_module=module,
                written_name=name,
                protocol=machine.protocol,
                offset=machine.start,
                opcode=opcode_name(machine.opcode),
                nesting=self.nesting,
                reached=self.reached,
                key=self.key,
            )
        return key

    def called(self, machine: Machine, callee: object, operands: object, how: str, keywords: object) -> None:
        """Note a call or the making of an instance."""
        machine.debt += DEED_COST
        self.acted = True
        texts = False
        if isinstance(callee, Import):
            (self.called_names if how == "call" else self.built_names).add((callee.module, callee.name))
            texts = callee.name in TEXT_MATTERS
        shape = (how, signature(callee, texts=True), signature(operands, texts=texts), signature(keywords))
        if self._is_new(shape):
            self.shapes[shape] = PickleCall(
                callee=describe(callee),
                how=how,
                operands=describe(operands),
                keywords=None if keywords is None else describe(keywords),
                offset=machine.start,
                opcode=opcode_name(machine.opcode),
                nesting=self.nesting,
                reached=self.reached,
                key=self.key,
            )

    def state(self, machine: Machine, target: object, state: object) -> None:
        """Note BUILD."""
        machine.debt += DEED_COST
        self.acted = True
        slots = isinstance(state, Container) and state.kind is Kind.TUPLE and state.count == 2
        shape = ("state", signature(target), signature(state))
        if self._is_new(shape):
            self.shapes[shape] = PickleState(
                target=describe(target),
                state=describe(state),
                slots=slots,
                offset=machine.start,
                opcode=opcode_name(machine.opcode),
                nesting=self.nesting,
                reached=self.reached,
                key=self.key,
            )

    def mutated(self, machine: Machine, target: object, how: str) -> None:
        """Note that items go into something that is not a plain container."""
        machine.debt += DEED_COST
        self.acted = True
        shape = ("mutation", how, signature(target))
        if self._is_new(shape):
            self.shapes[shape] = PickleMutation(
                target=describe(target),
                how=how,
                offset=machine.start,
                opcode=opcode_name(machine.opcode),
                nesting=self.nesting,
                reached=self.reached,
                key=self.key,
            )

    def computed(self, machine: Machine, module: object, name: object) -> None:
        """Note an import whose names are not literals."""
        machine.debt += DEED_COST
        self.acted = True
        shape = ("computed", signature(module), signature(name))
        if self._is_new(shape):
            self.shapes[shape] = PickleComputedImport(
                module=describe(module),
                name=describe(name),
                offset=machine.start,
                opcode=opcode_name(machine.opcode),
                nesting=self.nesting,
                reached=self.reached,
                key=self.key,
            )

    def persistent(self, machine: Machine, identity: object) -> object:
        """Note a persistent id."""
        machine.debt += DEED_COST
        parts = identity.items if isinstance(identity, Container) and identity.items else ()
        if len(parts) >= 5 and parts[0] == "storage" and len(self.storages) < STORAGES_LIMIT:
            kind, key, elements = parts[1], parts[2], parts[4]
            if isinstance(kind, Import) and isinstance(key, str) and isinstance(elements, int):
                self.storages[key] = (kind.name, elements)
        shape = ("persistent", signature(identity))
        if self._is_new(shape):
            self.shapes[shape] = PicklePersistentId(
                id=describe(identity),
                offset=machine.start,
                opcode=opcode_name(machine.opcode),
                nesting=self.nesting,
                reached=self.reached,
                key=self.key,
            )
        if len(parts) == 4 and parts[0] == "module" and isinstance(parts[1], Import):
            # PyTorch's first format names a class together with its source text; its loader returns the class.
            return parts[1]
        return Persistent(identity)

    def extension(self, machine: Machine, code: int) -> None:
        """Note the use of the extension registry."""
        machine.debt += NOTE_COST
        self.acted = True
        if ("extension", code % 64) not in self.others:
            self.others["extension", code % 64] = PickleExtension(
                code=code, offset=machine.start, opcode=opcode_name(machine.opcode), nesting=self.nesting, key=self.key
            )

    def disagreement(self, machine: Machine, reason: str) -> None:
        """Note a place that readers in use read differently."""
        if machine.strict or ("disagreement", reason) in self.others:
            return
        self.others["disagreement", reason] = PickleDisagreement(
            reason=reason,
            offset=machine.start,
            opcode=opcode_name(machine.opcode),
            nesting=self.nesting,
            key=self.key,
        )

    def memo_anomaly(self, machine: Machine, reason: str) -> None:
        """Note a use of the memo that no pickler makes."""
        if ("memo", reason) in self.others:
            return
        self.others["memo", reason] = PickleMemoAnomaly(
            reason=reason,
            offset=machine.start,
            opcode=opcode_name(machine.opcode),
            nesting=self.nesting,
            key=self.key,
        )

    def fault(self, machine: Machine, reason: str, *, truncated: bool = False) -> None:
        """Note what stops a loader; what follows is no longer `reached`."""
        machine.debt += NOTE_COST
        self.reached = False
        damage = Damage.TRUNCATED if truncated else Damage.INVALID
        if ("fault", damage) in self.others:
            return
        place = f" at {opcode_name(machine.opcode)}" if machine.opcode else ""
        self.others["fault", damage] = Malformed(
            damage=damage, reason=f"pickle stream: {reason}{place}", offset=machine.start, key=self.key
        )

    def literal(self, machine: Machine, head: bytes, length: int, start: int | None = None) -> None:
        """Look at a text or bytes value: it may hold a stream or compiled code of its own.

        Args:
            machine: the machine at hand.
            head: the value or its first 4 KiB.
            length: bytes of the value.
            start: absolute offset of the value where it stands as it is.
        """
        if head[0] == 0xE3 and head[1:5] in _CODE_OBJECT_STARTS:
            if "marshal" not in self.others:
                self.others["marshal"] = EmbeddedCode(
                    kind="python-marshal",
                    description=f"{length} bytes that begin like a marshalled Python code object",
                    offset=machine.start,
                    key=self.key,
                )
        elif head.startswith(b"\xc2\x80"):
            # Protocols before 3 write bytes as a text that `_codecs.encode` turns back.
            if length > len(head) and start is not None:
                head = machine.window.peek(start, min(length, ENCODED_BYTES))
            encoded = head.decode("utf-8", "ignore").encode("latin-1", "ignore")
            if could_begin(encoded[:4096]) and len(self.literals) < LITERALS_LIMIT:
                self.literals.append((machine.start, BytesSource(encoded), len(encoded)))
        elif could_begin(head) and len(self.literals) < (MAGIC_LITERALS_LIMIT if head[0] == 0x80 else LITERALS_LIMIT):
            whole = start is not None and length > len(head)
            content = SliceSource(machine.window.source, start or 0, length) if whole else BytesSource(head)
            self.literals.append((machine.start, content, length))

    def absorb(self, other: Recorder) -> None:
        """Take over what another reading of the same bytes noted, except its faults."""
        for name, found in other.imports.items():
            self.imports.setdefault(name, found)
        self.called_names |= other.called_names
        self.built_names |= other.built_names
        for shape, noted in other.shapes.items():
            self.shapes.setdefault(shape, noted)
        self.acted = self.acted or other.acted

    # --- result ------------------------------------------------------------------------------------------------

    def observations(self) -> tuple[Observation, ...]:
        """Return everything noted, imports first."""
        imports = [
            replace(found, called=name in self.called_names, built=name in self.built_names)
            for name, found in self.imports.items()
        ]
        return (*imports, *self.shapes.values(), *self.others.values())

    def _is_new(self, shape: object) -> bool:
        if shape in self.shapes:
            return False
        if len(self.shapes) >= SHAPES_LIMIT:
            raise LimitReached("distinct operations of a pickle", SHAPES_LIMIT)
        return True


_CODE_OBJECT_STARTS = frozenset(count.to_bytes(4, "little") for count in range(16))
