#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Writes tests/fuzz/corpus: small files, whole and damaged, that the fuzzer starts from.

usage: corpus.py

checkpoint_json/whole is the list of a real checkpoint, and is only read here.
"""
import json
import pathlib
import struct

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"


def idx(kind, shape, elements, byte=">f"):
    return bytes([0, 0, kind, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + b"".join(
        struct.pack(byte, element) for element in elements)


def npy(descr, shape, elements, order="False", version=1):
    header = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + elements


def safetensors(header, elements):
    text = header if isinstance(header, str) else json.dumps(header, separators=(",", ":"))
    return struct.pack("<Q", len(text)) + text.encode() + elements


def entry(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def state(values, tensors, elements):
    return safetensors({"__metadata__": {"regimen.state": json.dumps(values)}, **tensors}, elements)


def files():
    two = struct.pack("<2f", 1.5, -2)
    yield "idx", {
        "bytes": idx(8, [2, 3], range(6), ">B"),
        "signed": idx(9, [2], [-1, 3], ">b"),
        "short": idx(11, [1, 2], [-300, 300], ">h"),
        "int": idx(12, [2], [1, 2], ">i"),
        "large_int": idx(12, [1], [2 ** 24 + 1], ">i"),
        "float": idx(13, [1, 1, 2], [0.5, -2]),
        "double": idx(14, [1], [float("inf")], ">d"),
        "empty": idx(13, [0, 5], []),
        "cut": idx(13, [2], [1]),
        "overflow": idx(14, [2 ** 32 - 1] * 4, [1], ">d"),
        "rank": idx(8, [1] * 9, [1], ">B"),
        "gzip": b"\x1f\x8b\x08\x00",
    }
    yield "npy", {
        "f4": npy("<f4", "(2,)", two),
        "f8": npy("<f8", "(1, 1)", struct.pack("<d", 1e300)),
        "i4": npy("<i4", "(1,)", struct.pack("<i", -7)),
        "i8": npy("<i8", "()", struct.pack("<q", 2 ** 62)),
        "u1": npy("|u1", "(3,)", b"\0\1\xff", version=2),
        "none": npy("<f4", "(0, 3)", b""),
        "fortran": npy("<f4", "(2,)", two, order="True"),
        "cut": npy("<f4", "(3,)", two),
        "overflow": npy("<f4", "(9223372036854775807, 2)", two),
        "rank": npy("<f4", "(1,1,1,1,1,1,1,1,1,2)", two),
        "twice": npy("<f4", "(2,), 'shape': (2,)", two),
        "big_endian": npy(">f4", "(2,)", two),
    }
    yield "csv", {  # the first byte chooses among the options: 1 semicolons, 2 a header, 4 and 8 lines to skip, 16 NaN
        "plain": b"\0" b"1,2\n3,4\n",
        "header": b"\2" b"a,b\n1,-2e3\n",
        "semicolons": b"\1" b"1;2.5\r\n+3;4\r\n",
        "skip": b"\6" b"comment\na,b\n1,2\n",
        "quotes": b"\2" b'"a ""x""","b\nc"\n"1", 2 \n',
        "missing": b"\x10" b"1,\nNA,2\n?,nan\n",
        "missing_refused": b"\0" b"1,\n",
        "lengths": b"\0" b"1,2\n3\n",
        "range": b"\0" b"1e999,1\n",
        "infinite": b"\0" b"inf,-inf\n",
        "open_quote": b"\0" b'"1,2\n',
        "mark": b"\0" b"\xef\xbb\xbf1,2\n",
        "blank": b"\0" b"\n \n1\n\n",
        "nothing": b"\2",
    }
    yield "safetensors", {
        "float": safetensors({"a": entry("F32", [2], 0, 8)}, two),
        "three": safetensors({"a": entry("F64", [1], 0, 8), "b": entry("I64", [], 8, 16), "c": entry("F32", [0], 16, 16),
                              "__metadata__": {"format": "pt"}}, bytes(16)),
        "empty": safetensors({}, b""),
        "gap": safetensors({"a": entry("F32", [1], 4, 8)}, two),
        "overlap": safetensors({"a": entry("F32", [2], 0, 8), "b": entry("F32", [2], 0, 8)}, two),
        "cut": safetensors({"a": entry("F32", [4], 0, 16)}, two),
        "overflow": safetensors({"a": entry("F32", [2 ** 63 - 1, 4], 0, 8)}, two),
        "half": safetensors({"a": entry("F16", [4], 0, 8)}, two),
        "twice": safetensors('{"a":1,"a":2}', b""),
        "zeros": safetensors('{"a":0.0000000000000000000000000000000}', b""),
        "deep": safetensors("[" * 50, b""),
        "long": struct.pack("<Q", 2 ** 63) + b"{}",
    }
    yield "state_file", {
        "all": state([["w", "tensor"], ["n", "integer", -3], ["x", "number", 0.5], ["nan", "number", "0x7ff8000000000000"],
                      ["b", "bool", True], ["deep.text", "text", "\u00e4"]], {"w": entry("F32", [2], 0, 8)}, two),
        "nothing": state([], {}, b""),
        "twice": state([["n", "integer", 1], ["n", "integer", 1]], {}, b""),
        "no_name": state([["a..b", "integer", 1]], {}, b""),
        "wide": state([["n", "integer", 2 ** 63]], {}, b""),
        "missing": state([["w", "tensor"]], {}, b""),
        "extra": state([], {"w": entry("F32", [2], 0, 8)}, two),
        "wrong": state([["n", "integer", 1.5]], {}, b""),
        "bits": state([["n", "number", "0x7ff800000000000g"]], {}, b""),
    }
    yield "bpe", {
        "merges": b'{"regimen.bpe":1,"words":true,"special":["<end>"],"merges":[\n[104,101],\n[256,108],\n[32,257]]}\n',
        "plain": b'{"regimen.bpe":1,"words":false,"special":[],"merges":[[97,97],[256,256],[44,91]]}',
        "special": b'{"regimen.bpe":1,"words":true,"special":["a","aa","\\u00e4\\n"],"merges":[]}',
        "doubling": json.dumps({"regimen.bpe": 1, "words": False, "special": [],
                                "merges": [[97, 97]] + [[i, i] for i in range(256, 290)]}).encode(),
        "later": b'{"regimen.bpe":1,"words":true,"special":[],"merges":[[97,256]]}',
        "negative": b'{"regimen.bpe":1,"words":true,"special":[],"merges":[[-1,9223372036854775807]]}',
        "twice": b'{"regimen.bpe":1,"words":true,"special":["a","a"],"merges":[[97,98],[97,98]]}',
        "zero": b'{"regimen.bpe":0E040,"words":true,"special":[],"merges":[]}',
        "version": b'{"regimen.bpe":2,"words":true,"special":[],"merges":[]}',
        "deep": b'{"regimen.bpe":1,"words":true,"special":[],"merges":[[[97],98]]}',
        "nothing": b"{}",
    }
    whole = CORPUS / "checkpoint_json" / "whole"
    text = whole.read_text(encoding="utf-8")
    yield "checkpoint_json", {
        "other_phase": text.replace('["phase","integer",0]', '["phase","integer",1]').encode(),
        "last_epoch": text.replace('.epoch","integer",1]', f'.epoch","integer",{2 ** 63 - 1}]').encode(),
        "last_step": text.replace('step","integer",2]', f'step","integer",{2 ** 63 - 1}]').encode(),
        "negative": text.replace('"integer",2]', '"integer",-2]').encode(),
        "nothing": b"[]",
    }


if __name__ == "__main__":
    for target, contents in files():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        print(f"{target}: {len(contents)} files")
