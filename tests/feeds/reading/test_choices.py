import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from feeds.reading.choices import EMBEDDERS, EXTRACTORS, TRANSCRIPT_SOURCES, WRITERS, Choice

CHOICES = [EXTRACTORS, WRITERS, EMBEDDERS, TRANSCRIPT_SOURCES]
COLOURS = Choice("COLOUR", ours={"red": "fractions.Fraction", "blue": "decimal.Decimal"}, former={"paint.Red": "red"})


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.setting)
def test_every_short_name_stands_for_a_class_that_is_there(choice: Choice) -> None:
    assert all(isinstance(import_string(choice.path(name)), type) for name in choice.ours)
    assert set(choice.former.values()) <= set(choice.ours)


def test_a_class_is_made_by_its_short_name_or_its_path() -> None:
    assert repr(COLOURS.make("red")) == "Fraction(0, 1)"
    assert COLOURS.make("collections.OrderedDict") == {}


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.setting)
def test_a_former_path_is_refused_with_the_one_that_took_its_place(choice: Choice) -> None:
    for path, short in choice.former.items():
        with pytest.raises(ImproperlyConfigured) as refused:
            choice.make(path)
        assert str(refused.value) == (
            f"{choice.setting}: “{path}” is now {choice.ours[short]}; write “{short}” or that path."
        )


def test_a_name_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(ImproperlyConfigured, match="COLOUR: “green” is not red or blue nor a dotted path"):
        COLOURS.make("green")


@pytest.mark.parametrize("path", ["no_such_module.Green", "fractions.Green"])
def test_a_path_that_leads_nowhere_is_refused_by_its_setting(path: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"COLOUR: “{path}” cannot be imported"):
        COLOURS.make(path)
