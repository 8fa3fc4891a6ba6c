"""What every answer promises, whatever page it is: headers, languages, editions, errors, doors."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, abort, request
from sqlalchemy.exc import NoResultFound

from config import Config
from gongshi.app import create_app
from gongshi.errors import Busy, RuleBroken
from gongshi.web import assets
from gongshi.web.db import db
from gongshi.web.doors import same_origin_only
from gongshi.web.headers import ALWAYS
from web.client import Client


class Untimely(RuleBroken):
    """A refusal for these tests."""

    code = "period-too-short"


def raising(error: BaseException) -> Callable[[], Any]:
    def view() -> Any:
        raise error

    return view


def taken() -> Response:
    return Response("taken", mimetype="text/plain")


@pytest.fixture
def faulty(app: Flask) -> Client:
    """A site with views that fail in every way we know."""
    app.add_url_rule("/refuse", view_func=raising(Untimely(days=12)), endpoint="refuse")
    app.add_url_rule("/en/refuse", view_func=raising(Untimely(days=12)), endpoint="refuse-en")
    app.add_url_rule("/missing", view_func=raising(NoResultFound()), endpoint="missing")
    app.add_url_rule("/busy", view_func=raising(Busy()), endpoint="busy")
    app.add_url_rule("/fault", view_func=raising(ZeroDivisionError()), endpoint="fault")
    app.add_url_rule("/limit", view_func=lambda: abort(429), endpoint="limit")
    app.add_url_rule("/take", view_func=taken, endpoint="take", methods=["POST"])
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Client(app)


@pytest.mark.parametrize("path", ["/", "/en/", "/nothing-here", "/healthz", "/readyz", "/static/gazette.css"])
def test_every_answer_carries_the_headers(app: Flask, path: str) -> None:
    headers = app.test_client().get(path, buffered=True).headers

    assert {name: headers[name] for name in ALWAYS} == ALWAYS
    assert "'unsafe" not in headers["Content-Security-Policy"]


def test_strict_transport_is_asked_for_only_over_tls(app: Flask) -> None:
    browser = app.test_client()

    assert "Strict-Transport-Security" not in browser.get("/").headers
    assert "Strict-Transport-Security" in browser.get("/", base_url="https://localhost").headers


def test_the_address_decides_the_language(client: Client) -> None:
    chinese, english = client.get("/"), client.get("/en/")

    assert chinese.one("html")["lang"] == "zh-Hans"
    assert english.one("html")["lang"] == "en"
    assert chinese.one(".tongue")["href"] == "/en/"
    assert english.one(".tongue")["href"] == "/"
    assert "征求意见" in chinese.words
    assert "Consultations" in english.words


def test_the_other_language_shows_the_same_page_with_the_same_question(client: Client) -> None:
    page = client.get("/consultations/?technology=区块链")

    assert page.one(".tongue")["href"] == "/en/consultations/?technology=%E5%8C%BA%E5%9D%97%E9%93%BE"


def test_a_reader_who_has_the_page_gets_nothing_again(client: Client) -> None:
    first = client.get("/")

    again = client.get("/", status=304, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    assert not first.headers["ETag"].startswith("W/")
    assert again.text == ""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_page_that_was_compressed_on_the_way_is_recognised(client: Client) -> None:
    first = client.get("/")

    client.get("/", status=304, headers={"If-None-Match": f"W/{first.headers['ETag']}"})


def test_two_questions_and_two_languages_are_four_editions(client: Client) -> None:
    paths = ["/consultations/", "/en/consultations/", "/consultations/?a=1", "/en/consultations/?a=1"]

    assert len({client.get(path).headers["ETag"] for path in paths}) == 4


def test_public_pages_set_no_cookie_and_vary_on_none(client: Client) -> None:
    page = client.get("/")

    assert "Cookie" not in page.headers.get("Vary", "")


def test_a_static_file_is_kept_for_ever_under_its_own_hash_only(app: Flask, client: Client) -> None:
    with app.test_request_context():
        address = assets.asset("gazette.css")

    assert client.get(address).headers["Cache-Control"] == assets.FOR_EVER
    assert client.get("/static/gazette.css?v=other").headers["Cache-Control"] == assets.AN_HOUR
    client.get("/static/../app.py", status=404)


def test_the_stylesheet_stays_small(app: Flask) -> None:
    assert (assets.FOLDER / "gazette.css").stat().st_size < 30_000


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/refuse", 409, "不足30日"),
        ("/en/refuse", 409, "12 days"),
        ("/missing", 404, "没有这个页面"),
        ("/nothing-here", 404, "没有这个页面"),
        ("/en/nothing-here", 404, "There is no such page"),
        ("/limit", 429, "请求过于频繁"),
        ("/busy", 503, "繁忙"),
        ("/fault", 500, "故障"),
        ("/take", 405, "不接受"),
    ],
)
def test_an_error_is_a_page_in_the_language_of_its_address(faulty: Client, path: str, status: int, words: str) -> None:
    page = faulty.get(path, status=status)

    assert words in page.words
    assert page.headers["Cache-Control"] == "no-store"


def test_whoever_must_wait_is_told_how_long(faulty: Client) -> None:
    assert faulty.get("/busy", status=503).headers["Retry-After"] == "2"
    assert faulty.get("/limit", status=429).headers["Retry-After"] == "60"


def test_the_fault_page_needs_no_database(app: Flask, faulty: Client, config: Config) -> None:
    for file in config.DATA_DIR.glob("gongshi.db*"):
        file.unlink()
    with app.app_context():
        db.engine.dispose()

    faulty.get("/fault", status=500)
    faulty.get("/nothing-here", status=404)
    assert faulty.get("/", status=500).h1
    assert faulty.get("/healthz").text == "ok\n"
    faulty.get("/readyz", status=503)


def test_a_body_without_a_length_is_refused(app: Flask, faulty: Client) -> None:
    answer = app.test_client().post("/take", input_stream=BytesIO(b"a=b"), headers={"Transfer-Encoding": "chunked"})

    assert answer.status_code == 411
    assert faulty.post("/take", {"a": "b"}).text == "taken"


def test_an_oversized_body_is_refused(app: Flask, faulty: Client) -> None:
    app.add_url_rule("/read", endpoint="read", methods=["POST"], view_func=lambda: request.form["a"])

    faulty.post("/read", {"a": "意" * 200_000}, status=413)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="no word of where it comes from"),
        pytest.param({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200, id="our own page"),
        pytest.param({"Sec-Fetch-Site": "none"}, 200, id="typed by hand"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a sister site"),
        pytest.param({"Origin": "https://elsewhere.example"}, 403, id="another origin"),
        pytest.param({"Origin": "null"}, 403, id="a hidden origin"),
    ],
)
def test_a_form_from_another_site_is_refused(app: Flask, headers: dict[str, str], status: int) -> None:
    bp = Blueprint("guarded", __name__)
    bp.add_url_rule("/guarded", view_func=taken, endpoint="take", methods=["POST"])
    same_origin_only(bp)
    app.register_blueprint(bp)

    Client(app).post("/guarded", {"a": "b"}, status=status, headers=headers)


def test_a_foreign_host_name_is_refused(app: Flask) -> None:
    answer = app.test_client().get("/", base_url="http://evil.example")

    assert answer.status_code == 400
    assert "evil.example" not in answer.get_data(as_text=True)


def test_forwarded_headers_count_only_behind_our_own_front(tmp_path: Path) -> None:
    def scheme(proxies: int) -> str:
        app = create_app(Config(DATA_DIR=tmp_path / str(proxies), TRUSTED_PROXIES=proxies, SECRET_KEY="s" * 32))
        app.add_url_rule("/who", view_func=lambda: request.scheme, endpoint="who")
        return app.test_client().get("/who", headers={"X-Forwarded-Proto": "https"}).get_data(as_text=True)

    assert scheme(0) == "http"
    assert scheme(1) == "https"
