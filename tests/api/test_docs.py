"""The OpenAPI document and the pages about it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from apispec import APISpec

from algoitny.api.docs import ASSETS, OWN_ASSETS
from tests.api.world import UNDOCUMENTED

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
WITHOUT_STORE = {"/livez", "/api/legal/{name}/", "/api/auth/google/start/"}
"""What answers whatever the store does."""


def rules(app):
    """(method, rule) of every route, but for pages and their files."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] not in UNDOCUMENTED:
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield method, rule.rule


def references(item):
    if isinstance(item, dict):
        if "$ref" in item:
            yield item["$ref"]
        for value in item.values():
            yield from references(value)
    elif isinstance(item, list):
        for value in item:
            yield from references(value)


def test_the_document_is_written_once(world, monkeypatch):
    first = world.get("/api/openapi.json", "anonymous")
    monkeypatch.setattr(APISpec, "to_dict", lambda _: pytest.fail("it is written again"))
    again = world.get("/api/openapi.json", "anonymous")
    assert again.data == first.data
    assert again.mimetype == first.mimetype == "application/json"


def test_every_route_is_documented_and_nothing_else(world):
    routes = list(rules(world.app))
    assert len(routes) == len(set(routes))
    for method, rule in routes:
        assert world.document.operation(method, rule)["summary"], rule
    assert len(list(world.document.operations())) == len(routes)


def test_the_guide_shows_each_flow_in_three_languages():
    flows = {}
    for section in re.split("^## ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        if languages := set(re.findall(r"^```(\w+)$", section, re.MULTILINE)):
            flows[section.partition("\n")[0]] = languages
    assert len(flows) >= 6
    assert {
        flow for flow, languages in flows.items() if not languages >= {"sh", "python", "js"}
    } == set()


def test_the_shape_of_the_document(world):
    document = world.document.document
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "AlgoItny"
    assert document["info"]["version"]
    found = set(references(document))
    assert found
    for reference in found:
        assert world.document.resolve({"$ref": reference})


def test_every_schema_is_used(world):
    document = world.document.document
    used = {name.rpartition("/")[2] for name in references(document)}
    assert set(document["components"]["schemas"]) <= used


def test_every_operation_documents_its_errors(world):
    for path, method, operation in world.document.operations():
        where = f"{method} {path}"
        statuses = set(operation["responses"])
        assert any(status.startswith(("2", "302")) for status in statuses), where
        expected = {"422", "500"}
        if "requestBody" in operation:
            expected |= {"400", "413", "415"}
        if operation["security"]:
            expected.add("401")
        if path not in WITHOUT_STORE:
            expected.add("503")
        assert expected <= statuses, where
        for status in statuses:
            response = world.document.resolve(operation["responses"][status])
            assert response["description"], where
            kinds = set(response.get("content", ()))
            if status.startswith("2"):
                assert kinds <= {"application/json", "text/event-stream"}, where
                assert kinds or status == "204", where
            elif status == "302":
                assert not kinds, where
                assert "Location" in response["headers"], where
            else:
                assert kinds == {"application/problem+json"}, where


def test_every_path_parameter_is_described(world):
    for path, item in world.document.document["paths"].items():
        described = {p["name"] for p in item.get("parameters", []) if p["in"] == "path"}
        assert described == set(re.findall(r"{(\w+)}", path)), path


def test_limits_are_in_the_document(world):
    schemas = world.document.document["components"]["schemas"]
    new = schemas["NewProblem"]["properties"]
    assert (new["time_limit_ms"]["minimum"], new["time_limit_ms"]["maximum"]) == (100, 20_000)
    assert (new["memory_limit_mb"]["minimum"], new["memory_limit_mb"]["maximum"]) == (16, 1024)
    assert new["title"]["maxLength"] == 300
    assert new["tags"]["maxItems"] == 20
    assert new["tags"]["items"]["maxLength"] == 40
    assert new["platform"]["pattern"] == "^[a-z0-9_-]{1,32}$"
    assert schemas["NewExecution"]["properties"]["code"]["maxLength"] == 65_536
    assert schemas["TestCases"]["properties"]["testcases"]["maxItems"] == 500
    listing = world.document.operation("GET", "/api/problems/")["parameters"]
    limit = next(p for p in listing if p["name"] == "limit")
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"]) == (1, 100)
    headers = world.document.operation("POST", "/api/execute/")["parameters"]
    assert [p["name"] for p in headers if p["in"] == "header"] == ["Idempotency-Key"]


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.loaded, self.inline = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in ("script", "link", "img"):
            self.loaded.append(attributes.get("src") or attributes.get("href"))
        if tag == "style" or "style" in attributes or any(n.startswith("on") for n in attributes):
            self.inline.append(tag)

    def handle_data(self, data):
        if self.lasttag == "script" and data.strip():
            self.inline.append("script")


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/"])
def test_swagger_ui_from_this_server_alone(world, path):
    answer = world.client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    page = Page(answer.text)
    assert page.inline == []
    assert len(page.loaded) == len(ASSETS | OWN_ASSETS)
    for address in page.loaded:
        assert address.startswith("/api/docs/assets/")
        asset = world.client.get(address)
        assert asset.status_code == 200
        assert asset.data
    assert 'data-document="/api/openapi.json"' in answer.text


def test_only_the_files_that_the_page_needs(world):
    for name in ("oauth2-redirect.html", "..%2Fflask_swagger_ui.py", "LICENSE", ""):
        assert world.client.get(f"/api/docs/assets/{name}").status_code == 404


def test_paths_with_and_without_the_final_slash(world):
    for method, rule in rules(world.app):
        path = re.sub(r"<problem_id:.*?>", "1", rule)
        path = path.replace("<platform:platform>", "sample").replace("<problem_number:number>", "2")
        path = path.replace("<plan_name:name>", "Pro")
        path = re.sub(r"<ulid:.*?>", "0" * 26, path)
        both = {path.rstrip("/"), path.rstrip("/") + "/"}
        answers = {world.client.open(one, method=method).status_code for one in both}
        assert len(answers) == 1, path
        assert not answers & {301, 302, 307, 308, 405}, path


def defaults(item):
    if isinstance(item, dict):
        if "default" in item:
            yield item
        for value in item.values():
            yield from defaults(value)
    elif isinstance(item, list):
        for value in item:
            yield from defaults(value)


def test_defaults_are_of_the_type_that_they_stand_beside(world):
    found = list(defaults(world.document.document))
    assert found
    for schema in found:
        world.document.check(schema, schema["default"], str(schema))


def test_operations_have_names_and_links_lead_to_them(world):
    takes, links = {}, []
    for path, _, operation in world.document.operations():
        assert operation["operationId"] not in takes
        takes[operation["operationId"]] = set(re.findall(r"{(\w+)}", path))
        for response in operation["responses"].values():
            links += world.document.resolve(response).get("links", {}).values()
    assert len(links) >= 14
    for link in links:
        assert set(link["parameters"]) == takes[link["operationId"]]
