import pytest

from weighbridge.lineage.names import canonical, permuted_between_containers


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("model.layers.3.self_attn.q_proj.weight", "blk.3.attn_q.weight"),
        ("blk.3.attn_q.weight", "blk.3.attn_q.weight"),
        ("language_model.model.layers.0.mlp.down_proj.weight", "blk.0.ffn_down.weight"),
        ("layers.1.feed_forward.w3.weight", "blk.1.ffn_up.weight"),
        ("model.layers.2.block_sparse_moe.experts.0.w1.weight", "blk.2.ffn_gate_exps.weight"),
        ("model.layers.2.mlp.experts.7.up_proj.weight", "blk.2.ffn_up_exps.weight.7"),
        ("model.embed_tokens.weight", "token_embd.weight"),
        ("lm_head.weight", "output.weight"),
        ("model.norm.weight", "output_norm.weight"),
        ("something.else", "something.else"),
    ],
)
def test_one_name_whichever_container(name, expected):
    assert canonical(name) == expected


def test_any_name_is_taken_and_bounded():
    assert len(canonical("x" * 10_000)) == 200
    assert canonical("") == ""


def test_queries_and_keys_are_reordered_values_are_not():
    assert permuted_between_containers("blk.0.attn_k.weight")
    assert not permuted_between_containers("blk.0.attn_v.weight")


def test_a_vision_tower_is_not_taken_for_the_language_model():
    name = "vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight"
    assert canonical(name) == name
    assert canonical("language_model.model.layers.0.self_attn.q_proj.weight") == "blk.0.attn_q.weight"
