import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.reading.insights.writeup import write_up
from feeds.reading.insights.writeup.attribution import names_a_person
from feeds.reading.insights.writeup.clauses import clauses
from feeds.reading.insights.writeup.cleaning import clean
from feeds.reading.insights.writeup.compression import compressed
from feeds.reading.insights.writeup.grammar import cores, dangles, is_question, is_whole, main_verb
from feeds.reading.insights.writeup.judge import is_broken, judged, share_left
from feeds.reading.insights.writeup.sentences import sentences
from feeds.reading.insights.writeup.shortenings import Scene, Shortening

FERRY = (
    "So, um, the thing is, the ferry company lost money every winter. You know, everybody thought that the problem was "
    "the price. But it turned out that commuters stayed away because the last boat left at six, so that nobody who "
    "worked late could get home. Right? When they added one boat at nine, winter sales rose by 40 percent."
)
FRAMES = {"argues", "says", "estimates", "recalls", "thinks", "that"}


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[\w$%]+", text.casefold()))


@pytest.mark.parametrize(
    ("spoken", "cleaned"),
    [
        pytest.param("We, uh, moved the um mill.", "We moved the mill.", id="hesitations go with their commas"),
        pytest.param("The mill is, you know, old.", "The mill is old.", id="you know between commas goes"),
        pytest.param("Do you know how mills work.", "Do you know how mills work.", id="a real you know stays"),
        pytest.param("It is kind of slow.", "It is slow.", id="a softening kind of goes"),
        pytest.param("It is a kind of mill.", "It is a kind of mill.", id="a kind of something stays"),
        pytest.param("The mill, like, stopped.", "The mill stopped.", id="like between commas goes"),
        pytest.param("It looks like a mill.", "It looks like a mill.", id="a comparing like stays"),
        pytest.param("We had, we had the the mill.", "we had the mill.".capitalize(), id="stutters go"),
        pytest.param("When it works, it works.", "When it works, it works.", id="a repetition with sense stays"),
        pytest.param("They paid 20, 20 each.", "They paid 20, 20 each.", id="numbers are never taken for stutters"),
        pytest.param("I, we built a mill.", "we built a mill.", id="a subject left for another goes"),
        pytest.param("You can set it, I run it.", "You can set it, I run it.", id="an object before a subject stays"),
        pytest.param("[music] >> The mill (laughs) runs.", "The mill runs.", id="sound marks go"),
        pytest.param(r"The mill runs. \[laughter\]", "The mill runs.", id="escaped marks go"),
        pytest.param("It runs at night, right?", "It runs at night.", id="a tag at the end goes"),
        pytest.param("Look, the mill runs.", "the mill runs.", id="address goes"),
        pytest.param("You you're early.", "you're early.", id="a pronoun before itself goes"),
        pytest.param("The mills run on wind or whatever.", "The mills run on wind.", id="an empty tail goes"),
        pytest.param("They get to like 80 sacks.", "They get to 80 sacks.", id="like before a number goes"),
    ],
)
def test_debris_of_speech_is_cleaned_and_sense_is_kept(spoken: str, cleaned: str) -> None:
    assert clean(spoken).lower() == cleaned.lower()


@pytest.mark.parametrize(
    ("spoken", "found"),
    [
        pytest.param("Yeah. Yeah. Okay. The mill runs at night.", ["The mill runs at night."], id="back-channel goes"),
        pytest.param(
            "The mill stands. Because the wind is gone.",
            ["The mill stands because the wind is gone."],
            id="a stray because goes back to its sentence",
        ),
        pytest.param(
            "Dr. Ames runs the mill at 3.5 knots.", ["Dr. Ames runs the mill at 3.5 knots."], id="abbreviations"
        ),
        pytest.param("i think i know the mill", ["I think I know the mill"], id="a lone i is written large"),
        pytest.param(
            "runs on wind. The mill is old. We bought it from the",
            ["The mill is old."],
            id="halves at the ends of a cut are left out",
        ),
        pytest.param(
            "Right. and they had the mill which nobody in the village wanted",
            ["and they had the mill which nobody in the village wanted"],
            id="an unfinished passage is kept when it is all there is",
        ),
        pytest.param("The mill is old. It broke. The mill is old.", ["The mill is old.", "It broke."], id="repeats go"),
        pytest.param(
            "They grind wheat in those So that's why the mill was sold.",
            ["They grind wheat in those", "So that's why the mill was sold."],
            id="a sentence that was broken off ends where the next begins",
        ),
    ],
)
def test_a_passage_becomes_whole_sentences(spoken: str, found: list[str]) -> None:
    assert sentences(spoken) == found


