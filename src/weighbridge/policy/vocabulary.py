"""The words that policy rules may use, as data: entity types, attributes, actions, context.

In: nothing. Out: `ENTITIES`, `CONTEXT`, `ACTIONS`, and the lookups on them. The Cedar schema, the validation of
values, the situations of a policy's tests and the reference page are all made from these tables, so that they
cannot disagree. Attribute names follow the JSON report (`license.effective.commercial` stands at that path there).
"""

from typing import Literal

from weighbridge.model.finding import Assessment, Confidence, Severity
from weighbridge.model.license import Commercial, Outputs
from weighbridge.model.record import record

Type = Literal["String", "Long", "Bool", "Set<String>"]
Value = str | int | bool | tuple[str, ...]

UNKNOWN = "unknown"
"""What a text attribute says when nothing is known: rules never have to ask whether it is there."""


@record
class Attribute:
    """One thing that a rule may ask about a resource, a principal or the context."""

    path: str
    """Dotted name: `license.effective.commercial`."""
    type: Type
    meaning: str
    """One sentence for the person who writes rules."""
    values: tuple[str, ...] = ()
    """All values there are, if the set is closed; a rule that names another is refused."""
    ordinary: Value | None = None
    """What a situation assumes when it does not say; None for an attribute that may be absent."""

    lower_case: bool = False
    """Whether it is always in lower case; a rule that compares it with anything else is refused."""

    @property
    def optional(self) -> bool:
        """Whether a rule must ask `has` first."""
        return self.ordinary is None


@record
class Entity:
    """One Cedar entity type."""

    name: str
    meaning: str
    attributes: tuple[Attribute, ...]


@record
class Action:
    """One thing that somebody may want to do."""

    name: str
    meaning: str
    resources: tuple[str, ...]


def _text(
    path: str, meaning: str, values: tuple[str, ...] = (), ordinary: str = UNKNOWN, *, lower_case: bool = False
) -> Attribute:
    return Attribute(path=path, type="String", meaning=meaning, values=values, ordinary=ordinary, lower_case=lower_case)


def _flag(path: str, meaning: str, ordinary: bool = False) -> Attribute:
    return Attribute(path=path, type="Bool", meaning=meaning, ordinary=ordinary)


def _number(path: str, meaning: str, ordinary: int | None = None) -> Attribute:
    return Attribute(path=path, type="Long", meaning=meaning, ordinary=ordinary)


def _set(
    path: str, meaning: str, ordinary: tuple[str, ...] = (), values: tuple[str, ...] = (), *, lower_case: bool = False
) -> Attribute:
    return Attribute(
        path=path, type="Set<String>", meaning=meaning, values=values, ordinary=ordinary, lower_case=lower_case
    )


SEVERITIES = tuple(str(severity) for severity in Severity)
ENVIRONMENTS = ("development", "test", "production", UNKNOWN)
DATA_CLASSES = ("public", "internal", "confidential", "restricted", UNKNOWN)
DATA_KINDS = ("pii", "phi", "pci", "secrets", "source")
CATALOG_DATA = (*DATA_CLASSES[:-1], *DATA_KINDS)
DIGEST_STATUSES = ("verified", "measured", "claimed", "mismatch", "none")
LICENSE_TRAINING = (
    "free",
    "name-if-released",
    "derivative",
    "no-competing",
    "no-other-models",
    "nc-only",
    UNKNOWN,
)
PRINCIPALS = ("Endpoint", "User", "Agent", "Build")

