"""Who is let in, and what is refused."""

from starlette.testclient import TestClient
from tests.desk.conftest import TOKEN


def test_the_token_lets_in_once_and_leaves_the_address(stranger: TestClient) -> None:
    answer = stranger.get("/deals/d-1", params={"token": TOKEN, "q": "S-300"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/deals/d-1?q=S-300")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert stranger.get("/deals/d-1").status_code == 404


def test_a_stranger_is_sent_to_the_door(stranger: TestClient) -> None:
    answer = stranger.get("/deals/d-1?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fdeals%2Fd-1%3Fx%3D1")
    assert stranger.get("/deals/d-1.json", headers={"accept": "*/*"}).status_code == 401
    assert stranger.get("/", params={"token": "wrong"}).headers["location"] == "/login?next=%2F%3Ftoken%3Dwrong"


def test_another_site_changes_nothing(desk: TestClient) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "none"}):
        answer = desk.post("/preferences", data={"theme": "dark"}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_only_its_own_names_are_answered(desk: TestClient) -> None:
    assert desk.get("/deals/d-1", headers={"host": "rebound.example"}).status_code == 421


def test_a_page_may_load_nothing_from_elsewhere(desk: TestClient) -> None:
    policy = desk.get("/deals/d-1").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_choices_are_kept_and_lead_back(desk: TestClient) -> None:
    answer = desk.post("/preferences", data={"theme": "dark", "next": "/search?q=x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=x")
    assert 'data-theme="dark"' in desk.get("/deals/none").text
    assert desk.post("/preferences", data={"next": "//evil.example"}).headers["location"] == "/"
    assert "set-cookie" not in desk.post("/preferences", data={"theme": "blink"}).headers