def test_no_is_an_answer_unless_a_number_follows_it() -> None:
    assert sentences("Did the mill pay for itself? No. It lost money for ten years.") == [
        "Did the mill pay for itself?",
        "It lost money for ten years.",
    ]
    assert sentences("The council sold mill No. 4 to a baker.") == ["The council sold mill No. 4 to a baker."]


def test_captions_without_marks_become_sentences() -> None:
    captions = (
        "the village mill had stood there for two hundred years and nobody wanted to pay for the roof so the council "
        "sold it to a baker for one pound but it turned out the baker had understood something because people will "
        "drive an hour for bread when they can watch the flour being ground and i think that is why it works"
    )

    result = write_up(captions, speaker=None)

    assert result.text[0].isupper()
    assert result.text.endswith(".")
    assert ". " in result.text
    assert " i " not in result.text


def test_capitals_in_odd_places_are_put_right() -> None:
    captions = (
        "And the Mill was Sold To a Baker in Utrecht who Had the money and He said That the roof Would cost more than "
        "the house But he Wanted it because The bread was Better and people Came From all over to Buy it"
    )

    text = write_up(captions, speaker=None).text

    assert "Utrecht" in text
    assert not {"Would", "Had", "Than", "From", "Buy", "Better"} & set(text.split())


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("Small teams ship faster", True),
        ("The price of salt doubled because the road was closed", True),
        ("What they found is that salt keeps", True),
        ("The price of salt", False),
        ("The issue is that if you sell", False),
        ("If you sell salt, you need a dry room", True),
        ("If you sell salt", False),
        ("They sell it to the", False),
        ("Because of the rain", False),
    ],
)
def test_a_whole_clause_is_told_from_a_fragment(words: str, whole: bool) -> None:
    assert is_whole(words) is whole


@pytest.mark.parametrize(
    ("words", "pointing"),
    [
        ("It broke last year", True),
        ("It is hard to sell salt in summer", False),
        ("They sold the mill", True),
        ("Bakers sold the mill", False),
    ],
)
def test_a_subject_without_a_name_is_noticed(words: str, pointing: bool) -> None:
    assert dangles(words) is pointing


def test_a_sentence_is_cut_only_where_both_sides_stand() -> None:
    long = "the mill lost its sails in the storm, but the owner kept it, and if nobody pays, it will fall"

    assert clauses(long) == [
        "the mill lost its sails in the storm,",
        "but the owner kept it,",
        "and if nobody pays, it will fall",
    ]


def test_the_headline_is_a_claim_without_what_leads_up_to_it() -> None:
    passage = (
        "So what we found is that small harbours lose their pilots first, because the big ports pay twice as much."
    )

    assert write_up(passage, speaker=None).headline == (
        "Small harbours lose their pilots first, because the big ports pay twice as much"
    )


def test_a_headline_too_long_is_cut_at_a_clause() -> None:
    passage = (
        "I think that small harbours lose their pilots before anyone else does, because the big ports along the "
        "southern coast pay twice as much and offer them a house."
    )

    headline = write_up(passage, speaker=None).headline
    assert headline in {
        "Small harbours lose their pilots",
        "Small harbours lose their pilots before anyone else does",
    }


def test_a_headline_is_not_cut_before_the_question_that_is_its_object() -> None:
    passage = (
        "The whole work of a harbour master is figuring out where the sand will settle after a storm, and then finding "
        "the money to move it before the first of the big ships comes in."
    )

    assert not write_up(passage, speaker=None).headline.endswith("figuring out")


