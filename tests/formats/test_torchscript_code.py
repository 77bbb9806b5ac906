"""Operations that reach beyond tensors."""

from weighbridge.formats.torchscript_code import operations


def test_files_and_foreign_operators() -> None:
    text = b"torch.save(x, y)\ntorch . save (x, z)\nops.image.read_file(p)\nops.lib.run(x)\n"
    assert {item.operation: item.reaches for item in operations(text, "a")} == {
        "torch.save": True,
        "ops.image.read_file": True,
        "ops.lib.run": False,
    }


def test_plain_mathematics() -> None:
    assert operations(b"torch.relu(x)\nops.aten.add(x, y)\nops.prim.NumToTensor(1)\n_0.save\n", "a") == ()
