"""Which language a text is in: what was told of it, unless its own words say otherwise beyond doubt."""

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# A shorter text tells nothing against what was told; a longer one tells no more.
FEWEST_LETTERS = 200
_LOOKED_AT = 20_000
# How likely a language must be against what was told, and where nothing was.
_CERTAIN, _LIKELY = 0.98, 0.5
# Languages that are told apart by little; among them whoever tells is believed.
_ALIKE = ({"no", "nb", "nn", "da"}, {"hr", "sr", "bs"}, {"id", "ms"}, {"cs", "sk"}, {"gl", "pt"}, {"ur", "hi"})


def language_of(text: str, *, told: str = "") -> str:
    """A code as in “en” or “en-GB”; "" where nothing was told and the text does not tell.

    `told` is what feed or publisher say, in whatever form.
    """
    sample = text[:_LOOKED_AT]
    if sum(character.isalpha() for character in sample) < FEWEST_LETTERS:
        return told
    found, chance = _identifier().classify(sample)
    base = told.lower().replace("_", "-").partition("-")[0]
    is_told = base == found or any({base, found} <= group for group in _ALIKE)
    return told if is_told or chance < (_CERTAIN if told else _LIKELY) else str(found)


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
