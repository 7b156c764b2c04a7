"""The forms of the public pages: search, a show by its title, and "something wrong?"."""

from __future__ import annotations

from django import forms

from feeds.library.finding.question import parse_question
from feeds.library.search import Query
from feeds.models import InsightReport, Topic


def _a_day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "This is no date. One looks like 2026-11-20."},
    )


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Words, or a question",
        max_length=300,
        required=False,
        error_messages={"max_length": "A question has at most 300 characters, this one %(show_value)d: shorten it."},
    )
    topic = forms.ModelChoiceField(Topic.objects.all(), to_field_name="slug", required=False, empty_label="Any topic")
    show = forms.CharField(label="A show’s title, or a part of it", max_length=300, required=False)
    speaker = forms.CharField(label="Said by", max_length=100, required=False)
    language = forms.RegexField(
        r"^[A-Za-z]{2,3}$",
        label="Language",
        required=False,
        widget=forms.TextInput(attrs={"size": 3, "maxlength": 3}),
        error_messages={"invalid": "A language is named by two letters, such as en."},
    )
    since = _a_day("Published since")
    until = _a_day("Published until")

    def clean_q(self) -> str:
        asked: str = self.cleaned_data["q"]
        if asked and not parse_question(asked).wanted:
            raise forms.ValidationError("There is no word in this that could be looked for.")
        return asked

    def query(self) -> Query:
        """What a valid form asks for."""
        asked = self.cleaned_data
        return Query(
            words=asked["q"],
            topic=asked["topic"],
            show=asked["show"],
            speaker=asked["speaker"],
            language=asked["language"],
            since=asked["since"],
            until=asked["until"],
        )


class ShowsForm(forms.Form):
    q = forms.CharField(label="A show’s title, or a part of it", max_length=300, required=False)


class ReportForm(forms.Form):
    """A filled `website` gives a machine away: no person sees that field."""

    reason = forms.ChoiceField(label="What is wrong?", choices=InsightReport.Reason.choices, widget=forms.RadioSelect)
    message = forms.CharField(
        label="In your words", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    contact = forms.EmailField(label="Your e-mail address, if you want an answer", required=False)
    website = forms.CharField(required=False)