def test_no_reading_is_cut_before_the_place_where_something_is_put() -> None:
    sentence = (
        "Captains of this coast never put their own boats in the hands of a pilot they had not sailed with for years."
    )

    shortenings = [text for text, _ in compressed(sentence)]

    assert "Captains of this coast never put their own boats" not in shortenings
    assert any("in the hands of a pilot" in text for text in shortenings)


@pytest.mark.parametrize(
    "fragment",
    [
        pytest.param("Knowing that the tides are slow and the sands wide", id="a participle without its clause"),
        pytest.param("The price of long harbour contracts", id="a name whose last word could be a verb"),
        pytest.param("As the storm moved on, since the harbour lost more", id="a condition after a condition"),
        pytest.param("In winter the reason a harbour can't move its sand", id="a reason that is not given"),
    ],
)
def test_a_fragment_is_no_whole_clause(fragment: str) -> None:
    assert is_broken(fragment)


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param("Knowing that the tides are slow is half of a pilot's work", id="a participle as the subject"),
        pytest.param("Knowing that the tides are slow, pilots wait for the wind", id="a participle with its clause"),
        pytest.param("The reason a harbour can't move its sand is money", id="a reason that is given"),
    ],
)
def test_a_clause_that_begins_like_a_fragment_is_whole(whole: str) -> None:
    assert not is_broken(whole)


@pytest.mark.parametrize(
    "weak",
    [
        pytest.param("The tides are turning", id="hardly a word of its own"),
        pytest.param("The price that a harbour asks of its captains is something", id="says that it is something"),
        pytest.param("Our first harbour was small, the second one is so much better", id="one stands for a noun"),
        pytest.param("Why wouldn't I buy a pilot's licence in a large harbour", id="asks with a denial"),
        pytest.param("If the storm is one of those, how do you move the ships", id="asks after a condition"),
        pytest.param("What percentage of your pilots come from small harbours", id="asks for a share"),
    ],
)
def test_what_says_little_or_asks_loses_clarity(weak: str) -> None:
    assert share_left(weak) < share_left("Small harbours lose their pilots because the big ports pay twice as much")


def test_what_leads_up_to_a_claim_goes_from_a_headline_that_is_cut_as_well() -> None:
    passage = (
        "I think that harbours are starting to understand the true value of a pilot and when they are thinking about "
        "having somebody on their boats."
    )

    assert write_up(passage, speaker=None).headline == "Harbours are starting to understand the true value of a pilot"


def test_a_condition_is_never_cut_from_a_headline() -> None:
    passage = (
        "The insurance pays for the whole of the damage to the boat and the harbour wall in every case "
        "if the captain was on board and awake when the storm began to move in from the west. Captains sleep at night."
    )

    assert write_up(passage, speaker=None).headline == "Captains sleep at night"


def test_the_claim_is_preferred_to_the_question_before_it() -> None:
    passage = "Why do pilots leave small harbours? Big ports pay them twice as much, so they move within a year."

    result = write_up(passage, speaker=None)

    assert result.headline.startswith("Big ports pay them twice as much")


def test_a_passage_is_brought_to_forty_to_sixty_words() -> None:
    passage = f"{FERRY} Anyway, what else happened that year? {FERRY.replace('ferry', 'tram').replace('boat', 'tram')}"

    text = write_up(passage, speaker=None).text

    assert 40 <= len(text.split()) <= 60
    assert "40 percent" in text


def test_a_text_begins_with_a_sentence_that_needs_none_before_it() -> None:
    passage = (
        "For that reason they never did it again. Small harbours lose their pilots because the big ports pay twice as "
        "much. A pilot who leaves takes his knowledge of the sands along, so the insurance rises within a year. Ships "
        "then choose the port with the cheaper insurance, and the harbour loses its freight too."
    )

    assert write_up(passage, speaker=None).text.startswith("Small harbours lose their pilots")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        pytest.param("I think that the harbours are dying of their fees.", "The harbours are dying", id="I think goes"),
        pytest.param("I think it was the end of all harbours.", "I think it was the end", id="but not before it"),
    ],
)
def test_an_opinion_without_a_known_speaker_is_read_without_its_preface(said: str, read: str) -> None:
    assert write_up(said, speaker=None).text.startswith(read)


