"""`wb hub serve` is `wb serve`, down to its flags."""

from weighbridge.cli.hub_serve import command
from weighbridge.cli.serve import command as serve


def test_it_is_the_same_server():
    assert command.callback is serve.callback
    assert command.params == serve.params
