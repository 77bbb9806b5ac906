import pytest

from weighbridge.formats.quantization import bits_per_value, mix_name
from weighbridge.formats.tensor_table import Tensor


def table(*types: str) -> list[Tensor]:
    return [Tensor(f"blk.{at}.w", dtype, (256, 4)) for at, dtype in enumerate(types)]


@pytest.mark.parametrize(
    ("types", "name"),
    [
        (("Q4_K", "Q4_K", "Q6_K"), "Q4_K_M"),
        (("Q4_K", "Q4_K", "Q5_K"), "Q4_K_S"),
        (("Q5_K", "Q5_K", "Q6_K"), "Q5_K_M"),
        (("Q5_K", "Q5_K"), "Q5_K_S"),
        (("Q3_K", "Q3_K", "Q4_K", "Q5_K"), "Q3_K_M"),
        (("Q3_K", "Q3_K", "Q5_K"), "Q3_K_L"),
        (("Q3_K",), "Q3_K_S"),
        (("Q2_K", "Q2_K", "Q3_K"), "Q2_K"),
        (("Q2_K", "Q2_K", "Q4_K"), "Q2_K_S"),
        (("Q6_K", "Q6_K", "F16"), "Q6_K"),
        (("BF16",), "BF16"),
    ],
)
def test_mixes_have_their_names(types, name):
    assert mix_name(table(*types)) == name


def test_embeddings_and_vectors_do_not_decide():
    outer = [Tensor("token_embd.weight", "F16", (1000, 1000)), Tensor("blk.0.norm.weight", "F32", (100_000,))]

    assert mix_name([*table("Q4_K"), *outer]) == "Q4_K_S"


def test_nothing_has_no_name():
    assert mix_name([]) is None
    assert bits_per_value([]) is None


def test_bits_per_value():
    assert bits_per_value(table("F16")) == 16
    assert bits_per_value(table("Q4_K", "Q6_K")) == pytest.approx((4.5 + 6.5625) / 2)
    assert bits_per_value(table("TYPE137")) is None
