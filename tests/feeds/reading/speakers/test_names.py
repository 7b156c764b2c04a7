import pytest

from feeds.reading.speakers.names import full_name, names_one, same_person, stands_for, tidy


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("PIETER WUILLE", "Pieter Wuille"),
        ("MAIRE O'BRIEN", "Maire O'Brien"),
        ("AJ Towns", "AJ Towns"),
        ("AJ", "AJ"),
        ("Ada Berg 00", "Ada Berg"),
        ("Paul Frazee✌", "Paul Frazee"),
        ("Ada Berg (host)", "Ada Berg"),
        ("Dr. Ada van den Berg", "Ada van den Berg"),
        ("Till Döhmen", "Till Döhmen"),
    ],
)
def test_a_label_becomes_the_name_in_it(label: str, name: str) -> None:
    assert tidy(label) == name


@pytest.mark.parametrize(
    "label", ["Speaker 1", "SPEAKER_00", "Host", "Outro", "Break", "Ada & Ben", "Ada and Ben", "✌", ""]
)
def test_a_label_of_nobody_or_of_several_names_nobody(label: str) -> None:
    assert not names_one(label)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Berg", "Ada Berg"),
        ("Acme CEO Ada Berg", "Ada Berg"),
        ("Eli Lilly CEO", None),
        ("The Acme Show", None),
        ("Hi Ada", None),
        ("Acme's Ada Berg", None),
        ("Ada", None),
    ],
)
def test_a_full_name_is_told_from_what_only_begins_like_one(text: str, name: str | None) -> None:
    assert full_name(text) == name


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("Ada Berg", "ADA BERG", True),
        ("Mark Erhart", "Mark Erhardt", True),
        ("Ben Coe", "Benjamin Coe", True),
        ("Ada Berg", "Ada Reyes", False),
        ("Ada Berg", "Tom Berg", False),
        ("Ada", "Ada Berg", False),
    ],
)
def test_a_slip_of_the_typist_makes_no_other_person(one: str, other: str, are_one: bool) -> None:
    assert same_person(one, other) is are_one


@pytest.mark.parametrize(
    ("label", "stands"), [("Ada", True), ("Berg", True), ("AB", True), ("ab", False), ("A", False), ("Tom", False)]
)
def test_one_word_stands_for_a_name_that_it_begins_or_ends_or_abbreviates(label: str, stands: bool) -> None:
    assert stands_for(label, "Ada Berg") is stands
