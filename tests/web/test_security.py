"""Who may speak to this server, and what its answers carry."""

from __future__ import annotations

import io
import stat

import pytest

from geoaq.errors import ConfigError
from geoaq.store.place import new_id
from tests.web.door import JSON, client_of, put_screening, rooms_of, token_of, upload
from tests.web.toy import write_screening
from web import create_app

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
WRITES = (
    "/heating/screenings",
    "/screenings/{id}/cancel",
    "/screenings/{id}/describe",
    "/screenings/{id}/delete",
)


def addresses(app, screening_id):
    """Return an address for every route, with something in each place."""
    filled = {
        "screening_id": screening_id,
        "name": "summary.json",
        "view": "heating",
        "kind": "js",
        "key": "2-0",
        "layer_id": "provinces",
        "province": "330000",
        "deleted_id": f"{screening_id}.01234567",
        "product": "boilers",
        "layer": "provinces",
        "sha256": "0" * 64,
        "form": "xlsx",
        "event": "20220415T0224Z-wxyz",
        "source": "s-wxyz",
        "scene_id": "0" * 32,
        "z": 5,
        "x": 26,
        "y": 12,
    }
    for rule in app.url_map.iter_rules():
        values = {name: filled[name] for name in rule.arguments}
        if "<int:key>" in rule.rule:
            values["key"] = 2
        with app.test_request_context():
            from flask import url_for

            yield rule, url_for(rule.endpoint, **values)


def test_every_answer_of_every_route_carries_the_policy_and_nothing_inline(app, tmp_path):
    client = client_of(app)
    screening_id = put_screening(app, write_screening(tmp_path / "toy"))
    seen = 0
    for rule, address in addresses(app, screening_id):
        methods = {"GET", "POST"} & (rule.methods or set())
        for method in methods:
            answer = client.open(address, method=method)
            assert answer.headers["Content-Security-Policy"] == POLICY, address
            assert answer.headers["X-Content-Type-Options"] == "nosniff", address
            assert answer.headers["Referrer-Policy"] == "same-origin", address
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", address
            assert answer.headers["Cache-Control"], address
            if method == "POST":
                assert answer.status_code == 403, address
            if answer.mimetype == "text/html" and "attachment" not in answer.headers.get(
                "Content-Disposition", ""
            ):
                page = answer.text
                assert "<style" not in page, address
                assert " style=" not in page, address
                assert " on" + "click=" not in page, address
                assert page.count("<script") == page.count("<script defer src="), address
                assert "http" + "://" not in page.replace("http://www.w3.org", ""), address
            answer.close()
            seen += 1
    assert seen > 20


@pytest.mark.parametrize(
    "host", ["127.0.0.1:5000", "localhost", "localhost:8080", "[::1]:5000", "LOCALHOST:1"]
)
def test_names_of_this_machine_are_answered(app, host):
    assert app.test_client().get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:5000",
        "10.0.0.5:5000",
        "",
        "[::2]",
        "a b",
    ],
)
def test_any_other_name_is_turned_away(app, host):
    answer = app.test_client().get("/heating", headers={"Host": host})
    assert answer.status_code == 400
    assert "127.0.0.1" in answer.text


@pytest.mark.parametrize("address", WRITES)
def test_a_write_without_the_pages_token_is_refused(client, address):
    answer = client.post(address.format(id=new_id()), headers=JSON)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "no_token")


@pytest.mark.parametrize("address", WRITES)
@pytest.mark.parametrize(
    "foreign",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:5001"},
        {"Origin": "https://127.0.0.1:5000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_write_from_a_foreign_page_is_refused_even_with_the_token(client, address, foreign):
    token = {"X-CSRFToken": token_of(client)}
    answer = client.post(address.format(id=new_id()), headers=JSON | foreign | token)
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "foreign_page")


def test_a_write_from_an_own_page_is_taken(client):
    own = {
        "Origin": "http://127.0.0.1:5000",
        "Sec-Fetch-Site": "same-origin",
        "X-CSRFToken": token_of(client),
    }
    assert client.post(f"/screenings/{new_id()}/cancel", headers=own).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        "..",
        "../secret.key",
        "%2e%2e%2fsecret.key",
        "0" * 31,
        "0" * 33,
        "G" * 32,
        "A" * 32,
        "0" * 32 + "%0a",
        "0" * 32,
    ],
)
@pytest.mark.parametrize(
    "rest", ["", "/screening.json", "/files/summary.json", "/progress", "/issues", "/points.json"]
)
def test_what_is_no_identity_is_not_found(client, wrong, rest):
    assert client.get(f"/screenings/{wrong}{rest}").status_code == 404


