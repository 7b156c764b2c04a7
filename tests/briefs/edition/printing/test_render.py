import datetime as dt
import random
import re
import shutil
import subprocess
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from playwright.sync_api import Browser
from pytest_django import Settings

from accounts.models import User
from briefs.edition.printing.feedback_links import act_url
from briefs.edition.printing.render import Edition, EditionItem, Press, subject
from briefs.models import Brief
from feeds.models import Episode, Feed, Insight
from tests.briefs.edition.brief_linter import lint, visible_words

DAY = dt.date(2026, 11, 23)
PHRASES = [
    "Free models are given away where nobody would pay for them, because trust is dearer than code",
    "中国企业发布开源模型，是为了在无法直接销售的市场建立影响力，" * 3,
    "ショーの中で語られた主張には、必ず理由がある。" * 4,
    "تعتمد الشركات على المصادر المفتوحة لأنها لا تستطيع بيع منتجاتها مباشرة في الغرب",
    "פודקאסטים ישראליים דנים בבינה מלאכותית ובכלכלה באותה נשימה",
    "Открытый код стал стратегией, потому что доверие дороже лицензий",
    "भारत में पॉडकास्ट सुनने वालों की संख्या तेज़ी से बढ़ रही है",
    "Crème brûlée, naïve façade & <b>bold</b> \"quoted\" 'claims' — 50 % of £3.50 = €2",
    "🎧🔥 Emoji headlines 👩🏽‍🚀 travel as well as any other",
    "A header\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>",
    "x" * 3000,
    "%s {{ slot.reason }} {% debug %} {0} \\u0000 =3D soft=\n--boundary",
    "a\u202eb\u2066c\u00ad\u200bd\ufeff",
    "A lone return\rand a dot\n.\nand  spaces  \nat the end ",
]


@pytest.fixture(autouse=True)
def _public_site(settings: Settings) -> None:
    settings.SITE_URL = "https://overheard.example.com"
    settings.DEFAULT_FROM_EMAIL = "Overheard <brief@overheard.example.com>"


def make_reader(pk: int = 7, **fields: Any) -> User:
    return User(pk=pk, email=f"reader{pk}@example.com", **fields)


def make_spoken(pk: int = 1, **fields: Any) -> Insight:
    """An insight that no database has seen."""
    text = "After decades of mistrust, the firm gave its model away, because nobody would have paid for it. " * 3
    feed = Feed(
        title=fields.pop("show", "Second Derivative"), language="en", is_private=fields.pop("is_private", False)
    )
    episode = Episode(
        pk=pk,
        feed=feed,
        title=fields.pop("episode_title", "The price of free"),
        link="https://shows.example.com/1",
        published_at=dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC),
        duration_seconds=3482,
        audio_url=fields.pop("audio_url", "https://cdn.example.com/1.mp3"),
    )
    defaults = {"headline": "Free models buy trust", "text": text, "quote": "q", "speaker": "Ada Berg", "start": 1421.0}
    return Insight(pk=pk, episode=episode, **{"language": "en"} | defaults | fields)


def print_brief(
    insights: list[Insight], *, user: User | None = None, reason: str = "because you follow Open source"
) -> bytes:
    press = Press()
    press.set(insights)
    items = tuple(EditionItem(insight.pk, reason) for insight in insights)
    content = (
        press.message(Edition(user or make_reader(), DAY, Brief.Kind.DAILY, items)).message().as_bytes(linesep="\r\n")
    )
    assert isinstance(content, bytes)
    return content