def test_a_text_of_broken_sentences_is_less_clear_than_a_whole_one() -> None:
    claim = "Small harbours lose their pilots because the big ports pay twice as much."
    whole = "The big ports are never closed in winter. Their owners have deep pockets and pay every bill on time."
    broken = "The big ports are of I in winter for the. Their owners with if deep pockets is a it bill on time."

    assert write_up(f"{claim} {broken}", speaker=None).clarity < write_up(f"{claim} {whole}", speaker=None).clarity


def test_a_because_without_a_verb_of_its_own_does_not_begin_a_text() -> None:
    passage = (
        "Because in a harbour, if the crane breaks, you have a queue by noon and the captains begin to look at the "
        "next port along the coast."
    )

    assert not write_up(passage, speaker=None).text.startswith("Because")


def test_a_short_passage_is_filled_with_sentences_that_follow() -> None:
    passage = "Small harbours lose their pilots first."
    after = (
        "Big ports pay twice as much because they never close. That is why every pilot under forty has moved. And the"
    )

    text = write_up(passage, speaker=None, after=after).text

    assert text.startswith("Small harbours lose their pilots first. Big ports pay twice as much")
    assert not text.endswith("the.")


@pytest.mark.parametrize(
    ("passage", "start"),
    [
        pytest.param(
            "Because the boats must run every day, the company needs three captains.",
            "Ada Byron argues that because the boats must run every day, the company needs three captains.",
            id="an opinion is argued",
        ),
        pytest.param(
            "I think the ferry companies are closing too early in the autumn.",
            "Ada Byron thinks that the ferry companies are closing too early in the autumn.",
            id="what she thinks is thought",
        ),
        pytest.param(
            "The harbour has about 300 pilots for the whole of the coast.",
            "Ada Byron estimates that the harbour has about 300 pilots for the whole of the coast.",
            id="a rough number is estimated",
        ),
        pytest.param(
            "The harbour closed in 1986 after the storm took the wall.",
            "Ada Byron recalls that the harbour closed in 1986 after the storm took the wall.",
            id="the past is recalled",
        ),
        pytest.param(
            "NASA bought two of the boats for its engineers in the bay.",
            "Ada Byron says that NASA bought two of the boats",
            id="a name keeps its capitals",
        ),
    ],
)
def test_a_claim_in_the_third_person_is_attributed(passage: str, start: str) -> None:
    assert write_up(passage, speaker="Ada Byron").text.startswith(start)


@pytest.mark.parametrize(
    "passage",
    [
        pytest.param("Is it not strange that boats leave so early?", id="a question"),
        pytest.param("Sometimes called the low season, or often called winter.", id="a phrase without a subject"),
        pytest.param("It made no difference to the captain of the boat.", id="a pronoun without its noun"),
        pytest.param('The captain said "they are late" and left the harbour.', id="a quotation"),
    ],
)
def test_no_frame_stands_where_it_would_mislead(passage: str) -> None:
    assert "Ada Byron" not in write_up(passage, speaker="Ada Byron").text


@pytest.mark.parametrize(
    "passage",
    [
        pytest.param("We sold the boats because nobody came in winter.", id="first person"),
        pytest.param("The boats left early. I saw it every day for a year.", id="first person later on"),
        pytest.param("You should never sell a boat in winter.", id="second person"),
        pytest.param("Never sell a boat before the winter is over.", id="a command"),
    ],
)
def test_words_that_no_that_can_report_stand_as_the_speakers_own(passage: str) -> None:
    assert write_up(passage, speaker="Ada Byron").text == f"Ada Byron says: {passage}"


