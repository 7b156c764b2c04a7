"""The forms of the public pages: search, a show by its title, and "something wrong?"."""

from __future__ import annotations

from django import forms

from feeds.library.search import Query
from feeds.models import Feed, InsightReport, Topic


def _a_day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "This is no date. One looks like 2026-11-20."},
    )


class SearchForm(forms.Form):
    q = forms.CharField(label="Words, or a question", max_length=300, required=False)
    topic = forms.ModelChoiceField(Topic.objects.all(), to_field_name="slug", required=False, empty_label="Any topic")
    show = forms.ModelChoiceField(
        Feed.objects.public().filter(episodes__insights__hidden_at=None).distinct(),
        to_field_name="slug",
        required=False,
        empty_label="Any show",
    )
    speaker = forms.CharField(label="Said by", max_length=100, required=False)
    since = _a_day("Published since")
    until = _a_day("Published until")

    def query(self) -> Query:
        """What a valid form asks for."""
        asked = self.cleaned_data
        return Query(
            words=asked["q"],
            topic=asked["topic"],
            show=asked["show"],
            speaker=asked["speaker"],
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
