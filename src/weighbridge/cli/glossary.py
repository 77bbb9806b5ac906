"""The words of Weighbridge, the same in code, command line and documentation, and words that they replace."""

GLOSSARY: dict[str, str] = {
    "artifact": "A model file or bundle (weights, adapter, tokenizer, checkpoint), identified by its digest.",
    "assessment": "The one answer per artifact: clean, review, incomplete, hostile, malicious or not-a-model.",
    "check": "A rule that turns what a reader noticed into findings. It never parses bytes.",
    "checkpoint": "The signed head of a ledger: how many records it has, and the hash over all of them.",
    "data class": "How sensitive text is: public, internal, confidential, restricted, and regulated kinds.",
    "effective terms": "The strictest license terms over the artifact and all its ancestors.",
    "fact": "What a reader took from bytes, with its evidence and grade.",
    "finding": "Something a person should know: check, severity, confidence, evidence and remedy.",
    "grade": "How far a fact can be trusted: measured, then signed, then declared.",
    "ledger": "The append-only log of what was observed on a machine, in an order that nobody can quietly rewrite.",
    "license terms": "What a license allows, as data.",
    "member": "A file inside an archive; nested archives are joined with `!/`.",
    "observation": "What a reader noticed and a check may judge. It states what stands where, never whether it is bad.",
    "persona": "Who reads a report: regular, or an auditor, who sees every finding.",
    "place": "One path at which an artifact was seen, with its store, and its member when inside an archive.",
    "policy": "A folder of Cedar rules and YAML settings that verdicts follow from.",
    "probe": "Code that knows where one program keeps models, and declares what it reads.",
    "reader": "Code that takes facts and observations from the bytes of one format. It never says bad.",
    "record": "One entry of the ledger: what was observed, when, in which run of the machine, in which network.",
    "remedy": "What to do next, in the imperative. Every finding and every refusal has one.",
    "repository": "A folder of files that are loaded together and judged as a whole.",
    "runtime": "A program that runs models, such as Ollama, llama.cpp or vLLM.",
    "severity": "How bad a finding is if it is true: info, low, medium, high or critical.",
    "sighting": "An artifact at a place on an endpoint at a time.",
    "store": "A folder in which a program keeps models, with a layout that Weighbridge knows.",
    "unexamined": "Something that could not be read, and why: a result like any other.",
    "verdict": "What policy says: allow, warn, pending or deny, with the rules that decided and the remedy.",
    "witness": "Whoever cosigns checkpoints and remembers the largest, so that a rewritten ledger shows.",
}

BANNED: dict[str, str] = {
    "whitelist": "allow-list",
    "blacklist": "deny-list",
    "artefact": "artifact",
    "licence": "license",
    "enrol ": "enroll",
    "quantisation": "quantization",
    "recognise": "recognize",
    "analyse": "inspect",
}
"""Words that are not ours, and what we say instead."""
