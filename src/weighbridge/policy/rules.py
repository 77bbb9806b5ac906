"""Rules: one Cedar policy each, with its place in the file, its annotations and the attributes it asks about.

In: the text of a `.cedar` file. Out: `Rule`s in file order. Cedar's own parser reads the syntax; what stands here
splits the file so that every rule and every error has a line, and bounds what reaches that parser.
Source: Cedar policy language reference, "Policy syntax" and "JSON policy format".
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.model.verdict import Decision
from weighbridge.policy.engine import cedarpy

MOST_BYTES = 256 * 1024
_LONGEST_RULE = 6_000
_DEEPEST = 48
"""Cedar's parser recurses on the machine stack; these two keep it far away from the end of it."""
_MOST_RULES = 2_000

_TOKEN = re.compile(r'//[^\n]*|"(?:[^"\\\n]|\\.)*"|[()\[\]{};]|\n|"')
"""The last alternative is a quotation mark that is not closed on its line."""


COMPUTED = "computed"
"""Stands in `Rule.attributes` for an attribute of something that is not a variable; `validate` refuses it."""


@record
class Rule:
    """One rule as the engine and the reader need it."""

    id: str
    effect: str
    """`permit` or `forbid`."""
    decision: Decision
    """What follows when it holds: `allow` for a permit; `deny`, `pending` or `warn` for a forbid."""
    severity: str
    reason: str
    remedy: str
    clause: str
    """Its sentence in the acceptable-use page; empty if it has none."""
    control: str
    """Which requirement of a standard it serves; empty if none."""
    topic: str
    """Name of its file without `.cedar`."""
    actions: tuple[str, ...]
    """The actions that it is about; empty for all."""
    principals: tuple[str, ...]
    resources: tuple[str, ...]
    """Entity types that its head names; empty for all."""
    attributes: tuple[tuple[str, str], ...]
    """Everything it asks about, as (`resource`, `license.effective.commercial`), in order of first use."""
    comparisons: tuple[tuple[str, str, str | int | bool], ...]
    """Literals that it compares an attribute with: (`resource`, path, value)."""
    patterns: tuple[tuple[str, str], ...]
    """Attributes that it compares with a pattern (`like`)."""
    entities: tuple[tuple[str, str], ...]
    """Entities that its conditions name: (`Action`, `ship`)."""
    file: str
    line: int
    source: str
    """Its text in the file, from the first annotation to the semicolon."""
    parsed: Any
    """Cedar's JSON form."""


@record
class Piece:
    """The text of one rule and where it begins."""

    file: str
    line: int
    text: str


def split(file: str, text: str) -> Iterator[Piece]:
    """Yield the rules of a file in order. Raises `WeighbridgeError` for what no parser should be given."""
    start, line, begin, at = 0, 1, 0, 0
    opened: list[tuple[str, int]] = []
    for found in _TOKEN.finditer(text):
        mark = found.group()
        if begin == 0 and (text[at : found.start()].strip() or mark[0] not in "/\n"):
            begin = line
        at = found.end()
        if mark == '"':
            _refuse(file, line, "has a quotation mark that is not closed on its line", 'Close the text with `"`.')
        elif mark == "\n":
            line += 1
        elif mark in "([{":
            opened.append((mark, line))
            if len(opened) > _DEEPEST:
                _refuse(file, line, f"nests brackets deeper than {_DEEPEST}", "Split the rule into several.")
        elif mark in ")]}":
            if not opened or opened.pop()[0] + mark not in ("()", "[]", "{}"):
                _refuse(file, line, f"has a `{mark}` that nothing opened", "Remove it, or add its partner.")
        elif mark == ";":
            if opened:
                bracket, where = opened[-1]
                _refuse(file, where, f"opens a `{bracket}` that is not closed", "Close it before the semicolon.")
            yield Piece(file=file, line=begin, text=_without_leading_comments(text[start:at]))
            start, begin = at, 0
    if begin or text[at:].strip():
        _refuse(file, begin or line, "ends inside a rule", "End every rule with `;`.")


