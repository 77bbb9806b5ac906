"""Whole tables of answers are in test_server_identity_decide.py; here stands what speaks for and against a product."""

import json

from weighbridge.discover.server_evidence import ServerEvidence
from weighbridge.discover.server_product_decide import Owner, judge
from weighbridge.host.live import HttpAnswer


def evidence(answers, server=""):
    made = ServerEvidence()
    for path, content in answers.items():
        made.add(path, HttpAnswer(200, {"server": server}, json.dumps(content).encode()))
    return made


def models(owner):
    return {"object": "list", "data": [{"id": "m", "object": "model", "owned_by": owner}]}


def test_nothing_heard_is_nothing_judged():
    judgment = judge(Owner(runtime="vllm", certain=True), ServerEvidence())
    assert (judgment.product, judgment.reasons, judgment.doubt) == (None, (), None)


def test_a_name_of_its_own_is_believed():
    judgment = judge(Owner(), evidence({"/v1/models": models("vllm")}))
    assert (judgment.product, judgment.reasons) == ("vllm", ("owned_by vllm at /v1/models",))


def test_a_name_is_not_believed_if_a_path_that_it_always_answers_says_something_else():
    judgment = judge(Owner(), evidence({"/v1/models": models("vllm"), "/version": {"other": 1}}))
    assert judgment.product is None
    assert judgment.doubt == "says that it is vLLM, but does not answer like it at /version"


def test_two_names_are_no_name():
    both = {"object": "list", "data": [*models("vllm")["data"], *models("llamacpp")["data"]]}
    judgment = judge(Owner(), evidence({"/v1/models": both}))
    assert judgment.product is None
    assert judgment.doubt.startswith("owned_by llamacpp at /v1/models, but owned_by vllm")


def test_a_certain_program_decides_what_answers_leave_open():
    open_answers = evidence({"/v1/models": {"object": "list", "data": []}})
    owner = Owner(runtime="mlx_lm", certain=True, reasons=("program mlx_lm.server",))
    assert judge(owner, open_answers).product == "mlx_lm"
    assert judge(owner, open_answers).reasons == owner.reasons
    assert judge(Owner(runtime="mlx_lm"), open_answers).product is None
