import random
import string

import pytest

from weighbridge.discover.compiled import compiled_agents
from weighbridge.discover.fingerprint import Fingerprints
from weighbridge.discover.keys import format_of, is_secret, key_formats, keys_in, keys_in_environment, named_secrets

PRINTS = Fingerprints(b"k" * 32, kept=True)
ANY = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def text(alphabet: str, length: int, seed: int = 1) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=length))


KEYS = {
    "anthropic_api": "sk-ant-api03-" + text(ANY, 93) + "AA",
    "anthropic_admin": "sk-ant-admin01-" + text(ANY, 93) + "AA",
    "anthropic_oauth": "sk-ant-oat01-" + text(ANY, 95),
    "openai": "sk-proj-" + text(ANY, 74) + "T3BlbkFJ" + text(ANY, 74),
    "openai_legacy": "sk-" + text(ANY, 20) + "T3BlbkFJ" + text(ANY, 20),
    "google_api": "AIza" + text(ANY, 35),
    "huggingface": "hf_" + text(ANY, 34),
    "huggingface_org": "api_org_" + text(ANY, 34),
    "groq": "gsk_" + text(ANY, 52),
    "xai": "xai-" + text(ANY, 80),
    "openrouter": "sk-or-v1-" + text(HEX, 64),
    "perplexity": "pplx-" + text(ANY, 48),
    "replicate": "r8_" + text(ANY, 37),
    "nvidia": "nvapi-" + text(ANY, 64),
    "langsmith": "lsv2_pt_" + text(HEX, 32) + "_" + text(HEX, 10),
    "langfuse_secret": "sk-lf-0f8fad5b-d9cb-469f-a165-70867728950e",
    "pinecone": "pcsk_" + text(ANY, 6) + "_" + text(ANY, 63),
    "databricks": "dapi" + text(HEX, 32),
    "bedrock_long": "ABSK" + text(ANY, 128),
    "bedrock_short": "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t" + text(ANY, 100),
    "elevenlabs": "sk_" + text(HEX, 48),
    "deepseek": "sk-" + text(string.ascii_lowercase + string.digits, 32),
    "cohere": text(ANY, 40),
    "azure_openai": text(HEX, 32),
    "wandb": text(HEX, 40),
    "assemblyai": text(string.ascii_lowercase + string.digits, 32),
    "deepgram": text(string.ascii_lowercase + string.digits, 40),
    "mistral": text(ANY, 32),
    "cerebras": "csk-" + text(string.ascii_lowercase + string.digits, 48),
    "tavily": "tvly-" + text(ANY, 32),
    "fireworks": "fw_" + text(ANY, 24),
    "together": "tgp_v1_" + text(ANY, 43),
    "wandb_v1": "wandb_v1_" + text(ANY, 77),
}
"""A key of every format, made from a seed."""


def name_for(key_id: str) -> str:
    one = next(one for one in key_formats() if one.id == key_id)
    return one.names[0] if one.names else f"{one.near[0] if one.near else key_id}_api_key".upper().replace("-", "_")


def test_every_format_has_a_sample() -> None:
    assert {one.id for one in key_formats()} == set(KEYS)
    assert len(KEYS) == 33


def test_a_form_that_nobody_confirmed_counts_only_under_a_name() -> None:
    doubtful = {key_id for key_id, one in compiled_agents()["key_formats"].items() if one["confidence"] == "unverified"}
    assert {one.id for one in key_formats() if not one.near} & doubtful == set()


@pytest.mark.parametrize("key_id", KEYS)
@pytest.mark.parametrize("shape", ['export {0}="{1}"', "{0}={1}", '  "{0}": "{1}",', "{0}: {1}"])
def test_a_key_is_found_with_its_line_and_name(key_id: str, shape: str) -> None:
    name = name_for(key_id)
    line = shape.format(name, KEYS[key_id])
    (found,) = keys_in(f"# nothing\n{line}\n".encode(), PRINTS)
    assert (found.format, found.line, found.name) == (key_id, 2, name)
    assert found.fingerprint == PRINTS.of(KEYS[key_id])


@pytest.mark.parametrize("key_id", KEYS)
def test_the_value_is_nowhere_in_what_is_found(key_id: str) -> None:
    value = KEYS[key_id]
    found = [*keys_in(f"{name_for(key_id)}={value}".encode(), PRINTS)]
    assert found
    assert value not in repr(found)
    assert value[8:24] not in repr(found)


