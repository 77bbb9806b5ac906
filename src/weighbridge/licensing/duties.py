"""License terms in sentences: what to do, above which size other terms hold, what a derivative must carry.

In: the words of the table (`display:Built with Llama`). Out: English for a person. Pure data and text.
"""

from weighbridge.licensing.table import license_entry
from weighbridge.model.license import EffectiveTerms, Outputs, Threshold

_DUTIES = {
    "attribution": "Name the author or publisher.",
    "display-or-name": "Show the model's name in the product, or name the model after it.",
    "keep-copyright-notice": "Keep the copyright notice with every copy.",
    "keep-license-text": "Keep the license text with every copy.",
    "keep-notice-file": "Keep the NOTICE file, if there is one, with every copy.",
    "link-license": "Link to the license.",
    "no-endorsement": "Do not use the authors' names to promote the product.",
    "no-redistribution": "Do not pass it on.",
    "notice-file": "Put a NOTICE file with the text that the license asks for beside every copy.",
    "notify-licensor-if-commercial": "Tell the publisher before commercial use.",
    "offer-source": "Offer the source to whoever gets a copy.",
    "offer-source-to-network-users": "Offer the source to those who use it over a network.",
    "pass-on-use-policy": "Bind whoever gets it to the same use restrictions.",
    "register": "Register with the publisher.",
    "register-if-commercial": "Register with the publisher before commercial use.",
    "share-modified-model": "Share the modified model.",
    "state-changes": "State what you changed.",
    "written-authorization": "Get the publisher's written permission for any other use.",
}
_DUTIES_WITH = {
    "display": "Show “{}” in the product, its page or its documentation.",
    "display-above-threshold": "Above the threshold, show “{}” in the product.",
    "display-if-built-on-Cosmos": "If it is built on Cosmos, show “{}”.",
    "display-if-commercial": "In commercial products, show {}.",
    "display-if-trained-on": "If you train another model on it or its outputs, show “{}”.",
    "name-prefix": "Begin the name of a derived model with “{}”.",
    "only-with": "Use it only together with {}.",
    "separate-license-for": "Ask for a separate license if you are one of: {}.",
}
_METRICS = {
    "daily_active_users": "daily users",
    "monthly_active_users": "monthly users",
    "monthly_output_tokens": "output tokens a month",
}
_PERIODS = {"annual": "yearly", "monthly": "monthly"}
_EFFECTS = {
    "display-name": "show the model's name",
    "security-review": "pass a security review",
    "separate-license": "ask the publisher for a separate license",
}
_CARRIED = {
    "may-add-own-terms": "Pass on the {} with it; your own changes may have terms of their own.",
    "may-add-own-terms-with-use-policy": "Pass on the {} and its use restrictions with it.",
    "prohibited-to-share": "Do not share changed versions of it: the {} does not allow it.",
    "same-license": "Put it under the {} as well.",
    "threshold-follows-derivatives": "The threshold of the {} holds for it too.",
}
_OUTPUTS = {
    Outputs.FREE: "free to use",
    Outputs.UNCLEAR: "not clear; have somebody read the text before they go into a product",
    Outputs.PROHIBITED: "not for commercial use",
}
_TRAINING = {
    "derivative": "a model trained to imitate it is a derivative of it",
    "free": "allowed",
    "name-if-released": "allowed; name the model if you release the result",
    "nc-only": "for non-commercial use only",
    "no-competing": "not for models that compete with it",
    "no-other-models": "not allowed",
    "unknown": "not known",
}
_USE_POLICIES = {
    "external": "a page of the publisher's, which may change",
    "in-text": "in the license or beside it",
    "law-only": "the law",
    "none": "none",
    "unknown": "not known",
}
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"))


def duty(obligation: str) -> str:
    """Return an obligation as an imperative."""
    kind, found, rest = obligation.partition(":")
    if found and kind in _DUTIES_WITH:
        return _DUTIES_WITH[kind].format(rest)
    return _DUTIES.get(obligation, f"Meet this: {obligation}.")


def threshold_words(threshold: Threshold) -> str:
    """Return a threshold as a condition and what follows from it."""
    metric = _METRICS.get(threshold.metric) or _money(threshold.metric)
    scope = f" ({threshold.scope})" if threshold.scope else ""
    when = " when the model came out" if threshold.measured == "at-release" else ""
    effect = _EFFECTS.get(threshold.effect, threshold.effect)
    return f"Above {_number(threshold.above)} {metric}{scope}{when}: {effect}."


def _money(metric: str) -> str:
    """Return `EUR yearly revenue` for `annual_revenue_eur`: amounts stay in the currency of the license."""
    period, _, currency = metric.partition("_revenue_")
    if period in _PERIODS and currency:
        return f"{currency.upper()} {_PERIODS[period]} revenue"
    return metric.replace("_", " ")


def derivative_words(term: str) -> str:
    """Return what a fine-tune, merge or quantized copy must carry."""
    kind, _, license_id = term.partition(":")
    entry = license_entry(license_id)
    name = entry.name if entry is not None else license_id
    return _CARRIED.get(kind, "Meet this: {}.").format(name)


def outputs_words(terms: EffectiveTerms) -> str:
    """Return what may be done with what the model writes, and whether models may be trained on it."""
    return f"{_OUTPUTS[terms.outputs]}; training on them: {_TRAINING.get(terms.output_training, terms.output_training)}"


def use_policy_words(terms: EffectiveTerms) -> str:
    """Return where the use policy stands."""
    return _USE_POLICIES.get(terms.use_policy, terms.use_policy)


def checklist(terms: EffectiveTerms) -> tuple[str, ...]:
    """Return everything to do before the artifact is passed on or sold, in sentences, each once."""
    lines = [*map(duty, terms.obligations), *map(threshold_words, terms.thresholds)]
    lines += map(derivative_words, terms.derivative_terms)
    if terms.regions_excluded:
        lines.append(f"Not for people and companies in: {', '.join(terms.regions_excluded)}.")
    if terms.use_policy in ("external", "in-text"):
        lines.append(f"Follow the use policy: {use_policy_words(terms)}.")
    return tuple(dict.fromkeys(lines))


def _number(count: int) -> str:
    for scale, word in _SCALES:
        if count >= scale and count % (scale // 10) == 0:
            return f"{count / scale:g} {word}"
    return f"{count:,}"