ARTIFACT = Entity(
    name="Artifact",
    meaning="A model file or bundle, identified by its digest.",
    attributes=(
        _flag(
            "accepted",
            "The policy lists this digest under `accepted` and the acceptance has not run out; or the policy says "
            "`catalog: accepts`, and the catalog approved it for the data at hand.",
        ),
        _text("architecture", "Architecture in lower case (`llama`, `bert`).", lower_case=True),
        _text(
            "assessment",
            "What inspection concluded.",
            tuple(str(assessment) for assessment in Assessment),
            ordinary=str(Assessment.CLEAN),
        ),
        _text("author", "Author as declared in the file or beside it."),
        _set("base_models", "Declared ancestors (`meta-llama/Llama-3.1-8B`)."),
        _set("catalog.data_classes", "Data that the catalog approved it for.", values=CATALOG_DATA),
        _text(
            "catalog.state",
            "What the fleet's catalog says of this digest, by a signed word that holds today; `none` if nothing.",
            ("approved", "deprecated", "none"),
            ordinary="none",
        ),
        _set("checks", "Ids of all checks that found something."),
        _flag("code_capable", "The format can carry code that runs when it is loaded (the pickle family and others)."),
        _number("context_length", "Longest context in tokens."),
        _text("digest.claimed", "SHA-256 that a store's own file name or manifest claims."),
        _text("digest.sha256", "Measured SHA-256.", ordinary="0" * 64, lower_case=True),
        _text(
            "digest.status",
            "`verified`: measured and equal to the claim; `measured`: nothing was claimed; "
            "`claimed`: not measured yet; `mismatch`: measured and not the claim; `none`: neither.",
            DIGEST_STATUSES,
            ordinary="verified",
        ),
        _number("findings", "How many findings there are.", ordinary=0),
        _text("format", "Reader id (`gguf`, `safetensors`, `torch-zip`).", ordinary="safetensors"),
        _flag("in_archive", "At least one place is inside an archive."),
        _text("license.concluded", "License id that the artifact's own evidence comes to.", lower_case=True),
        _text(
            "license.confidence",
            "How sure the conclusion is; `none` if there is none.",
            ("none", *(str(confidence) for confidence in Confidence)),
            ordinary="high",
        ),
        _set("license.declared", "Every declared license, in lower case.", ordinary=("apache-2.0",), lower_case=True),
        _text(
            "license.effective.commercial",
            "Whether the weights may be used commercially, over the artifact and its ancestors.",
            tuple(str(commercial) for commercial in Commercial),
            ordinary=str(Commercial.ALLOWED),
        ),
        _set(
            "license.effective.derivative_terms",
            "What a fine-tune, merge or quantized copy must carry (`same-license:gpl-3.0`).",
        ),
        _set(
            "license.effective.obligations",
            "Duties of whoever passes it on (`keep-license-text`, `display:Built with Llama`).",
        ),
        _text(
            "license.effective.output_training",
            "Whether other models may be trained on what it writes.",
            LICENSE_TRAINING,
            ordinary="free",
        ),
        _text(
            "license.effective.outputs",
            "Whether what it writes may be used commercially.",
            tuple(str(outputs) for outputs in Outputs),
            ordinary=str(Outputs.FREE),
        ),
        _text(
            "license.effective.production",
            "Whether it may run in production.",
            tuple(str(commercial) for commercial in Commercial),
            ordinary=str(Commercial.ALLOWED),
        ),
        _set(
            "license.effective.regions_excluded",
            "Regions in which nobody gets rights (`EU`, `UK`, `South Korea`, `USA`).",
        ),
        _number(
            "license.effective.revenue_threshold",
            "Yearly revenue in USD above which other terms hold; 1 if it is in another currency or unit.",
        ),
        _text(
            "license.effective.use_policy",
            "Where a use policy stands.",
            ("none", "law-only", "in-text", "external", UNKNOWN),
            ordinary="none",
        ),
        _number("license.effective.user_threshold", "Active users above which other terms hold."),
        _text(
            "license.method",
            "What the conclusion rests on; `none` if there is none.",
            ("none", "label", "name", "text", "text-and-label"),
            ordinary="text",
        ),
        _text("name", "Declared name."),
        _number("parameters", "Number of parameters."),
        _flag("production", "At least one place lies under a production path of the policy."),
        _set(
            "publishers",
            "Publishers as the stores name them, in lower case.",
            ordinary=("example-publisher",),
            lower_case=True,
        ),
        _text("quantization", "Quantization in lower case (`q4_k_m`, `f16`).", lower_case=True),
        _text(
            "repository.assessment",
            "What inspection concluded of the files around it (code, templates, programs), the worst of its places; "
            "`none` if it lies in no model repository.",
            ("none", *(str(assessment) for assessment in Assessment)),
            ordinary=str(Assessment.CLEAN),
        ),
        _flag(
            "runs_code",
            "Inspection found code that it brings or names, beyond the classes of known frameworks (`code_capable` is "
            "about the format alone).",
        ),
        _text("severity", "Severity of the worst finding; `none` without findings.", ("none", *SEVERITIES), "none"),
        _number("severity_rank", "The same as a number: 0 none, 1 info ... 5 critical.", ordinary=0),
        _number("size", "Bytes.", ordinary=1_000_000_000),
        _flag("source.accepted", "A place matches one of the policy's `sources`.", ordinary=True),
        _flag("source.known", "A store or the file itself says where it came from.", ordinary=True),
        _text("source.url", "Source address as declared."),
        _set("stores", "Ids of the stores that hold it (`huggingface`, `ollama`).", ordinary=("huggingface",)),
        _set("techniques", "MITRE ATLAS ids of the findings."),
        _text("version", "Declared version."),
    ),
)

