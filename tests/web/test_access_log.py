"""Access logs: what the law asks to be kept, and nothing that a person typed (rule 8)."""

import json
import time
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from flask import Flask

from config import Config, WrongSetting
from gongshi.app import create_app
from gongshi.clock import BEIJING
from gongshi.web.access_log import AccessLog, truncated
from web.client import Client

NOON = datetime(2026, 4, 17, 12, 0, tzinfo=BEIJING)
LINE: dict[str, object] = {"method": "GET", "endpoint": "public.home.show", "path": "/", "status": 200}
# What one line may cost a request, in seconds of CPU; and how many times slower a machine under load may be.
COST, SLACK = 50e-6, 3


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


def logs(config: Config) -> Path:
    return config.DATA_DIR / "logs"


def test_every_request_is_one_line(config: Config, client: Client) -> None:
    client.get("/")
    client.get("/healthz")
    client.post("/receipts/", {"number": "HZ-00000-00000", "secret": "0"}, status=404)

    found = lines(logs(config))

    assert [(line["method"], line["path"], line["status"]) for line in found] == [
        ("GET", "/", 200),
        ("GET", "/healthz", 200),
        ("POST", "/receipts/", 404),
    ]
    assert found[0]["endpoint"] == "public.home.show"
    assert all(isinstance(line["bytes"], int) and isinstance(line["ms"], float) for line in found)
    assert set(found[0]) == {"time", "method", "endpoint", "path", "status", "ms", "bytes", "network"}


def test_what_was_typed_into_an_address_is_not_logged(config: Config, client: Client) -> None:
    client.get("/search", q="张三 13800138000")
    client.get("/comments/13800138000/", status=404)
    client.get("/13800138000/张三", status=404)
    client.post(
        "/consultations/13800138000/comment", {"text": "张三"}, status=403, headers={"Sec-Fetch-Site": "cross-site"}
    )

    text = "".join(path.read_text() for path in logs(config).iterdir())

    assert "13800138000" not in text
    assert "\\u5f20" not in text
    assert [line["path"] for line in lines(logs(config))] == [
        "/search",
        "/comments/<comment>/",
        None,
        "/consultations/<number>/comment",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("192.0.2.1", "192.0.2.254", True, id="one /24"),
        pytest.param("192.0.2.1", "192.0.3.1", False, id="two /24"),
        pytest.param("192.0.2.1", "::ffff:192.0.2.9", True, id="written as IPv6"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:ffff::1", True, id="one /48"),
        pytest.param("2001:db8:1::1", "2001:db8:2::1", False, id="two /48"),
        pytest.param("garbage", "", True, id="no addresses"),
    ],
)
def test_networks_are_cut_before_they_are_told_apart(one: str, other: str, same: bool) -> None:
    assert (truncated(one) == truncated(other)) is same


def test_a_network_cannot_be_followed_from_one_day_to_the_next(tmp_path: Path) -> None:
    log = AccessLog(tmp_path, b"key", 190)

    for moment in (NOON, NOON + timedelta(hours=1), NOON + timedelta(days=1)):
        log.write(LINE, "192.0.2.1", moment.timestamp())

    first, second, next_day = (line["network"] for line in lines(tmp_path))
    assert first == second != next_day
    assert "192.0.2" not in "".join(path.read_text() for path in tmp_path.iterdir())


def test_a_new_beijing_day_begins_a_new_file_and_what_is_too_old_goes(tmp_path: Path) -> None:
    kept, gone, strange = (tmp_path / name for name in ("access-2026-04-08.jsonl", "access-2026-04-07.jsonl", "a.txt"))
    for path in (kept, gone, strange):
        path.write_text("{}\n")
    log = AccessLog(tmp_path, b"key", 10)

    log.write(LINE, "192.0.2.1", NOON.replace(hour=23, minute=59).timestamp())
    log.write(LINE, "192.0.2.1", (NOON + timedelta(days=1)).replace(hour=0).timestamp())

    assert {path.name for path in tmp_path.iterdir()} == {
        "a.txt",
        "access-2026-04-08.jsonl",
        "access-2026-04-17.jsonl",
        "access-2026-04-18.jsonl",
    }


def test_a_full_disk_costs_lines_and_no_request(config: Config, app: Flask, client: Client) -> None:
    folder = logs(config)
    folder.mkdir()
    for day in (0, 1):  # The test may run at midnight.
        (folder / f"access-{(datetime.now(BEIJING) + timedelta(days=day)).date()}.jsonl").symlink_to("/dev/full")

    client.get("/")
    client.get("/")


def test_a_folder_that_cannot_be_made_costs_lines_and_no_request(config: Config, app: Flask, client: Client) -> None:
    logs(config).write_text("a file where the folder should be")

    client.get("/")


def _write_many(folder: Path, who: int) -> None:
    log = AccessLog(folder, b"key", 190)
    for number in range(500):
        log.write({**LINE, "path": f"/{who}/{number}/{'x' * 300}"}, "192.0.2.1", NOON.timestamp())


def test_lines_of_several_processes_are_never_mixed(tmp_path: Path) -> None:
    processes = [get_context("spawn").Process(target=_write_many, args=(tmp_path, who)) for who in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    found = lines(tmp_path)

    assert {process.exitcode for process in processes} == {0}
    assert len(found) == 1500
    assert len({str(line["path"]) for line in found}) == 1500


def test_a_line_costs_next_to_nothing(tmp_path: Path) -> None:
    log = AccessLog(tmp_path, b"key", 190)
    at = NOON.timestamp()
    log.write(LINE, "192.0.2.1", at)

    began = time.process_time()
    for _ in range(2000):
        log.write(LINE, "192.0.2.1", at)

    assert (time.process_time() - began) / 2000 < COST * SLACK


def test_in_production_logs_are_kept_for_six_months() -> None:
    production = {"ENVIRONMENT": "production", "TRUSTED_HOSTS": "gongshi.example.cn"}

    with pytest.raises(WrongSetting, match="at least 180 days"):
        Config.from_env({**production, "ACCESS_LOG_DAYS": "179"})

    assert Config.from_env({**production, "ACCESS_LOG_DAYS": "180"}).ACCESS_LOG_DAYS == 180
    assert Config.from_env(production).ACCESS_LOG_DAYS >= 180


def test_two_applications_make_one_log(config: Config, app: Flask) -> None:
    second = create_app(config)

    Client(app).get("/healthz")
    Client(second).get("/healthz")

    assert len(lines(logs(config))) == 2
