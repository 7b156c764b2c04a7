"""The wordings by which the value gate knows advertisement, platitude, topic and opinion."""

import re


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


LINK = _any_of(
    r"https?:|www\.|[\w.]+@\w|(?<!\w)[@#]\w",
    r"\b[\w-]+\.(?:com|org|net|io|co|ai|fm|tv|app|dev|example)\b",
    r"\b\w+ dot com\b",
)
PROMOTION = _any_of(
    r"\b(?:promo|discount|coupon|referral) codes?\b",
    r"\buse (?:the )?code\b",
    r"\b(?:percent|%) off\b",
    r"\bfree trial\b",
    r"\bbrought to you by\b",
    r"\b(?:today['’]?s|our|this episode['’]?s|show['’]?s) sponsors?\b",
    r"\bsponsored by\b",
    r"\bsubscribe to (?:the|our|my|this) (?:show|podcast|channel|newsletter|feed)\b",
    r"\b(?:rate|review)(?: and review)? (?:us|the show|this podcast)\b",
    r"\blink in the (?:show notes|description|bio)\b",
    r"\bshow notes\b",
    r"\bsign up (?:at|today|now|for free)\b",
    r"\b(?:head|go|visit)(?: on)?(?: over)? to [\w ]{0,20}\.\w",
    r"\bpatreon\b",
    r"\bbuy (?:now|today)\b",
    r"\bmoney[- ]back guarantee\b",
    r"\blimited[- ]time\b",
    r"\bget started (?:today|for free)\b",
)
TOPIC = _any_of(
    r"^(?:the )?(?:importance|power|role|future|rise|impact|benefits?|art|value|challenges?|history|evolution|basics|"
    r"story) of\b(?!.*\b(?:is|are|was|were|lies?|comes?|depends?|makes?|means?|has|have|will|can)\b)",
    r"^(?:how to|understanding|exploring|introduction to|an? (?:overview|introduction|look)|discussi(?:on|ng))\b",
    r"^(?:insights? (?:on|into|from)|thoughts on|lessons (?:from|on)|why you should listen)\b",
)
_VERY = r"(?:(?:very|so|really|truly|always|absolutely|more) )*"
PLATITUDE = _any_of(
    rf"\b(?:is|are|remains?) {_VERY}(?:important|key|crucial|essential|critical|vital|powerful|everything|complex|"
    r"a (?:key|journey|process|balance))(?:\W*$| (?:than ever|for (?:success|everyone|growth)|to success|in life|"
    r"in business|in today['’]s world|nowadays)\b)",
    r"\bplays? an? (?:key|crucial|vital|important|big) role\b",
    r"\bin today['’]s (?:fast[- ]paced|modern|digital|changing) world\b",
    r"\bpros and cons\b",
    r"\b(?:hard work|consistency|persistence) pays off\b",
    r"\bthe (?:future|possibilities) (?:is|are) (?:bright|exciting|endless|here)\b",
    r"\bcan (?:change|transform) (?:your life|everything|the world)\b",
    r"\bgame[- ]chang",
)
# What makes even a platitude specific: a number, a mechanism, a contrast.
SPECIFIC = _any_of(
    r"\d",
    r"\b(?:because|since|so that|rather than|instead of|unless|whereas|while|as a result|by \w+ing|without)\b",
    r"\b(?:therefore|which (?:means|makes|lets|forces)|leads? to|led to|forc\w+|allow\w*|caus\w+|until)\b",
    r"\b(?:percent|half|twice)\b",
)
OPINION_SAID = _any_of(
    r"\b(?:in my (?:opinion|view|judge?ment)|my (?:view|opinion|sense|bet|guess|hunch|prediction|hope|fear) is)\b",
    r"\bI(?:['’]d| would) (?:argue|bet|guess|predict)\b",
    r"\bI (?:(?:personally|really|strongly|still|also|firmly) )?"
    r"(?:think|believe|suspect|predict|bet|guess|feel like|reckon)\b",
)
_SAYING = (
    r"argu|believ|think|thought|predict|expect|suspect|estimat|contend|claim|maintain|propos|posit|suggest|warn|insist|"
    r"reckon|doubt|fear|hope|recommend|advis|consider|describ|attribut|credit|envision|say|said|call|see|regard|view|"
    r"caution|recall|question|worr|prefer|advocat|explain|note|observ|find|criticis|criticiz|conclud|admit|urge|defend|"
    r"reject|favou?r|compar|emphasi[sz]|stress|point|tell|told|hold|treat|rank|blame|liken|rate|judge|ask|want|challeng|"
    r"acknowledg|report"
)
ATTRIBUTED = _any_of(
    rf"\b(?:{_SAYING})(?:e?s|ed|d|es|ies|ing)?\b",
    r"\baccording to\b",
    r"\bin (?:his|her|their|the speaker['’]s|\w+['’]s?) (?:view|opinion|experience|judge?ment|account)\b",
)
THE_SPEAKER = _any_of(r"\bthe speaker\b")
# “Ada Berg argues that”: whoever stands there is said to have said it.
CLAIMANT = re.compile(r"(?:^|(?<=[.!?] ))((?:[A-ZÀ-Þ][\w.'’-]*\s+){1,4})(?=(\w+) that\b)")
# A word in capitals inside of a sentence.
NAME = re.compile(r"(?<![.!?:“\"'‘] )(?<!^)\b[A-ZÀ-Þ][\w'’.&-]*\w")
