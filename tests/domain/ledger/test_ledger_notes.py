"""Signed notes are those of c2sp.org/signed-note: the reference implementation's keys and notes are ours too."""

import pytest

from gongshi.ledger import notes
from gongshi.ledger.notes import MalformedNote, Note, NotSigned, SigningKey, VerifierKey

# The published example of the Go reference implementation (golang.org/x/mod/sumdb/note).
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"  # noqa: S105  Published.
PETER_SIGNED = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ENOCH_SIGNED = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
NOTE = f"{TEXT}\n{PETER_SIGNED}{ENOCH_SIGNED}"


def test_we_sign_the_very_bytes_that_the_reference_implementation_signs():
    assert str(notes.sign(TEXT, SigningKey.parse(PETERS_SECRET))) == f"{TEXT}\n{PETER_SIGNED}"


@pytest.mark.parametrize("key", [PETER, ENOCH])
def test_a_key_is_read_and_written_in_its_public_form(key: str):
    assert str(VerifierKey.parse(key)) == key


def test_a_signing_key_is_written_as_it_was_read():
    key = SigningKey.parse(PETERS_SECRET)

    assert key.export() == PETERS_SECRET
    assert str(key.verifier) == PETER


def test_a_new_key_signs_what_its_verifier_accepts():
    key = SigningKey.generate("gongshi.example/ledger")

    note = notes.verify(str(notes.sign("标题\n\n正文\n", key)), [VerifierKey.parse(str(key.verifier))])

    assert note.text == "标题\n\n正文\n"


@pytest.mark.parametrize("known", [[PETER], [ENOCH], [PETER, ENOCH]])
def test_one_known_signature_suffices_and_unknown_ones_are_carried_along(known: list[str]):
    note = notes.verify(NOTE, map(VerifierKey.parse, known))

    assert note.text == TEXT
    assert [signature.name for signature in note.signatures] == ["PeterNeumann", "EnochRoot"]
    assert str(note) == NOTE


def test_a_note_that_nobody_we_know_has_signed_is_refused():
    stranger = SigningKey.generate("PeterNeumann").verifier

    with pytest.raises(NotSigned, match="no known key"):
        notes.verify(NOTE, [stranger])
    with pytest.raises(NotSigned, match="no known key"):
        notes.verify(NOTE, [])


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(NOTE.replace("cryptography", "Cryptography"), id="another text"),
        pytest.param(NOTE.replace("/ZJkuBS9", "/ZJkuBS8"), id="another signature"),
        pytest.param(f"{TEXT}\n{ENOCH_SIGNED}{PETER_SIGNED.replace('BwJnAM=', 'BwJnAMA')}", id="a longer signature"),
    ],
)
def test_a_false_signature_of_a_known_key_condemns_the_note(forged: str):
    with pytest.raises(NotSigned, match="PeterNeumann is not over this text"):
        notes.verify(forged, [VerifierKey.parse(PETER)])


def test_a_false_signature_counts_even_beside_a_true_one():
    forged = NOTE.replace("/ZJkuBS9", "/ZJkuBS8")

    with pytest.raises(NotSigned, match="PeterNeumann"):
        notes.verify(forged, [VerifierKey.parse(ENOCH), VerifierKey.parse(PETER)])


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(TEXT, id="no signature"),
        pytest.param(TEXT + "\n", id="an empty line and no more"),
        pytest.param(f"{TEXT}\n{PETER_SIGNED[:-1]}", id="no newline at the end"),
        pytest.param(f"\x01{TEXT}\n{PETER_SIGNED}", id="a control character"),
        pytest.param(f"{TEXT}\n{PETER_SIGNED}Unexpected line.\n", id="a line that is no signature"),
        pytest.param(f"{TEXT}\n{PETER_SIGNED.replace('PeterNeumann', 'Bad Name')}", id="a name with a space"),
        pytest.param(f"{TEXT}\n{PETER_SIGNED.replace('PeterNeumann', 'a+b')}", id="a name with a plus"),
        pytest.param(f"{TEXT}\n— PeterNeumann x08g\n", id="a signature without a key id"),
        pytest.param(f"{TEXT}\n— PeterNeumann x08go=\n", id="base64 that is none"),
        pytest.param(f"{TEXT}\n{PETER_SIGNED * 101}", id="too many signatures"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_not_a_note_is_refused(written: str):
    with pytest.raises(MalformedNote):
        notes.verify(written, [VerifierKey.parse(PETER)])


def test_every_mangled_verifier_key_is_refused():
    mangled = {PETER[start:stop] for start in range(len(PETER)) for stop in range(start + 1, len(PETER) + 1)} - {PETER}
    mangled |= {PETER[:i] + chr(ord(PETER[i]) + 1) + PETER[i + 1 :] for i in range(len(PETER))}

    for key in mangled:
        with pytest.raises(MalformedNote):
            VerifierKey.parse(key)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", id="an unknown algorithm"),
        pytest.param("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", id="a long key"),
    ],
)
def test_a_key_of_another_kind_is_refused_though_its_id_is_right(key: str):
    with pytest.raises(MalformedNote, match="not an Ed25519 key"):
        VerifierKey.parse(key)


def test_a_mangled_signing_key_is_refused():
    for mangled in (PETER, PETERS_SECRET[:-4], PETERS_SECRET.replace("c74f20a3", "c74f20a4"), ""):
        with pytest.raises(MalformedNote):
            SigningKey.parse(mangled)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\x01b", "a\u3000b"])
def test_a_name_that_no_note_could_carry_gets_no_key(name: str):
    with pytest.raises(MalformedNote, match="name"):
        SigningKey.generate(name)


@pytest.mark.parametrize("text", ["no newline", "", "a\tb\n", "a\r\n"])
def test_a_text_that_no_note_could_carry_is_not_signed(text: str):
    with pytest.raises(MalformedNote):
        notes.sign(text, SigningKey.parse(PETERS_SECRET))


def test_the_text_ends_at_the_last_empty_line():
    key = SigningKey.parse(PETERS_SECRET)

    note: Note = notes.parse(str(notes.sign("one\n\n— two\n\nthree\n", key)))

    assert note.text == "one\n\n— two\n\nthree\n"
