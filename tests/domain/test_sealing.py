"""What is sealed opens where it was sealed and nowhere else, under keys that can be changed and destroyed."""

from pathlib import Path

import pytest

from gongshi.sealing import CannotOpen, KeyRing, Sealed

PLACE = "comment:2026-SL-01-0001:contact"
TEXT = "电话 010-0000-0000".encode()


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.load_or_create(tmp_path / "personal")


def test_what_was_sealed_opens_again_and_shows_nothing_until_then(ring: KeyRing) -> None:
    sealed = ring.seal(TEXT, PLACE)

    assert ring.open(sealed, PLACE) == TEXT
    assert TEXT not in sealed.data
    assert ring.seal(TEXT, PLACE).data != sealed.data


@pytest.mark.parametrize(
    "elsewhere",
    ["comment:2026-SL-01-0002:contact", "comment:2026-SL-01-0001:name", ""],
    ids=["another comment", "another field", "nowhere"],
)
def test_it_opens_in_no_other_place(ring: KeyRing, elsewhere: str) -> None:
    with pytest.raises(CannotOpen):
        ring.open(ring.seal(TEXT, PLACE), elsewhere)


def test_one_changed_bit_anywhere_and_it_does_not_open(ring: KeyRing) -> None:
    sealed = ring.seal(TEXT, PLACE)
    for place in range(len(sealed.data)):
        changed = bytearray(sealed.data)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            ring.open(Sealed(sealed.key_id, bytes(changed)), PLACE)
    with pytest.raises(CannotOpen):
        ring.open(Sealed(sealed.key_id, b""), PLACE)


def test_a_new_key_seals_from_then_on_and_the_old_one_still_opens(ring: KeyRing) -> None:
    before = ring.seal(TEXT, PLACE)

    fresh = ring.add()

    assert ring.primary == fresh
    assert ring.seal(TEXT, PLACE).key_id == fresh
    assert ring.open(before, PLACE) == TEXT
    assert ring.rewrap(before, PLACE).key_id == fresh
    assert ring.open(ring.rewrap(before, PLACE), PLACE) == TEXT


def test_the_id_of_the_key_cannot_be_exchanged_either(ring: KeyRing, tmp_path: Path) -> None:
    sealed = ring.seal(TEXT, PLACE)
    fresh = ring.add()
    folder = tmp_path / "personal"
    (folder / f"{fresh}.key").write_text((folder / f"{sealed.key_id}.key").read_text())

    with pytest.raises(CannotOpen):
        KeyRing(folder).open(Sealed(fresh, sealed.data), PLACE)


def test_a_destroyed_key_opens_nothing_even_for_a_process_that_had_used_it(ring: KeyRing, tmp_path: Path) -> None:
    elsewhere = KeyRing.load_or_create(tmp_path / "personal")
    sealed = elsewhere.seal(TEXT, PLACE)
    assert elsewhere.open(sealed, PLACE) == TEXT
    ring.add()

    ring.destroy(sealed.key_id)

    for one in (ring, elsewhere, KeyRing(tmp_path / "personal")):
        with pytest.raises(CannotOpen):
            one.open(sealed, PLACE)
    assert elsewhere.seal(TEXT, PLACE).key_id == ring.primary


def test_the_key_in_use_is_not_destroyed(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="make a new one first"):
        ring.destroy(ring.primary)


def test_keys_are_for_their_owner_alone_and_a_half_written_one_is_none(ring: KeyRing, tmp_path: Path) -> None:
    folder = tmp_path / "personal"
    (folder / ".0009-abcdef12.key").write_text("00")

    assert [path.stat().st_mode & 0o777 for path in folder.glob("0*.key")] == [0o600]
    assert folder.stat().st_mode & 0o077 == 0
    assert [id.split("-")[0] for id in ring.ids()] == ["0001"]


def test_a_ring_whose_keys_are_all_gone_says_so_and_names_no_text(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="no key is left"):
        KeyRing(tmp_path / "empty").seal(TEXT, PLACE)
