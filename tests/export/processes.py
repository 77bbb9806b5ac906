"""Processes that are agents, and those that only look like them."""

PROCESSES = (
    ("q", "/home/ann/.local/bin/q", "q chat", True),
    ("qbittorrent", "/home/ann/.local/bin/qbittorrent", "qbittorrent", False),
    ("node", "/usr/bin/node", "node /usr/local/bin/gemini -p x", True),
    ("node", "/usr/bin/node", "node /home/ann/app/node_modules/.bin/gemini", True),
    ("node", "/usr/bin/node", "node /usr/bin/geminid", False),
    ("vim", "/usr/bin/vim", "vim /usr/local/bin/gemini", False),
    ("rg", "/usr/bin/rg", "rg x /home/ann/node_modules/cline/src", False),
    ("language_server", "/opt/w/language_server_linux_x64", "language_server --x", True),
    ("language_server", "/opt/elixir-ls/language_server.sh", "language_server", False),
    ("claude", "/opt/claude", "claude", True),
    ("sh", "/usr/bin/sh", "sh -c claude", False),
)
"""Name, path of the program, command line, and whether an agent is it."""
ARGUMENTS = (
    ("claude --dangerously-skip-permissions", True),
    ("claude --dangerously-skip-permissions -p x", True),
    ("claude --permission-mode bypassPermissions", True),
    ("claude --permission-mode=bypassPermissions -p x", True),
    ("claude --dangerously-skip-permissions-not", False),
    ("claude --permission-mode plan", False),
    ("claude -p x", False),
)
"""Command lines of Claude Code, and whether they switch asking off."""
