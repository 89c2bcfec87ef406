"""Settings: each bad value stops the start with one sentence that names the variable."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings, load_settings
from tools import settings_page

TOKEN = "123456:abcdefghijklmnop"
HOUSE = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of this machine, and no `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_a_token_is_enough_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    settings = load_settings()
    assert settings.telegram_bot_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)


def test_a_file_named_env_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nCHECKIN_MINUTES=5\nOTHER_PROGRAM=1\n")
    assert load_settings().checkin_minutes == 5


@pytest.mark.parametrize("value", ["7,8", "7, 8", "7 8 "])
def test_people_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("ALLOWED_USERS", value)
    assert load_settings().allowed_users == {7, 8}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", ""),
        ("TELEGRAM_BOT_TOKEN", "abc"),
        ("TELEGRAM_BOT_TOKEN", "123:short"),
        ("TELEGRAM_API_URL", "127.0.0.1:8081"),
        ("TELEGRAM_API_URL", "ftp://example.org"),
        ("TELEGRAM_API_URL", "http://localhost:99999"),
        ("TELEGRAM_API_URL", "http://[::1"),
        ("DEEZER_API_URL", "deezer"),
        ("RECCOBEATS_API_URL", "reccobeats"),
        ("TOKEN_KEYS", "not a key"),
        ("SPOTIFY_CLIENT_ID", "without keys"),
        ("DATABASE_URL", "attune.db"),
        ("DATABASE_URL", "mysql://localhost/attune"),
        ("DATABASE_URL", "sqlite+aiosqlite:///"),
        ("DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
        ("ALLOWED_USERS", "ana"),
        ("RETENTION_DAYS", "0"),
        ("CHECKIN_MINUTES", "0"),
        ("CHECKIN_MINUTES", "soon"),
        ("WORKERS", "0"),
        ("WORKERS", "1.5"),
        ("THREADS", "-1"),
        ("QUEUE_LIMIT", "0"),
        ("DEADLINE_SECONDS", "0"),
        ("WEIGHTS", "/nowhere/at/all"),
        ("LOG_LEVEL", "CHATTY"),
    ],
)
def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=f"^{name} makes no sense: [^\n]+$"):
        load_settings()


def test_without_a_token_it_says_where_to_get_one() -> None:
    with pytest.raises(BadSettings, match=r"^TELEGRAM_BOT_TOKEN is not set: .*@BotFather"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("CHECKIN_MINUTES", "never"), ("DATABASE_URL", "sqlite+aiosqlite:////dev/null/attune.db")],
)
def test_the_process_exits_with_2_and_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot"],
        env={"PYTHONPATH": str(HOUSE), "TELEGRAM_BOT_TOKEN": TOKEN, name: value},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(name)
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("setting", ["FACE_MODEL", "VOICE_MODEL"])
def test_a_model_that_cannot_be_had_stops_the_start_with_its_name(setting: str, tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(HOUSE), "TELEGRAM_BOT_TOKEN": TOKEN, "HF_HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "bot"],
        env=environment | {setting: "somebody/model", "HF_HUB_OFFLINE": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert ended.stderr.startswith("The models cannot be loaded: somebody/model: neither a folder nor")


def test_containers_set_only_what_is_a_setting_and_check_the_file_that_is_touched() -> None:
    compose, dockerfile = ((HOUSE / name).read_text() for name in ("compose.yaml", "Dockerfile"))
    named = re.findall(r"^      ([A-Z_]+): ", compose, re.MULTILINE)
    named += re.findall(r"^(?:ENV|   ) ([A-Z]+_(?:URL|FILE))=", dockerfile, re.MULTILINE)
    assert {"TELEGRAM_BOT_TOKEN", "DATABASE_URL", "HEALTH_FILE"} <= set(named)
    assert {name.lower() for name in named} <= set(Settings.model_fields)
    touched = re.search(r"HEALTH_FILE=(\S+)", dockerfile)
    assert touched is not None
    assert f"getmtime('{touched[1]}')" in dockerfile


def test_the_image_is_built_from_what_is_there_and_sent() -> None:
    dockerfile, ignored = ((HOUSE / name).read_text() for name in ("Dockerfile", ".dockerignore"))
    copied = {
        name
        for names in re.findall(r"^COPY (?!--)(.+) \S+$", dockerfile, re.MULTILINE)
        for name in names.split()
    }
    assert {"bot", "constraints.txt"} <= copied
    assert copied == set(re.findall(r"^!(\S+)$", ignored, re.MULTILINE))
    assert [name for name in copied if not (HOUSE / name).exists()] == []


def test_the_page_of_settings_says_what_the_class_says() -> None:
    assert settings_page.PAGE.read_text(encoding="utf-8") == settings_page.page(), (
        "run python -m tools.settings_page"
    )


def test_the_page_lists_every_setting_with_a_meaning() -> None:
    listed = dict(re.findall(r"^\| `([A-Z0-9_]+)` \|.*\| (.+) \|$", settings_page.page(), re.MULTILINE))
    assert list(listed) == [name.upper() for name in Settings.model_fields]
    assert [name for name, meaning in listed.items() if not meaning.endswith(".")] == []
