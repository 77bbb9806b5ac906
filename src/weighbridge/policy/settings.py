"""The facts of a policy: what `policy.yaml` says.

In and out: values; `settings_file.py` reads them.
"""

import datetime
from typing import Literal

from weighbridge.model.network_state import CorporateNetwork
from weighbridge.model.record import record

SETTINGS_FILE = "policy.yaml"

Mode = Literal["observe", "warn", "enforce"]
WhenStale = Literal["keep", "tighten"]
CatalogMeans = Literal["informs", "accepts"]
DataClassId = Literal["public", "internal", "confidential", "restricted"]


@record
class Source:
    """Where artifacts may come from: every key that is given must fit."""

    store: str | None = None
    """Store id (`huggingface`, `ollama`)."""
    publishers: tuple[str, ...] = ()
    """Owners within the store; `*` for any."""
    path: str | None = None
    """A folder and all below it."""
    note: str = ""
    """For the reader of the acceptable-use page."""


@record
class DataClass:
    """What one class of data means here; what may be done with it is for rules to say."""

    id: DataClassId
    meaning: str


@record
class Retention:
    """How long records are kept, in days."""

    verdicts: int = 365
    inventory: int = 365
    content: int = 0
    """Prompts and answers; 0 means that they are not kept at all."""


@record
class Logging:
    """What is recorded, in sentences for the acceptable-use page."""

    recorded: tuple[str, ...] = ()
    not_recorded: tuple[str, ...] = ()


@record
class Acceptance:
    """One artifact that somebody looked at and answers for."""

    sha256: str
    reason: str
    by: str
    until: datetime.date | None = None


@record
class WaiverKey:
    """Whose signature on a waiver counts."""

    owner: str
    key: str
    """Public key in PEM."""


@record
class Settings:
    """The whole file."""

    name: str
    version: str | int
    title: str
    mode: Mode
    summary: str = ""
    organization: str = "the organization"
    contact: str = ""
    """Whom to ask: an address or a channel."""
    sources: tuple[Source, ...] = ()
    production_paths: tuple[str, ...] = ()
    data_classes: tuple[DataClass, ...] = ()
    retention: Retention = Retention()
    logging: Logging = Logging()
    accepted: tuple[Acceptance, ...] = ()
    catalog: CatalogMeans = "informs"
    """What an approval of the fleet's catalog means: a fact that rules may ask for, or, beyond that, that the digest
    counts as `accepted` (`policy/approvals.py`)."""
    waiver_keys: tuple[WaiverKey, ...] = ()
    """Who may waive a rule for one artifact (`wb waive`)."""
    corporate_networks: tuple[CorporateNetwork, ...] = ()
    """How to know that a machine is in the organization's network."""
    when_stale: WhenStale = "keep"
    """What a machine of the fleet does while it cannot know whether this policy is still the newest: weigh on as
    before, or let whatever would only be warned about wait."""