NEAR_MISSES = {
    "a digest in a lock file": f"integrity: {text(HEX, 40)} # wandb 0.17",
    "a commit of the library": f"git+https://host/wandb/wandb@{text(HEX, 40)}",
    "a model id": "model = mistral-large-latest",
    "an example": "OPENAI_API_KEY=sk-proj-" + "x" * 60 + "T3BlbkFJ" + "x" * 60,
    "a placeholder": "HF_TOKEN=hf_" + "X" * 34,
    "too short": "HF_TOKEN=hf_" + text(ANY, 20),
    "too long": "HF_TOKEN=hf_" + text(ANY, 60),
    "inside a longer word": "x" + KEYS["huggingface"],
    "a hash named after nothing": f"sha1 = {text(HEX, 40)}",
    "a name in a program": "key = fw_updateFirmwareBlockTable12",
    "prose": "deepgram and cohere and mistral are services",
    "a checksum of azure": f"checksum: {text(HEX, 32)}  see x.openai.azure.com",
    "a uuid": "azure_openai_deployment_key: 0f8fad5b-d9cb-469f-a165-70867728950e",
}


@pytest.mark.parametrize("line", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_near_misses(line: str) -> None:
    assert [*keys_in(line.encode(), PRINTS)] == []


def test_random_text_gives_no_flood() -> None:
    lines = "\n".join(
        f"{text(ANY, 8, n)} {text(HEX, 40, n)} {text(ANY, 40, n)} {text(ANY, 32, n)}" for n in range(3000)
    )
    assert [*keys_in(lines.encode(), PRINTS)] == []


def test_long_lines_and_many_keys_are_bounded() -> None:
    assert [*keys_in(b"hf_" * 2_000_000, PRINTS)] == []
    many = "\n".join("hf_" + text(ANY, 34, n) for n in range(2000))
    assert len([*keys_in(many.encode(), PRINTS)]) == 500


@pytest.mark.parametrize("before", [0, 60_000, 65_500, 200_000, 1_000_000])
def test_a_key_anywhere_in_one_long_line_is_found_once(before: int) -> None:
    (found,) = keys_in(
        b'{"x": "' + b"y " * (before // 2) + f'", "HF_TOKEN": "{KEYS["huggingface"]}"}}'.encode(), PRINTS
    )
    assert (found.format, found.line) == ("huggingface", 1)


def test_variables_whose_name_says_it() -> None:
    lines = b'ANTHROPIC_API_KEY="unknown-but-secret-1"\nOPENAI_API_KEY=${KEY}\nOTHER=unknown-but-secret-2\nHF_TOKEN=\n'
    (found,) = named_secrets(lines, PRINTS, ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "HF_TOKEN"))
    assert (found.format, found.provider, found.name, found.line) == ("by-name", "Anthropic", "ANTHROPIC_API_KEY", 1)


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("GITHUB_TOKEN", "some-long-token", True),
        ("DB_PASSWORD", "hunter22", True),
        ("DATABASE_URL", "postgres://ada:hunter22@db/x", True),
        ("DATABASE_URL", "postgres://db/x", False),
        ("GITHUB_TOKEN", "${GITHUB_TOKEN}", False),
        ("GITHUB_TOKEN", "your-token-here", False),
        ("KEY_FILE_TOKEN", "/run/secrets/token", False),
        ("LOG_LEVEL", "debugging", False),
        ("PASSWORD", "short", False),
        ("TOKENIZER", "cl100k_base", False),
        ("MAX_TOKENS", "100000000", False),
        ("API_KEY_HEADER", "X-Api-Key", False),
        ("SECRET_NAME", "production-database", False),
        ("TOKEN_FILE", "C:\\secrets\\token", False),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMIK7MDENG", True),
        ("CLIENT_SECRET", "abc-def-ghi-1", True),
    ],
)
def test_what_counts_as_a_secret_that_is_written_out(name: str, value: str, secret: bool) -> None:
    assert is_secret(name, value) == secret


def test_environments() -> None:
    found = keys_in_environment(
        {"HF_TOKEN": KEYS["huggingface"], "OPENAI_API_KEY": "made-up-secret", "PATH": "/bin", "X": KEYS["groq"]}, PRINTS
    )
    assert [(one.format, one.name) for one in found] == [
        ("huggingface", "HF_TOKEN"),
        ("by-name", "OPENAI_API_KEY"),
        ("groq", "X"),
    ]


def test_a_mistake_in_the_table_is_named() -> None:
    with pytest.raises(ValueError, match="unknown key 'regex'"):
        format_of("x", {"regex": ""})
    with pytest.raises(ValueError, match="missing key 'checked'"):
        format_of("x", {})
