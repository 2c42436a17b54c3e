"""Bad paths, query parameters, cursors and methods: a clear 4xx that names the place."""

from __future__ import annotations

import pytest

from tests.api.refusal import check

BAD_QUERIES = {
    "/api/problems/": {
        "limit": ("0", "101", "-1", "1.5", "", "x", "1_0", "+1", " 1", "١", "9" * 5000, "0x1"),
        "platform": ("", "UPPER", "a%23b", "a" * 33, "%00", "a%0A"),
        "language": ("", "cobol", "a" * 33),
        "tag": ("", "%00", "a" * 41),
        "q": ("", "%0A", "a" * 301),
        "title": ("x",),
        "unknown": ("1",),
    },
    "/api/problems/drafts/": {"limit": ("0",), "scope": ("", "theirs"), "platform": ("sample",)},
    "/api/problems/registered/": {"limit": ("0",), "scope": ("all",)},
    "/api/history/": {
        "limit": ("0", "101"),
        "platform": ("UPPER",),
        "language": ("", "cobol", "a" * 33),
        "verdict": ("", "ac", "OK"),
        "scope": ("", "all", "Public"),
        "since": (
            *("", "1", "2025-03-14", "2025-03-14T09:26:53", "2025-03-14 09:26:53Z"),
            *("2025-02-30T00:00:00Z", "2025-03-14T24:00:01Z", "2025-03-14T09:26:53.1234567Z"),
            *("2025-03-14T09:26:53+25:00", "0001-01-01T00:00:00+01:00", "٢٠٢٥-03-14T09:26:53Z"),
            *("9999-12-31T23:59:59-01:00", "1741944413", "2025-W11-5T00:00:00Z", "%00"),
        ),
        "until": ("", "tomorrow", "2025-03-14T09:26:53"),
    },
    "/api/history/?scope=public&": {"since": ("1",), "until": ("1",)},
    "/api/execute/{failed}/": {"wait": ("-1", "31", "1.5", "", "true"), "x": ("1",)},
    "/api/history/{failed}/": {"x": ("1",)},
    "/api/history/{failed}/hints/": {"limit": ("1",)},
    "/api/account/": {"x": ("1",)},
    "/api/account/stats/": {"days": ("0", "91", "-1", "x", ""), "x": ("1",)},
    "/api/leaderboard/": {
        "period": (
            *("", "ALL", "2025-13", "2025-3", "2025-00", "2025-W54", "2025-W00", "0000", "25"),
            *("2025-03-14", "٢٠٢٥", "2025-W1", "9999-W53", "all%00", "today"),
        ),
        "limit": ("0", "101"),
        "x": ("1",),
    },
    "/api/account/plan/": {"x": ("1",)},
    "/api/auth/google/start/": {"next": ("", "//x", "https://x", "/%5Cx", "/%09/x"), "x": ("1",)},
    "/api/auth/google/callback/?code=x&": {"state": ("", "%00", "x" * 65)},
    "/api/auth/google/callback/?state=x&": {"code": ("", "x" * 513), "error": ("", "%00")},
    "/api/auth/plans/": {"limit": ("1",)},
    "/api/account/plan-usage/": {"x": ("1",)},
    "/api/languages/": {"x": ("1",)},
    "/api/problems/1/": {"x": ("1",)},
    "/api/problems/sample/2/testcases/": {"x": ("1",)},
    "/livez": {"x": ("1",)},
    "/readyz": {"x": ("1",)},
    "/api/health/": {"x": ("1",)},
}


@pytest.mark.parametrize("path", BAD_QUERIES)
def test_bad_query_parameters(world, path):
    role = "registrar" if path.startswith("/api/problems/") else "user"
    for name, values in BAD_QUERIES[path].items():
        for value in values:
            print(name, value[:20])
            separator = "" if path.endswith("&") else "?"
            place = path.format(failed=world.failed) + separator
            address = f"{place}{name}={value.replace('+', '%2B')}"
            check(world.get(address, role), 422, f"/query/{name}")


def test_parameters_given_twice(world):
    check(world.get("/api/problems/?limit=1&limit=2"), 422, "/query/limit")


@pytest.mark.parametrize("path", ["/api/problems/", "/api/history/", "/api/history/?scope=public"])
def test_cursors_that_were_never_given_out(world, path):
    separator = "&" if "?" in path else "?"
    for cursor in ("", "x", "x" * 5000, "é", "%00", "a.b.c"):
        answer = world.get(f"{path}{separator}cursor={cursor}")
        check(answer, 400, "/query/cursor")
        assert answer.json["type"].endswith("#invalid-cursor")


@pytest.mark.parametrize(
    "path",
    [
        "/api/problems/0/",
        "/api/problems/9007199254740992/",
        "/api/problems/1" + "0" * 30 + "/",
        "/api/problems/" + "9" * 5000 + "/",
        "/api/problems/-1/",
        "/api/problems/1.0/",
        "/api/problems/%D9%A1/",
        "/api/problems/UPPER/1/",
        "/api/problems/sam%23ple/1/",
        "/api/problems/sample/%00/",
        "/api/problems/sample/a%0Ab/",
        "/api/problems/sample/%ff/",
        "/api/problems/sample/%ed%a0%80/",
        "/api/problems/sample/../",
        "/api/problems/sample/" + "1" * 65 + "/",
        "/api/problems/sample/a%2Fb/",
        "/api/problems/" + "a" * 33 + "/1/",
        "/api/execute/1/",
        "/api/execute/" + "0" * 27 + "/",
        "/api/execute/" + "8" + "0" * 25 + "/",
        "/api/execute/" + "i" * 26 + "/",
        "/api/execute/" + "0" * 26 + "/",
        "/api/history/" + "0" * 26 + "/",
        "/api/history/" + "0" * 26 + "/hints/",
        "/api/history/%00/",
        "/api/nothing/",
        "/nothing",
        "/api//problems/",
    ],
)
def test_paths_that_lead_nowhere(world, path):
    check(world.get(path), 404, None)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_can_name_nothing_is_no_address_by_any_method(world, method):
    answer = world.request(method, "/api/problems/sample/a%C2%8D/testcases/")
    check(answer, 404, None)
    assert "Allow" not in answer.headers


def test_methods_that_are_not_there(world):
    answer = world.request("DELETE", "/api/execute/")
    check(answer, 405, None)
    assert set(answer.headers["Allow"].split(", ")) >= {"POST"}