def read_rules(file: str, content: bytes) -> Iterator[Rule]:
    """Yield the rules of one `.cedar` file; what they say is for `validate` to judge.

    Raises `WeighbridgeError` with file and line for everything that is not Cedar.
    """
    if len(content) > MOST_BYTES:
        raise WeighbridgeError(
            "E-policy-syntax", f"{file} is larger than {MOST_BYTES // 1024} KB.", "Split it by topic."
        )
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _refuse(file, line, "is not UTF-8 text", "Save the file as UTF-8.")
    for count, piece in enumerate(split(file, text)):
        if count >= _MOST_RULES:
            _refuse(file, piece.line, f"holds more than {_MOST_RULES:,} rules", "Ask about groups, not single things.")
        yield _rule(piece)


def annotations(parsed: Any) -> dict[str, str]:  # noqa: ANN401  (Cedar's JSON form)
    """Return the annotations of a parsed rule; an annotation without a value is empty."""
    return {name: value or "" for name, value in (parsed.get("annotations") or {}).items()}


def parse(piece: Piece) -> Any:  # noqa: ANN401  (Cedar's JSON form)
    """Return Cedar's JSON form of one rule. Raises `WeighbridgeError` with the line."""
    if len(piece.text) > _LONGEST_RULE:
        _refuse(piece.file, piece.line, f"has a rule longer than {_LONGEST_RULE:,} characters", "Split the rule.")
    if piece.text == ";":
        _refuse(piece.file, piece.line, "holds a semicolon without a rule", "Remove the semicolon.")
    try:
        document = json.loads(cedarpy.policies_to_json_str(piece.text))
    except ValueError as error:
        problem = str(error).strip().splitlines()[0][:200]
        _refuse(piece.file, _line_of(problem, piece), f"is not valid Cedar: {problem}", _syntax_hint(problem))
    except RecursionError:
        _refuse(piece.file, piece.line, "has a rule with too many steps in one expression", "Split the rule.")
    if document["templates"]:
        _refuse(piece.file, piece.line, "has a template (`?principal`, `?resource`)", "Write out whom it is about.")
    return next(iter(document["staticPolicies"].values()))


def _rule(piece: Piece) -> Rule:
    parsed = parse(piece)
    notes = annotations(parsed)
    permit = parsed["effect"] == "permit"
    wanted = notes.get("decision", "deny")
    decision = Decision(wanted) if wanted in ("deny", "pending", "warn") else Decision.DENY
    asked, compared, patterns, named = _walk(parsed["conditions"])
    return Rule(
        id=notes.get("id", ""),
        effect=parsed["effect"],
        decision=Decision.ALLOW if permit else decision,
        severity=notes.get("severity", ""),
        reason=notes.get("reason", ""),
        remedy=notes.get("remedy", ""),
        clause=notes.get("clause", ""),
        control=notes.get("control", ""),
        topic=piece.file.rsplit("/", 1)[-1].removesuffix(".cedar"),
        actions=_action_names(parsed["action"]),
        principals=_types(parsed["principal"]),
        resources=_types(parsed["resource"]),
        attributes=asked,
        comparisons=compared,
        patterns=patterns,
        entities=named,
        file=piece.file,
        line=piece.line,
        source=piece.text,
        parsed=parsed,
    )


def _without_leading_comments(body: str) -> str:
    lines = body.split("\n")
    while lines and (not lines[0].strip() or lines[0].strip().startswith("//")):
        lines.pop(0)
    return "\n".join(lines).strip()


def _line_of(problem: str, piece: Piece) -> int:
    """Return the line of what Cedar complains about: it names the token, never the line."""
    for pattern in (r"`([^`]+)`", r": (\w+)$"):
        named = re.search(pattern, problem)
        if named is None:
            continue
        position = piece.text.rfind(named.group(1))
        if position >= 0:
            return piece.line + piece.text.count("\n", 0, position)
    return piece.line


def _syntax_hint(problem: str) -> str:
    if "duplicate annotation" in problem:
        return "Keep one of the two annotations."
    if "policy condition" in problem:
        return "Conditions start with `when` or `unless`."
    return "A rule reads: annotations, `permit` or `forbid`, (principal, action, resource), `when { ... };`."


