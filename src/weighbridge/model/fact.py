"""What a reader took from bytes, with its evidence and its grade."""

from enum import StrEnum

from weighbridge.model.record import record

FactValue = str | int | float | bool | None | tuple["FactValue", ...] | dict[str, "FactValue"]


class Grade(StrEnum):
    """How far a fact can be trusted; best first."""

    MEASURED = "measured"
    """Computed by Weighbridge from the bytes themselves (a digest, a tensor count)."""
    SIGNED = "signed"
    """Stated under a signature that was verified."""
    DECLARED = "declared"
    """Stated by the file or by something beside it; anybody could have written it."""


@record
class Fact:
    """One named value and where it stands.

    `name` is dotted, lower case and the same for every format: `architecture`, `parameters`,
    `quantization`, `context_length`, `name`, `version`, `author`, `source_url`, `license`,
    `license.name`, `license.link`, `base_model`, `tokenizer`, `chat_template.sha256`,
    `tensor_table.sha256`, `training.*`. The same name may occur more than once with different
    grades or sources: evidence is kept, never overwritten.
    """

    name: str
    value: FactValue
    grade: Grade
    source: str
    """Where in the file or beside it, for a person: `header key general.architecture`."""
