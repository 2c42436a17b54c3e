"""Terms and privacy."""

from __future__ import annotations

from tests.api.refusal import check


def test_the_texts_that_come_along(world):
    for name, heading in (("terms", "# Terms of use"), ("privacy", "# Privacy")):
        answer = world.get(f"/api/legal/{name}/", "deactivated").json
        assert answer["name"] == name
        assert answer["text"].startswith(heading)
    for name in ("imprint", "terms.md", "..%2Fterms"):
        check(world.get(f"/api/legal/{name}/"), 404, None)


def test_the_texts_of_whoever_runs_the_site(world, tmp_path):
    for name in ("terms", "privacy"):
        (tmp_path / f"{name}.md").write_text(f"Our {name} — ours", encoding="utf-8")
    client = world.app_with(legal_dir=tmp_path).test_client()
    assert client.get("/api/legal/privacy/").json["text"] == "Our privacy — ours"
