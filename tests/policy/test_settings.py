from weighbridge.policy.settings import Logging, Retention, Settings


def test_what_is_not_said_is_ordinary():
    settings = Settings(name="small", version=1, title="A small policy", mode="observe")
    assert settings.retention == Retention()
    assert settings.retention.content == 0
    assert settings.logging == Logging()
    assert settings.sources == settings.accepted == ()
