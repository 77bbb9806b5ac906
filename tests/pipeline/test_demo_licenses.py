from weighbridge.host.fake import FakeMachine
from weighbridge.model.license import Commercial
from weighbridge.pipeline.demo_licenses import add_three_models
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan


def test_each_of_the_three_says_something_else():
    machine = FakeMachine()
    add_three_models(machine, b"/home/ada/three")
    found = scan(machine, Options(roots=(b"/home/ada",))).artifacts
    assert [item.format for item in found] == ["gguf", "safetensors", "safetensors"]
    assert [item.license.concluded for item in found] == ["apache-2.0", "cc-by-nc-4.0", "flux-1-dev-nc"]
    assert Commercial.ALLOWED not in {item.license.commercial for item in found}


def test_the_text_may_be_another():
    machine = FakeMachine()
    add_three_models(machine, b"/home/ada/three", b"words that nobody knows\n")
    third = scan(machine, Options(roots=(b"/home/ada",))).artifacts[2]
    assert third.license.commercial is Commercial.PROHIBITED
    assert third.license.declared[-1].value == "words that nobody knows"
