"""What the log holds of a text proves it to whoever has the salt, and tells nobody else anything."""

import hmac
from hashlib import sha256

import pytest

from gongshi import ledger
from gongshi.ledger.commitments import canonical

SALT = bytes(range(32))


def test_a_commitment_is_hmac_sha256_of_the_exact_bytes():
    assert ledger.commitment(SALT, "反对。") == hmac.new(SALT, "反对。".encode(), sha256).hexdigest()


def test_hmac_is_that_of_rfc_4231():
    # Test case 1 of RFC 4231 has a key of 20 bytes; HMAC fills a key up with zero bytes to the length of a block.
    key = b"\x0b" * 20 + bytes(12)

    expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    assert ledger.commitment(key, "Hi There") == expected


def test_another_salt_or_another_byte_is_another_commitment():
    texts = ["e\u0301", "é", "é ", "É"]

    assert len({ledger.commitment(salt, text) for salt in (SALT, SALT[::-1]) for text in texts}) == 8


def test_salts_are_fresh_and_of_32_bytes():
    salts = {ledger.new_salt() for _ in range(100)}

    assert len(salts) == 100
    assert {len(salt) for salt in salts} == {32}


def test_a_salt_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        ledger.commitment(b"short", "text")


def test_a_digest_is_of_the_text_the_bytes_or_the_canonical_json():
    assert ledger.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert ledger.digest(b"abc") == ledger.digest("abc")
    assert ledger.digest({"b": [1, True, None], "a": "意"}) == ledger.digest('{"a":"意","b":[1,true,null]}')


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(1.5, id="a fraction"),
        pytest.param({1: "a"}, id="a key that is a number"),
        pytest.param([{"a": {1, 2}}], id="a set, deep inside"),
        pytest.param({"a": b"b"}, id="bytes"),
    ],
)
def test_what_other_languages_would_write_otherwise_has_no_canonical_json(value: object):
    with pytest.raises(ValueError, match=r"keys are strings|no canonical JSON"):
        canonical(value)
