"""Apple code signatures of products, `TEAM:SIGNING-ID` by catalog id.

Source: what `codesign -dv` says of the vendors' notarized releases, as several independent projects that pin them state
it (installers, updaters and launch rules on GitHub); checked 2026-11-21, confidence peer. A product without an entry is
told by path or name.
"""

SIGNERS: dict[str, tuple[str, ...]] = {
    "claude_code": ("Q6L2SF6YDW:com.anthropic.claude-code",),
    "claude_desktop": ("Q6L2SF6YDW:com.anthropic.claudefordesktop",),
    "codex": ("2DC432GLL2:codex", "2DC432GLL2:com.openai.codex"),
    "cursor": ("VDXQ22DGB9:com.todesktop.230313mzl4w4u92",),
    "ollama": ("3MU9H2V9Y9:ai.ollama.ollama", "3MU9H2V9Y9:com.electron.ollama"),
    "windsurf": ("83Z2LHX6XW:com.exafunction.windsurf",),
}
