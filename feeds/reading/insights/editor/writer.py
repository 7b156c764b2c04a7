"""The default writer: keeps, deletes and replaces words of the passage, and can invent none."""

from collections.abc import Iterable

import numpy as np

from feeds.reading.insights.editor.judgement import chances
from feeds.reading.insights.editor.network import answers_for, editor_network
from feeds.reading.insights.editor.offers import Offer, offers
from feeds.reading.insights.editor.sequence import Material, material, token_row
from feeds.reading.insights.extraction import EpisodeContext
from feeds.reading.insights.gate.rules import faults
from feeds.reading.insights.gate.verifier import LEAST_FAITHFUL, faithfulness
from feeds.reading.insights.writing import PassageToPrint, Written


class Editor:
    """A `Writer`: of all that could be printed it takes what an editor would most likely publish."""

    def write(self, passage: PassageToPrint, context: EpisodeContext) -> Written | None:
        read = material_of(passage, context)
        if not read.passage:
            return None
        answers = answers_for(token_row(read), editor_network())
        sound = faultless(offers(read, answers), passage=passage, context=context)
        if not sound:
            return None
        chance = chances(sound, read, answers)
        likeliest = (int(place) for place in np.argsort(-chance))
        return next(
            (
                Written(sound[place].headline, sound[place].text, round(float(chance[place]), 3))
                for place in likeliest
                if faithfulness(**_words_of(sound[place], passage, context)) >= LEAST_FAITHFUL
            ),
            None,
        )


def material_of(passage: PassageToPrint, context: EpisodeContext) -> Material:
    header = (context.show, context.title, ", ".join(context.guests), passage.speaker or "")
    return material(
        header=header, before=passage.before, passage=passage.text, after=passage.after, speaker=passage.speaker
    )


def faultless(found: Iterable[Offer], *, passage: PassageToPrint, context: EpisodeContext) -> list[Offer]:
    """The offers in which the rules find nothing."""
    return [one for one in found if not faults(**_words_of(one, passage, context))]


def _words_of(offer: Offer, passage: PassageToPrint, context: EpisodeContext) -> dict[str, str]:
    """What the gate compares."""
    known = (passage.speaker or "", context.show, context.title, *context.guests, *context.people)
    return {
        "headline": offer.headline,
        "text": offer.text,
        "passage": passage.text,
        "before": passage.before,
        "after": passage.after,
        "context": "\n".join(known),
    }