def _refuse(file: str, line: int, what: str, hint: str) -> NoReturn:
    raise WeighbridgeError("E-policy-syntax", f"{file}:{line} {what}.", hint)


def _entities(scope: Any) -> list[Any]:  # noqa: ANN401  (Cedar's JSON form)
    return [scope["entity"]] if "entity" in scope else list(scope.get("entities", ()))


def _action_names(scope: Any) -> tuple[str, ...]:  # noqa: ANN401  (as above)
    return tuple(entity["id"] for entity in _entities(scope))


def _types(scope: Any) -> tuple[str, ...]:  # noqa: ANN401  (as above)
    if "entity_type" in scope:
        return (str(scope["entity_type"]),)
    return tuple(dict.fromkeys(str(entity["type"]) for entity in _entities(scope)))


_Asked = tuple[tuple[str, str], ...]
_Compared = tuple[tuple[str, str, str | int | bool], ...]


def _walk(conditions: Any) -> tuple[_Asked, _Compared, _Asked, _Asked]:  # noqa: ANN401  (as above)
    """Return what the conditions ask, literals they compare with, attributes under `like`, and entities they name."""
    asked: dict[tuple[str, str], None] = {}
    compared: dict[tuple[str, str, str | int | bool], None] = {}
    patterns: dict[tuple[str, str], None] = {}
    named: dict[tuple[str, str], None] = {}
    waiting: list[Any] = [condition["body"] for condition in reversed(conditions)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
            continue
        if not isinstance(node, dict):
            continue
        for operator, operands in node.items():
            path = _asked(operator, node, operands)
            if path is not None:
                asked[path] = None
            elif operator in (".", "has"):
                asked[COMPUTED, ""] = None
            elif operator == "__entity":
                named[str(operands["type"]), str(operands["id"])] = None
            elif operator == "like":
                patterns.update(dict.fromkeys(filter(None, [_path(operands["left"])])))
                waiting.append(operands["left"])
            elif operator == "Value":
                waiting.append(operands)
            elif isinstance(operands, dict):
                compared.update(dict.fromkeys(_comparison(operands)))
                waiting.extend(reversed(list(operands.values())))
            elif isinstance(operands, list):
                waiting.extend(reversed(operands))
    return tuple(asked), tuple(compared), tuple(patterns), tuple(named)


def _asked(operator: str, node: Any, operands: Any) -> tuple[str, str] | None:  # noqa: ANN401  (as above)
    """Return the attribute that `node` reads or asks the presence of, if it does that and nothing else."""
    if operator == ".":
        return _path(node)
    if operator != "has":
        return None
    base = _path(operands["left"], allow_root=True)
    if base is None:
        return None
    variable, outer = base
    return variable, f"{outer}.{operands['attr']}" if outer else str(operands["attr"])


def _comparison(operands: Any) -> Iterator[tuple[str, str, str | int | bool]]:  # noqa: ANN401  (as above)
    left, right = operands.get("left"), operands.get("right")
    for one, other in ((left, right), (right, left)):
        path = _path(one)
        if path is None:
            continue
        for value in _literals(other):
            yield (*path, value)


def _literals(node: Any) -> Iterator[str | int | bool]:  # noqa: ANN401  (as above)
    if isinstance(node, dict) and "Value" in node:
        value = node["Value"]
        if isinstance(value, str | int | bool):
            yield value
        elif isinstance(value, list):
            yield from (item for item in value if isinstance(item, str | int | bool))
    elif isinstance(node, dict) and "Set" in node:
        for item in node["Set"]:
            yield from _literals(item)


def _path(node: Any, *, allow_root: bool = False) -> tuple[str, str] | None:  # noqa: ANN401  (as above)
    """Return (`resource`, `license.declared`) for an attribute of a variable, however deep; None for anything else."""
    steps: list[str] = []
    while isinstance(node, dict) and "." in node:
        inner = node["."]
        steps.append(inner["attr"])
        node = inner["left"]
    if not isinstance(node, dict) or "Var" not in node or not (steps or allow_root):
        return None
    return str(node["Var"]), ".".join(reversed(steps))