ENTITIES: tuple[Entity, ...] = (
    Entity(
        name="Agent",
        meaning="An autonomous program.",
        attributes=(
            _set("labels", "Labels that the organization gave it."),
            _text("name", "Name."),
            _flag("supervised", "A person confirms what it does."),
        ),
    ),
    ARTIFACT,
    Entity(
        name="Build",
        meaning="An automated build or deployment.",
        attributes=(
            _text("branch", "Branch that is built."),
            _set("labels", "Labels that the organization gave it."),
            _text("repository", "Repository that is built."),
        ),
    ),
    Entity(
        name="Dataset",
        meaning="Data that can be read, written or queried.",
        attributes=(
            _text("data_class", "How confidential it is.", DATA_CLASSES, "internal"),
            _set("data_kinds", "Regulated kinds of data in it.", values=DATA_KINDS),
            _text("name", "Name."),
        ),
    ),
    Entity(
        name="Endpoint",
        meaning="A machine.",
        attributes=(
            _set("labels", "Labels that the organization gave it."),
            _text("name", "Host name."),
            _text("platform", "Operating system.", ("linux", "darwin", "windows", UNKNOWN)),
        ),
    ),
    Entity(
        name="Host",
        meaning="A machine that something connects to.",
        attributes=(
            _flag("internal", "It belongs to the organization."),
            _set("labels", "Labels that the organization gave it."),
            _text("name", "DNS name or address."),
        ),
    ),
    Entity(
        name="Listener",
        meaning="A runtime's open port.",
        attributes=(
            _text("address", "Address that it is bound to.", ordinary="127.0.0.1"),
            _flag("authenticated", "It asks who is calling."),
            _flag("loopback", "Only this machine can reach it.", ordinary=True),
            _number("port", "Port number.", ordinary=11434),
            _text("runtime", "Runtime that listens."),
        ),
    ),
    Entity(
        name="Release",
        meaning="One pinned version of a catalog entry.",
        attributes=(
            _text("name", "Catalog name."),
            _text(
                "state",
                "Where it stands in the hub.",
                ("requested", "quarantined", "scanned", "review", "approved", "deprecated", "revoked"),
                "approved",
            ),
            _text("version", "Version."),
        ),
    ),
    Entity(
        name="Runtime",
        meaning="A program that runs models.",
        attributes=(
            _flag("listens", "It opens a port."),
            _text("name", "Runtime id (`ollama`, `llama-cpp`)."),
            _text("version", "Version."),
        ),
    ),
    Entity(
        name="Tool",
        meaning="A tool that an agent may call.",
        attributes=(
            _set("labels", "Labels that the organization gave it."),
            _text("name", "Name."),
            _flag("pinned", "Its definition is the one that was reviewed.", ordinary=True),
            _text("server", "Tool server that offers it."),
            _flag("writes", "It changes something."),
        ),
    ),
    Entity(
        name="User",
        meaning="A person.",
        attributes=(
            _set("groups", "Groups that the person belongs to."),
            _text("name", "Name."),
        ),
    ),
)

CONTEXT: tuple[Attribute, ...] = (
    _text("data_class", "The most confidential data at hand.", DATA_CLASSES),
    _set("data_kinds", "Regulated kinds of data at hand.", values=DATA_KINDS),
    _text("environment", "Where this happens.", ENVIRONMENTS),
)

ACTIONS: tuple[Action, ...] = (
    Action(
        name="connect",
        meaning="Open a connection to a host, a listener or a tool.",
        resources=("Host", "Listener", "Tool"),
    ),
    Action(name="download", meaning="Fetch an artifact from elsewhere.", resources=("Artifact", "Release")),
    Action(name="execute", meaning="Run a tool or a runtime.", resources=("Runtime", "Tool")),
    Action(
        name="infer",
        meaning="Send data to a model and take its answer.",
        resources=("Artifact", "Listener", "Runtime"),
    ),
    Action(name="load", meaning="Load an artifact into a runtime on this machine.", resources=("Artifact", "Release")),
    Action(name="query", meaning="Ask a dataset.", resources=("Dataset",)),
    Action(name="read", meaning="Read data.", resources=("Dataset", "Host", "Tool")),
    Action(
        name="serve",
        meaning="Offer a model to other programs or people.",
        resources=("Artifact", "Listener", "Runtime"),
    ),
    Action(name="ship", meaning="Deliver an artifact inside a product or image.", resources=("Artifact", "Release")),
    Action(name="store", meaning="Keep an artifact.", resources=("Artifact", "Release")),
    Action(name="write", meaning="Change data.", resources=("Dataset", "Host", "Tool")),
)

RESOURCES = tuple(sorted({resource for action in ACTIONS for resource in action.resources}))
"""Entity types that something can be done with."""

ENTITY_BY_NAME = {entity.name: entity for entity in ENTITIES}
ACTION_BY_NAME = {action.name: action for action in ACTIONS}
CONTEXT_BY_PATH = {attribute.path: attribute for attribute in CONTEXT}


def attributes_of(entity: str) -> dict[str, Attribute]:
    """Return the attributes of the entity type `entity` by path; empty if there is no such type."""
    known = ENTITY_BY_NAME.get(entity)
    return {} if known is None else {attribute.path: attribute for attribute in known.attributes}


def ordinary(attributes: tuple[Attribute, ...]) -> dict[str, Value]:
    """Return what a situation assumes for `attributes`; those that may be absent are absent."""
    return {attribute.path: attribute.ordinary for attribute in attributes if attribute.ordinary is not None}
