"""Pages of `wb explain` on products that run or serve models: what each is, how it is told, what keeps it in."""

from collections.abc import Iterator

from weighbridge.discover.runtime_catalog import Runtime, runtimes

_KIND = {
    "runtime": "Runtime",
    "gateway": "Gateway",
    "ui": "Program for people",
    "toolchain": "Tool",
}
CONFIDENCE = {
    "source": "read in its source, or seen in a package",
    "docs": "from its makers' pages",
    "peer": "from another catalog",
    "unverified": "general knowledge, not verified",
}


def runtime_titles() -> dict[str, str]:
    """Return one line about every product, by id."""
    return {one.id: f"{_KIND[one.kind]}: {one.title}. {one.about}" for one in runtimes().values()}


def runtime_page(topic: str) -> str | None:
    """Return what is known of a product, None if there is none of this id."""
    runtime = runtimes().get(topic)
    return None if runtime is None else "\n".join(_lines(runtime))


def _lines(runtime: Runtime) -> Iterator[str]:
    yield f"{_KIND[runtime.kind]}: {runtime.title}. {runtime.about}"
    yield from runtime.notes
    yield ""
    yield "How it is told"
    if runtime.programs:
        yield f"  programs    {', '.join(runtime.programs)}"
    if runtime.modules or runtime.scripts:
        yield f"  scripts     {', '.join((*runtime.modules, *runtime.scripts))}"
    if runtime.mapped:
        yield f"  libraries   {', '.join(runtime.mapped)}"
    if runtime.ambiguous:
        yield f"  hints       {', '.join(runtime.ambiguous)} (names that others have too)"
    owners = (*runtime.owned_by, *runtime.generic_owned_by)
    if owners:
        yield f"  owned_by    {', '.join(owners)}"
    paths = dict.fromkeys(sign.path for sign in runtime.signs)
    if paths:
        yield f"  answers     {', '.join(paths)}"
    if runtime.ports:
        yield f"  ports       {', '.join(map(str, runtime.ports))} (never a proof)"
    if runtime.imitates:
        yield f"  imitates    {', '.join(runtimes()[one].title for one in runtime.imitates)}"
    if runtime.children:
        yield f"  starts      {', '.join(runtimes()[one].title for one in runtime.children)}"
    if runtime.hardening or runtime.risky_arguments:
        yield ""
        yield "What keeps it in"
        if runtime.hardening:
            yield f"  set         {', '.join(f'{name}={value}' for name, value in runtime.hardening)}"
        if runtime.risky_arguments:
            yield f"  avoid       {', '.join(runtime.risky_arguments)}"
    stands = runtime.provenance
    yield ""
    yield f"These facts are {CONFIDENCE[stands.confidence]}, {stands.checked}: {stands.source}."