@pytest.mark.parametrize(
    "name", ["secret.key", "../../secret.key", "%2e%2e/%2e%2e/secret.key", ".", "summary.json/"]
)
def test_only_the_files_of_the_list_leave_a_screening(app, client, tmp_path, name):
    screening_id = put_screening(app, write_screening(tmp_path / "toy"))
    (rooms_of(app).screenings.get(screening_id).folder / "secret.key").write_text("x")
    assert client.get(f"/screenings/{screening_id}/files/{name}").status_code == 404


@pytest.mark.parametrize("name", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "%2fetc%2fpasswd"])
def test_static_files_stay_in_their_folder(client, name):
    assert client.get(f"/static/{name}", follow_redirects=True).status_code == 404


class Untouchable(io.RawIOBase):
    """A body that must not be asked for."""

    def read(self, size=-1):
        raise AssertionError(f"{size} bytes were read")


def test_an_upload_that_does_not_say_how_long_it_is_is_refused_unread(client):
    sent = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    answer = upload(client, bytes(1_000), environ=sent | {"wsgi.input": Untouchable()})
    assert (answer.status_code, answer.json["error"]["code"]) == (411, "no_length")


def test_a_write_that_cannot_carry_the_token_is_refused_unread(app, client):
    token, unread = token_of(client), {"wsgi.input": Untouchable(), "CONTENT_LENGTH": "1000000"}
    stranger = client_of(app)
    for asks, headers in ((stranger, {}), (stranger, {"X-CSRFToken": token}), (client, {"X-CSRFToken": "x"})):
        answer = asks.post("/heating/screenings", headers=JSON | headers, environ_overrides=unread)
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "no_token")


@pytest.mark.parametrize("fields", [{"as_of": "x" * 300_000}, {f"f{n}": "x" for n in range(70)}])
def test_a_form_with_too_much_in_it_is_not_said_to_be_a_file(client, fields):
    answer = upload(client, b"fine", **fields)
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "form_too_large")


def test_an_upload_over_the_limit_is_refused_in_words(make_app):
    app = make_app(upload_mb=1)
    answer = upload(client_of(app), bytes(1_400_000))
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "upload_too_large"
    assert "1 MB" in answer.json["error"]["text"]
    assert list((rooms_of(app).settings.data / "staging").glob("[0-9a-f]*")) == []


def test_an_upload_just_over_the_limit_is_refused_too(make_app):
    app = make_app(upload_mb=1)
    answer = upload(client_of(app), bytes(1_000_001))
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "upload_too_large")
    assert list((rooms_of(app).settings.data / "staging").glob("[0-9a-f]*")) == []


def test_the_cookie_of_a_session_stays_with_this_server(client):
    cookie = client.get("/screenings").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_the_key_is_made_once_and_is_its_owners_alone(make_app, tmp_path):
    first, second = make_app(), make_app()
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "data" / "secret.key").stat().st_mode) == 0o600


def test_two_configurations_make_two_applications(make_app, tmp_path):
    one, other = make_app(data=tmp_path / "one"), make_app(data=tmp_path / "other", upload_mb=7)
    assert one.secret_key != other.secret_key
    assert rooms_of(one).settings.upload_mb == 50
    assert rooms_of(other).settings.upload_mb == 7
    assert one.config["MAX_CONTENT_LENGTH"] > other.config["MAX_CONTENT_LENGTH"]


@pytest.mark.parametrize("host", ["198.51.100.7", "192.168.1.4", "::", "example.org", ""])
def test_an_address_that_others_could_reach_is_refused(tmp_path, host):
    with pytest.raises(ConfigError, match="no accounts yet"):
        create_app({"data": tmp_path, "host": host})


def test_a_setting_that_makes_no_sense_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOAQ_UPLOAD_MB", "much")
    with pytest.raises(ConfigError, match="GEOAQ_UPLOAD_MB"):
        create_app({"data": tmp_path})
