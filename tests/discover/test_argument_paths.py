"""Paths in command lines of real programs."""

import pytest

from weighbridge.discover.argument_paths import argument_paths


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("llama-server -m /m/w --port 1", {"/m/w": True, "1": False}),
        ("llama-server --model /m/w -md /m/draft", {"/m/w": True, "/m/draft": True}),
        ("llama-server --model=/m/w --lora=/m/l --log-file=/tmp/l", {"/m/w": True, "/m/l": True, "/tmp/l": False}),
        ("vllm serve /m/folder --dtype auto", {"serve": False, "/m/folder": True, "auto": False}),
        ("python -m http.server", {"http.server": True}),
        ("python run.py --ckpt-path /m/w", {"run.py": False, "/m/w": True}),
        ("koboldcpp --model_path /m/w", {"/m/w": True}),
        ("cp /m/w /backup", {"/m/w": False, "/backup": False}),
        ("tar --file=/x -cf /y", {"/x": False, "/y": False}),
        ("sd --diffusion-model /m/w --VAE /m/v", {"/m/w": True, "/m/v": True}),
        ("serve", {}),
        ("serve ''", {}),
    ],
)
def test_paths_and_whether_they_are_called_a_model(line: str, named: dict[str, bool]) -> None:
    arguments = [b"" if word == "''" else word.encode() for word in line.split()]
    assert {one.path.decode(): one.as_model for one in argument_paths(arguments)} == named


def test_no_arguments_no_paths() -> None:
    assert argument_paths(()) == []


def test_long_command_lines_are_cut() -> None:
    assert len(argument_paths([b"cc", *(b"%d.o" % number for number in range(10_000))])) == 255
    assert argument_paths([b"cc", b"x" * 5000]) == []
