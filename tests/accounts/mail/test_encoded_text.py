import copy
import quopri
import re

from hypothesis import example, given
from hypothesis import strategies as st

from accounts.mail.encoded_text import EncodedText, joined

# Runs longer than a line, and what the encoding treats in its own way: =, dots, spaces, both line ends.
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.lists(
        st.sampled_from(["x" * 74, "=", ".", " ", "\t", "\n", "\r\n", "\r", "é", "🎧", "From ", "https://a.example/"])
    ).map("".join),
)


def decoded(encoded: bytes) -> str:
    return quopri.decodestring(encoded).decode().replace("\r\n", "\n")


@given(st.lists(TEXTS, max_size=8))
@example([f"{'x' * 75} \n"])
@example([f"From {'x' * 70}", f"From {'y' * 71}\n"])
def test_whatever_is_joined_is_read_back_and_keeps_to_the_line(texts: list[str]) -> None:
    whole = joined([EncodedText(text) for text in texts])
    assert str(whole) == "".join(texts)
    assert decoded(whole.encoded) == "".join(re.sub("\r\n?", "\n", text) for text in texts)
    assert whole.encoded.isascii()
    assert max(map(len, whole.encoded.split(b"\r\n"))) <= 76
    assert not re.search(rb"^From ", whole.encoded, re.MULTILINE)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", whole.encoded)


def test_a_copy_knows_both_forms() -> None:
    whole = joined([EncodedText("Crème "), EncodedText("brûlée")])
    other = copy.deepcopy(whole)
    assert (other, other.encoded) == (whole, whole.encoded)
