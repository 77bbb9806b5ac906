"""The group of commands about the hub."""


def test_it_lists_its_commands():
    from weighbridge.cli.hub import command

    assert set(command.list_commands(None)) >= {"setup"}
    for name in command.list_commands(None):
        assert command.get_command(None, name).help
