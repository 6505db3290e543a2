# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Byte-pair encoding by rescanning everything for each merge, and distributions to sample from."""
import collections
import re

import torch

TEXT = ("It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, "
        "it was the epoch of belief, it was the epoch of incredulity...\n\n  aaaa aaaaaaa 1775 11 1111 \u00e4\u00f6\u00fc \u00e4\u00f6 ")


def words(text):
    kinds = rb" ?[A-Za-z\x80-\xff]+| ?[0-9]+| ?[^A-Za-z\x80-\xff0-9\t-\r ]+"
    return re.findall(kinds + rb"|[\t-\r ]+(?= " + kinds[2:].replace(rb"| ?", rb"| ") + rb")|[\t-\r ]+", text)


def replace(tokens, pair, new):
    out, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i:i + 2]) == pair:
            out.append(new)
            i += 2
        else:
            out.append(tokens[i])
            i += 1
    return out


def train(sequences, vocabulary, least):
    sequences, merges = [list(s) for s in sequences], []
    while 256 + len(merges) < vocabulary:
        counts = collections.Counter(p for s in sequences for p in zip(s, s[1:]))
        if not counts or max(counts.values()) < least:
            break
        pair = min(counts, key=lambda p: (-counts[p], p))
        sequences = [replace(s, pair, 256 + len(merges)) for s in sequences]
        merges.append(pair)
    return merges


def encode(sequences, merges):
    out = []
    for s in sequences:
        s = list(s)
        for i, pair in enumerate(merges):
            s = replace(s, pair, 256 + i)
        out += s
    return out


def distribution(logits, temperature, k, p):
    probability = (logits / temperature).softmax(1)
    sorted_, order = probability.sort(1, descending=True)
    sorted_[:, k:] = 0
    sorted_ = sorted_ / sorted_.sum(1, keepdim=True)
    sorted_[(sorted_.cumsum(1) - sorted_) >= p] = 0
    return torch.zeros_like(logits).scatter(1, order, sorted_ / sorted_.sum(1, keepdim=True))


def generate(golden):
    text = TEXT.encode()
    golden.put("text", torch.tensor(list(text)))
    for name, parts, vocabulary, least in (("words", words(text), 320, 2), ("plain", [text], 300, 2),
                                           ("all", words(text), 1000, 3)):
        assert b"".join(parts) == text
        merges = train(parts, vocabulary, least)
        golden.put(f"{name}.merges", torch.tensor(merges))
        golden.put(f"{name}.tokens", torch.tensor(encode(parts, merges)))
        other = text[::-1] + text[3:90]
        golden.put(f"{name}.other", torch.tensor(encode(words(other) if name != "plain" else [other], merges)))

    logits = 2 * golden.normal(3, 8)
    golden.put("logits", logits)
    for name, options in (("all", (0.7, 8, 1.0)), ("top_k", (1.0, 3, 1.0)), ("top_p", (1.5, 8, 0.6)), ("both", (2.0, 5, 0.8))):
        golden.put(f"distribution.{name}", distribution(logits, *options))