@pytest.mark.parametrize(
    ("speaker", "person"),
    [
        ("Ada Byron", True),
        ("Ludwig van Beethoven", True),
        ("Speaker 2", False),
        ("Host", False),
        ("ada", False),
        (None, False),
    ],
)
def test_only_a_full_name_is_taken_for_a_person(speaker: str | None, person: bool) -> None:
    assert names_a_person(speaker) is person


def test_noise_alone_gives_nothing() -> None:
    result = write_up("[music] Yeah. Um. >> Uh-huh.", speaker="Ada Byron")

    assert (result.headline, result.text) == ("", "")


def test_the_main_verb_is_the_one_of_the_main_clause() -> None:
    assert main_verb(cores("the boats that left early were empty")) == 5


@pytest.mark.parametrize(
    "question",
    ["Is it late", "Would harbours lose their pilots", "why do they leave", "They leave?", "What is the price"],
)
def test_questions_are_known_without_their_mark(question: str) -> None:
    assert is_question(question)


SPOKEN_WORDS = (
    "so um and but the the a boat boats company I we you it they that's said think because if when which is are was "
    'like you know kind of right? yeah. left leaves early, price 40 percent Ada. [music] >> " ( ) - … Utrecht, , '
    "ran costs more than twice well, what to of not uh, isn't it's don’t -- I, . ? ! i"
)
SPOKEN = st.lists(st.sampled_from(SPOKEN_WORDS.split()), max_size=160).map(" ".join)


@settings(deadline=None)
@given(passage=st.one_of(SPOKEN, st.text(max_size=400)), before=SPOKEN, after=SPOKEN, named=st.booleans())
@example(passage="If " * 90, before="", after="", named=True)
@example(passage=FERRY, before="", after="", named=True)
@example(passage="0)0", before="", after="", named=False)
def test_whatever_is_said_nothing_is_invented(passage: str, before: str, after: str, named: bool) -> None:
    speaker = "Ada Byron" if named else None

    result = write_up(passage, speaker=speaker, before=before, after=after)

    assert len(result.headline) <= 90
    assert len(result.text.split()) <= 60
    assert result == write_up(passage, speaker=speaker, before=before, after=after)
    text = result.text.removeprefix("Ada Byron") if named else result.text
    frame = FRAMES if text != result.text else set()
    assert words_of(f"{result.headline} {text}") <= words_of(f"{passage} {before} {after}") | frame


@given(st.one_of(SPOKEN, st.text(max_size=300)))
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("clear", "unclear"),
    [
        ("Big ports pay their pilots twice as much", "They pay them twice as much"),
        ("A town that bans evaporation needs a bigger power line", "You've taken the whole question off the table"),
        ("Most malicious releases get noticed in hours", "The reason is that most releases the"),
        ("A harbour without a crane loses its freight", "I agree with you, Brett"),
        ("The more a harbour charges, the fewer ships come", "The more you talk to captains of other ships"),
        ("Small harbours lose their freight to the big ports", "Ships wait it was late People could see a harbour"),
    ],
)
def test_a_claim_with_all_its_nouns_is_clearer_than_half_of_one(clear: str, unclear: str) -> None:
    scene = Scene.of([f"{clear}.", f"{unclear}."])

    first, second = judged([Shortening(clear, 0, 0.0), Shortening(unclear, 1, 0.0)], scene)

    assert 0 <= second.clarity < first.clarity <= 1


def test_an_answer_to_a_question_nobody_sees_is_no_headline_and_does_not_open_the_text() -> None:
    passage = (
        "Nearly always whoever deployed it. A harbour that lends its crane for nothing owes its users very little, "
        "because the courts look at who was paid for the crane. Even the new insurance rules go easier on harbours "
        "that lend a crane for nothing, unless they are very large."
    )

    result = write_up(passage, speaker=None)

    assert "whoever deployed it" not in result.headline
    assert not result.text.startswith("Nearly always")


def test_what_only_leads_up_to_a_claim_is_left_out_of_the_headline() -> None:
    passage = "What I'd say now is that open weights turn a trust problem into an inspection problem."

    assert write_up(passage, speaker=None).headline == ("Open weights turn a trust problem into an inspection problem")
