#!/usr/bin/env python3
"""r01_json.py - R1: JSONTestSuite and go-fuzz's corpus of JSON, whole and cut.

A body must be an object, so every text of the suite is sent three times: as it is; as the value of
`model`, which no other reader than that of JSON sees; and as the value of `outputs`, where what engines
send that is nearly JSON is mended.  What counts is whether it is taken for JSON, whatever else is wrong."""
import os

from drive import Drive, driver, is_json, wrapped
from hostile import Suite, load, shared_data

SIZES = [1, 2, 3, 7, 64, 4096]
PLACES = {"alone": lambda text: text, "model": lambda text: wrapped(b"model", text),
          "outputs": lambda text: wrapped(b"outputs", text)}

# n_: not JSON; a 400 everywhere but for these.
MENDED = {"n_number_NaN", "n_number_infinity", "n_number_minus_infinity"}  # Python's words, in outputs

# y_: JSON; taken but for these, which are refused by name (docs/reference.md).
TWICE = {"y_object_duplicated_key", "y_object_duplicated_key_and_value"}
NULS = {"y_object_escaped_null_in_key", "y_string_null_escape"}  # taken in outputs

# i_: up to whoever reads.  Numbers that vanish are 0; numbers beyond doubles, or integers beyond 64 bits, are a
# 422; lone surrogates are refused but in outputs; all else is not taken.
VANISH = {"i_number_double_huge_neg_exp", "i_number_real_underflow"}
BEYOND = {"i_number_huge_exp", "i_number_neg_int_huge_exp", "i_number_pos_double_huge_exp",
          "i_number_real_neg_overflow", "i_number_real_pos_overflow", "i_number_too_big_neg_int",
          "i_number_too_big_pos_int", "i_number_very_big_negative_int"}
LONE = {"i_object_key_lone_2nd_surrogate", "i_string_1st_surrogate_but_2nd_missing",
        "i_string_1st_valid_surrogate_2nd_invalid", "i_string_incomplete_surrogate_and_escape_valid",
        "i_string_incomplete_surrogate_pair", "i_string_incomplete_surrogates_escape_valid",
        "i_string_invalid_lonely_surrogate", "i_string_invalid_surrogate",
        "i_string_inverted_surrogates_U+1D11E", "i_string_lone_second_surrogate"}
NOT_TAKEN = {"i_string_UTF-16LE_with_BOM", "i_string_UTF-8_invalid_sequence", "i_string_UTF8_surrogate_U+D800",
             "i_string_invalid_utf-8", "i_string_iso_latin_1", "i_string_lone_utf8_continuation_byte",
             "i_string_not_in_unicode_range", "i_string_overlong_sequence_2_bytes",
             "i_string_overlong_sequence_6_bytes", "i_string_overlong_sequence_6_bytes_null",
             "i_string_truncated-utf-8", "i_string_utf16BE_no_BOM", "i_string_utf16LE_no_BOM",
             "i_structure_500_nested_arrays", "i_structure_UTF-8_BOM_empty_object"}

TAKEN, REFUSED, BIG = "taken for JSON", "no JSON", "a number beyond doubles"


def verdict(reply):
    if not is_json(reply):
        return REFUSED if reply.status == 400 else f"{reply.status} {reply.code}"
    return BIG if reply.code == "out_of_range" else TAKEN


def is_lonely(text):
    """Whether a text is no object or array: alone it is no body."""
    return text.strip()[:1] not in (b"{", b"[")


def expected(name, place, text):
    if name in BEYOND:
        return TAKEN if place == "outputs" else BIG
    if name[0] == "n":
        return TAKEN if name in MENDED and place == "outputs" else REFUSED
    if name in TWICE | NOT_TAKEN or (name[0] == "y" and place == "alone" and is_lonely(text)):
        return REFUSED
    if name in NULS | LONE:
        return TAKEN if place == "outputs" else REFUSED
    return TAKEN


def check_conformance(suite, path, build):
    folder = shared_data("jsontestsuite")
    if not folder:
        suite.skip("JSONTestSuite is not beside the checkout")
        return
    folder = os.path.join(folder, "test_parsing")
    texts = {name[:-5]: load(os.path.join(folder, name)) for name in sorted(os.listdir(folder))}
    suite.check({n for n in texts if n[0] == "i"} == VANISH | BEYOND | LONE | NOT_TAKEN, "the table has every i_")
    for place, put in PLACES.items():
        drive = Drive(path, [put(text) for text in texts.values()], *SIZES)
        suite.check(not drive.trouble, f"{build}, {place}: {drive.trouble}")
        for (name, text), reply in zip(texts.items(), drive.replies):
            if suite.check(not isinstance(reply, str), f"{build}, {place}: {name}: {reply}"):
                right = expected(name, place, text)
                suite.check(verdict(reply) == right, f"{build}, {place}: {name}: {reply}, not {right}")
    suite.figure("texts of JSONTestSuite", len(texts))


def check_corpus(suite, path, build):
    """Nothing crashes, and no cut changes an answer."""
    folder = shared_data("http")
    folder = folder and os.path.join(folder, "dvyukov+go-fuzz-corpus", "json")
    if not folder or not os.path.isdir(folder):
        suite.skip("go-fuzz's corpus is not beside the checkout")
        return
    files = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)
    texts = [load(name) for name in files]
    drive = Drive(path, texts + [wrapped(b"outputs", text) for text in texts], 1, 7, 64)
    suite.check(not drive.trouble, f"{build}, go-fuzz: {drive.trouble}")
    for name, reply in zip(files + files, drive.replies):
        suite.check(not isinstance(reply, str) and reply.status < 500, f"{build}: {name}: {reply}")
    suite.figure("texts of go-fuzz's corpus", len(texts))


def main():
    suite = Suite("R1", "JSON conformance",
                  "Every text of JSONTestSuite, alone, as `model` and as `outputs`, and every text of go-fuzz's "
                  "corpus; each whole and in pieces of 1, 2, 3, 7, 64 and 4,096 bytes. The verdict must be that of a "
                  "table, the same for all pieces.", limit=120)
    builds = {"release": driver(suite.program), "sanitized": driver(suite.sanitized)}
    for build, path in builds.items():
        if not suite.check(path, f"the driver of the {build} build is there (make drivers)"):
            continue
        check_conformance(suite, path, build)
        check_corpus(suite, path, build)
    suite.figure("sizes of pieces", len(SIZES) + 1)
    suite.close()


main()
