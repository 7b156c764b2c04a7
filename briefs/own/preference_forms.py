"""What the welcome page and the preferences page accept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts import time_zones
from accounts.models import PAUSED_FOR_GOOD, User
from feeds.models import Feed, Topic

DAYS = [(0, "Mon"), (1, "Tue"), (2, "Wed"), (3, "Thu"), (4, "Fri"), (5, "Sat"), (6, "Sun")]
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
MOST_INTERESTS = 20
LONGEST_INTEREST = 200


class TimeZoneField(forms.CharField):
    """Takes an IANA name or a city."""

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if zone := time_zones.find(typed):
            return zone
        raise forms.ValidationError(
            f"“{typed[:60]}” is no city or time zone that we know. Try the capital, or a name such as Europe/Berlin."
        )


class LinesField(forms.CharField):
    """One text a line; empty lines and repetitions are dropped."""

    def clean(self, value: Any) -> list[str]:
        lines = [" ".join(line.split()) for line in str(super().clean(value)).split("\n")]
        texts = list(dict.fromkeys(line for line in lines if line))
        if len(texts) > MOST_INTERESTS:
            raise forms.ValidationError(f"{MOST_INTERESTS} lines at most; you have {len(texts)}.")
        if any(len(text) > LONGEST_INTEREST for text in texts):
            raise forms.ValidationError(f"A line has {LONGEST_INTEREST} characters at most.")
        return texts


class WelcomeForm(forms.Form):
    topics = forms.ModelMultipleChoiceField(Topic.objects.all(), required=False)
    interests = LinesField(required=False, strip=False)
    time_zone = TimeZoneField(error_messages={"required": "Type your city, so that 07:00 is your 07:00."})
    brief_hour = forms.TypedChoiceField(choices=HOURS, coerce=int)


class IdsField(forms.CharField):
    """Ids with commas between them: one field of a form, however many they are."""

    def clean(self, value: Any) -> set[int]:
        ids = str(super().clean(value)).split(",")
        return {int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < 19}


class PreferencesForm(WelcomeForm):
    muted_topics = forms.ModelMultipleChoiceField(Topic.objects.all(), required=False)
    refused = LinesField(required=False, strip=False)
    followed_shows = forms.ModelMultipleChoiceField(Feed.objects.public(), required=False)
    muted_shows = forms.ModelMultipleChoiceField(Feed.objects.public(), required=False)
    offered_shows = IdsField(required=False)
    new_show = forms.CharField(required=False, max_length=300)
    new_show_is = forms.ChoiceField(choices=[("followed", "follow it"), ("muted", "mute it")], required=False)
    languages = forms.MultipleChoiceField(required=False)
    brief_days = forms.TypedMultipleChoiceField(
        choices=DAYS,
        coerce=int,
        error_messages={"required": "Choose a day at least; to stop for a while, pause instead."},
    )
    cadence = forms.ChoiceField(choices=User.Cadence.choices)
    brief_format = forms.ChoiceField(choices=User.Format.choices)
    surprises = forms.BooleanField(required=False)
    quotes = forms.BooleanField(required=False)
    pause = forms.ChoiceField(choices=[("no", ""), ("week", ""), ("month", ""), ("date", ""), ("open", "")])
    pause_date = forms.DateField(required=False)

    def __init__(self, *args: Any, languages: list[tuple[str, str]], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = languages  # type: ignore[attr-defined]
        self._today = today

    def clean_new_show(self) -> Feed | None:
        title = self.cleaned_data["new_show"].strip()
        if not title:
            return None
        show = Feed.objects.public().filter(title__iexact=title).first()
        if show is None:
            raise forms.ValidationError(f"We do not read a show of the name “{title[:60]}” yet.")
        return show

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._refuse_both("topics", "muted_topics")
        self._refuse_both("followed_shows", "muted_shows")
        self._refuse_both_texts()
        cleaned["paused_until"] = self._paused_until(cleaned)
        return cleaned

    def _refuse_both(self, wanted: str, muted: str) -> None:
        both = set(self.cleaned_data.get(wanted, [])) & set(self.cleaned_data.get(muted, []))
        if both:
            names = ", ".join(sorted(str(one) for one in both))
            self.add_error(muted, f"Followed and muted at once: {names}. Keep one of the two.")

    def _refuse_both_texts(self) -> None:
        wanted = {text.casefold() for text in self.cleaned_data.get("interests", [])}
        both = [f"“{text}”" for text in self.cleaned_data.get("refused", []) if text.casefold() in wanted]
        if both:
            self.add_error("refused", f"Wanted and refused at once: {', '.join(both)}. Keep one of the two.")

    def _paused_until(self, cleaned: dict[str, Any]) -> dt.date | None:
        match cleaned.get("pause"):
            case "week":
                return self._today + dt.timedelta(days=7)
            case "month":
                return self._today + dt.timedelta(days=30)
            case "open":
                return PAUSED_FOR_GOOD
            case "date":
                return self._chosen_date(cleaned)
        return None

    def _chosen_date(self, cleaned: dict[str, Any]) -> dt.date | None:
        date: dt.date | None = cleaned.get("pause_date")
        if "pause_date" not in self.errors and (date is None or date <= self._today):
            self.add_error("pause_date", "Choose the day from which the brief comes again; it must lie ahead.")
        return date
