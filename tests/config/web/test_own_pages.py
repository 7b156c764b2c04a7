import pytest

from config.web.own_pages import own_page


@pytest.mark.parametrize("path", ["/", "/topics/economics/", "/search/?q=a&page=2", "/days/2026-11-23/"])
def test_a_path_of_this_site_is_followed(path: str) -> None:
    assert own_page(path, otherwise="/brief/") == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "topics/",
        "//evil.example/",
        "/\\evil.example/",
        "///evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "\t//evil.example",
        "/\t/evil.example",
        "\x00/",
    ],
)
def test_anything_else_is_not(path: str) -> None:
    assert own_page(path, otherwise="/brief/") == "/brief/"