def parse(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def part(content: bytes, subtype: str) -> str:
    body = parse(content).get_body((subtype,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def test_the_subject_is_the_top_insight_and_the_headers_are_stable() -> None:
    content = print_brief([make_spoken(1, headline="The first claim"), make_spoken(2, headline="The second")])
    message = parse(content)
    assert message["Subject"] == "The first claim"
    assert message["From"] == "Overheard <brief@overheard.example.com>"
    assert message["To"] == "reader7@example.com"
    assert message["List-Id"] == "Overheard <brief.overheard.example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == parse(print_brief([make_spoken(9)]))["Message-ID"]
    assert message["Message-ID"] != parse(print_brief([make_spoken(1)], user=make_reader(8)))["Message-ID"]


def test_both_parts_carry_every_fact_and_link() -> None:
    user = make_reader()
    content = print_brief([make_spoken()], user=user)
    for body in (part(content, "plain"), part(content, "html")):
        folded = " ".join(body.split())
        for fact in (
            "Free models buy trust",
            "Second Derivative",
            "The price of free",
            "Ada Berg",
            "22 Nov 2026",
            "at 23:41 of 58:02",
            "Because you follow Open source",
            "https://overheard.example.com/insights/1/",
            "https://cdn.example.com/1.mp3#t=1421",
            act_url(user, 1) + "more/",
            act_url(user, 1) + "less/",
            act_url(user, 1) + "save/",
            "Monday, 23 November 2026",
            "1 minute to read",
        ):
            assert fact in folded


def test_a_time_that_is_only_about_right_says_so() -> None:
    content = print_brief([make_spoken(start_is_approximate=True)])
    for body in (part(content, "plain"), part(content, "html")):
        assert "about 24 min" in " ".join(body.split())
        assert "23:41" not in body


@pytest.mark.parametrize(
    ("items", "said"), [(1, "Only one this time: nothing else was fit to send."), (4, "Only four this time"), (5, "")]
)
def test_a_short_brief_says_in_a_line_why(items: int, said: str) -> None:
    content = print_brief([make_spoken(pk) for pk in range(1, items + 1)])
    for body in (part(content, "plain"), part(content, "html")):
        assert said in body
        assert ("nothing else was fit to send" in body) == bool(said)


def test_the_first_visible_words_do_not_repeat_the_subject() -> None:
    content = print_brief([make_spoken(1, headline="One"), make_spoken(2, headline="Two?"), make_spoken(3)])
    assert visible_words(part(content, "html")).startswith("Also today: Two? And one more.")
    assert part(content, "plain").startswith("Also today: Two? And one more.")


def test_the_fast_bytes_say_what_django_would_say() -> None:
    press = Press()
    press.set(
        [make_spoken(1, headline="Ünïcode in the subject, and enough of it to be folded over two lines at least")]
    )
    user = make_reader()
    ours = press.message(Edition(user, DAY, Brief.Kind.DAILY, (EditionItem(1, "one of the day's best"),)))
    theirs = EmailMultiAlternatives(
        ours.subject, ours.body, ours.from_email, ours.to, headers=ours.extra_headers, alternatives=ours.alternatives
    )
    fast, general = parse(ours.message().as_bytes()), parse(theirs.message().as_bytes())
    for name in ("Subject", "From", "To", "Message-ID", "List-Unsubscribe", "MIME-Version"):
        assert str(fast[name]).strip() == str(general[name]).strip(), name
    for kind in ("plain", "html"):
        one, other = fast.get_body((kind,)), general.get_body((kind,))
        assert one and other
        assert one.get_content() == other.get_content()


def test_text_only_subscribers_get_text_only() -> None:
    message = parse(print_brief([make_spoken()], user=make_reader(brief_format=User.Format.TEXT)))
    assert message.get_content_type() == "text/plain"
    assert not lint(print_brief([make_spoken()], user=make_reader(brief_format=User.Format.TEXT)))


def test_an_insight_without_speaker_time_or_audio_shows_none_of_them() -> None:
    content = print_brief([make_spoken(speaker="", start=None, audio_url="javascript:alert(1)")])
    text = part(content, "plain")
    assert "    Second Derivative\n    “The price of free” · 22 Nov 2026\n" in text
    assert "Listen" not in text
    assert "Listen" not in part(content, "html")
    assert "javascript" not in content.decode()


def test_what_is_private_is_read_where_its_publisher_put_it() -> None:
    content = print_brief([make_spoken(is_private=True)])
    assert "/insights/1/" not in part(content, "plain") + part(content, "html")
    assert "https://shows.example.com/1" in part(content, "plain")


def test_a_subject_is_one_line_and_not_endless() -> None:
    assert subject("A\r\nB\tC") == "A B C"
    assert len(subject("word " * 100)) <= 140


def test_the_address_of_a_reader_may_be_international() -> None:
    user = User(pk=7, email="jürgen@bücher.example")
    assert parse(print_brief([make_spoken()], user=user))["To"].addresses


def test_five_hundred_briefs_of_all_scripts_pass_the_linter() -> None:
    rng = random.Random(11)  # noqa: S311
    press, insights = Press(), []
    for pk in range(1, 120):
        headline, text, name = (rng.choice(PHRASES) for _ in range(3))
        insights.append(
            make_spoken(
                pk,
                headline=headline[:200],
                text=text if pk % 50 else "A claim in three megabytes of show notes. " * 2,
                speaker=name[:200] if pk % 3 else "",
                show=rng.choice(PHRASES)[:300],
                episode_title=rng.choice(PHRASES)[:500],
                start=rng.choice([None, 0.0, 59.9, 7322.4]),
                language=rng.choice(["en", "ar", "zh", "he", ""]),
                audio_url=rng.choice(["https://cdn.example.com/a.mp3?x=1&y=2", "http://plain.example.com/a.mp3", ""]),
            )
        )
        insights[-1].episode.description = "notes " * (500_000 if pk == 50 else 10)
    press.set(insights)
    for number in range(500):
        chosen = rng.sample(insights, rng.randint(1, 5))
        items = tuple(EditionItem(one.pk, f"matches “{rng.choice(PHRASES)[:200]}”") for one in chosen)
        message = press.message(Edition(make_reader(number + 1), DAY, Brief.Kind.DAILY, items))
        content = message.message().as_bytes(linesep="\r\n")
        assert lint(content) == [], content[:3000]
        assert " ".join(str(parse(content)["Subject"]).split()) == " ".join(message.subject.split())


@pytest.mark.skipif(not shutil.which("spamassassin"), reason="there is no spamassassin on the PATH")
def test_spamassassin_has_nothing_against_it(tmp_path: Path) -> None:
    content = print_brief([make_spoken(pk, headline=f"The claim number {pk} and its reason") for pk in range(1, 6)])
    command = ["spamassassin", "-L", "-t", "-p", str(tmp_path / "prefs")]
    report = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode(errors="replace")  # noqa: S603
    score = float(report.rsplit("Content analysis details:   (", 1)[1].split(" points")[0])
    assert score < 1.0, report
    for rule in ("MIME_HTML_ONLY", "HTML_FONT_LOW_CONTRAST", "HTML_IMAGE_ONLY", "MISSING_", "MIME_QP_LONG_LINE"):
        assert rule not in report, report


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 720])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_screen_in_light_and_dark(width: int, scheme: Any, browser: Browser, tmp_path: Path) -> None:
    html = part(print_brief([make_spoken(pk, headline=PHRASES[pk][:120]) for pk in range(5)]), "html")
    with browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        page.set_content(html)
        shot = page.screenshot(path=tmp_path / f"brief-{width}-{scheme}.png", full_page=True)
        scroll = page.evaluate("document.documentElement.scrollWidth")
        paper = page.evaluate("getComputedStyle(document.querySelector('.paper')).backgroundColor")
    assert scroll <= width
    assert paper == {"light": "rgb(251, 250, 246)", "dark": "rgb(22, 21, 19)"}[scheme]
    assert len(shot) > 10_000


def test_the_first_headline_alone_is_larger_and_all_keep_their_text() -> None:
    html = part(print_brief([make_spoken(pk, headline=f"Claim {pk}") for pk in range(1, 4)]), "html")
    sizes = re.findall(r"<h2 [^>]*font-size: (\d+)px", html)
    assert sizes[0] > sizes[1] == sizes[2]
    assert html.count('class="text"') == 3
