"""Why somebody does not get a model, and what they do next. Each face says it in its own dialect, from these words."""

from weighbridge.hub.releases import Release
from weighbridge.hub.states import State
from weighbridge.model.record import record

UNKNOWN, PENDING_REVIEW, REJECTED, REVOKED, EXPIRED = "unknown", "pending", "rejected", "revoked", "expired"
NO_FILE, NO_REVISION, NO_ACCOUNT, NOT_ALLOWED = "no-file", "no-revision", "no-account", "not-allowed"


@record
class Refusal:
    """One refusal: `reason` for programs, `sentence` and `hint` for people, `link` to the page that goes on."""

    reason: str
    sentence: str
    hint: str
    link: str

    @property
    def text(self) -> str:
        """All of it in one line, as a terminal shows it."""
        return f"{self.sentence} {self.hint} {self.link}".strip()


def unknown(origin: str, name: str) -> Refusal:
    """Return the refusal of a model that the catalog does not have."""
    hint = f"Ask for it: wb request {name} --why ..., or"
    return Refusal(
        reason=UNKNOWN,
        sentence=f"{name} is not in the catalog.",
        hint=hint,
        link=f"{origin}/catalog/request?model={name}",
    )


def on_its_way(origin: str, name: str) -> Refusal:
    """Return the refusal of a model that is a request from now on."""
    return Refusal(
        reason=PENDING_REVIEW,
        sentence=f"{name} is asked for now: it is fetched, and looked into.",
        hint="Try again in some minutes; how far it is:",
        link=f"{origin}/catalog/{name}",
    )


def of_release(origin: str, name: str, release: Release) -> Refusal:
    """Return the refusal of a release that is not served."""
    link = f"{origin}/catalog/{name}"
    if release.state is State.REVOKED:
        instead = f"Use {release.replaced_by} instead." if release.replaced_by else "Ask for another model."
        sentence = f"{name} was revoked: {release.state_why.rstrip('.') or 'it may not be used any more'}."
        return Refusal(reason=REVOKED, sentence=sentence, hint=instead, link=link)
    if release.state in (State.REJECTED, State.FAILED):
        sentence = f"{name} was not approved: {release.state_why.rstrip('.') or 'see its page'}."
        return Refusal(reason=REJECTED, sentence=sentence, hint="What else there is, and how to ask again:", link=link)
    if release.state is State.EXPIRED:
        sentence = f"The approval of {name} has ended."
        return Refusal(reason=EXPIRED, sentence=sentence, hint="Ask for it to be renewed:", link=link)
    sentence = f"{name} is not approved yet: it is in the state `{release.state}`."
    return Refusal(reason=PENDING_REVIEW, sentence=sentence, hint="Follow it here:", link=link)


def not_served(origin: str, name: str) -> Refusal:
    """Return the refusal of bytes that are here, and that no release of this model brought into service."""
    return Refusal(
        reason=PENDING_REVIEW,
        sentence=f"These bytes are not served as {name}.",
        hint="What is:",
        link=f"{origin}/catalog/{name}",
    )


def no_account(origin: str) -> Refusal:
    """Return the refusal of somebody who did not say who they are."""
    return Refusal(
        reason=NO_ACCOUNT,
        sentence="This hub wants to know who asks.",
        hint="Run `wb hub setup`, or make a token:",
        link=f"{origin}/catalog/tokens",
    )


def not_allowed(origin: str, name: str) -> Refusal:
    """Return the refusal of somebody who may not do this, for a model that they may know of."""
    return Refusal(
        reason=NOT_ALLOWED,
        sentence=f"You may not do this with {name}.",
        hint="Who may is said on its page:",
        link=f"{origin}/catalog/{name}",
    )


def no_file(origin: str, name: str, path: str) -> Refusal:
    """Return the refusal of a file that a served release does not have."""
    return Refusal(
        reason=NO_FILE, sentence=f"{name} has no file {path[:200]}.", hint="", link=f"{origin}/catalog/{name}"
    )


def no_revision(origin: str, name: str, revision: str) -> Refusal:
    """Return the refusal of a branch, tag or commit that a model does not have."""
    return Refusal(
        reason=NO_REVISION,
        sentence=f"{name} has no revision {revision[:128]}.",
        hint="What it has:",
        link=f"{origin}/catalog/{name}",
    )
