"""Fit what is read off the finished network: true chances, page confidence, and the linear echo for reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrubber.tagger import reasons
from scrubber.tagger.features import TOP, Floats, extract
from scrubber.tagger.inference import run
from scrubber.tagger.reasons import MARKUP, MIDDLE, PARTS, TRAITS, Weighing
from scrubber.tagger.threshold import choose_threshold, expected_f1
from scrubber.tagger.tokens import Characters, Ints
from scrubber.tagger.train import scores
from scrubber.tagger.train.data import HTML, Example, Sample
from scrubber.tagger.weights import SCALE, Calibration, Weights, log_odds

ROUNDS = 30  # Newton steps; a fit of three numbers settles in fewer than ten
RIDGE = 1e-3  # keeps a fit defined when its inputs say the same
NONE_RIDGE = 1.0  # few pages have no article: hold their fit back
FIRM = 4.0  # logits beyond this are as firm as this to the linear echo
SMOOTH = 8.0  # uses of a word that its log-odds are held back by
MOST_PAGES = 1200  # pages that the linear echo is fitted to, half of them with their DOM

Doubles = NDArray[np.float64]


class Answer(NamedTuple):
    """The networks' answer to one page they were not trained on: `logits` and `words` by line, `page` heads, logits."""

    sample: Sample
    example: Example
    logits: Floats
    words: Ints
    page: Floats


def answers(
    samples: Sequence[Sample], weights: Weights, characters: Characters, way: str = "blocks"
) -> Iterator[Answer]:
    """Run the networks over samples, page by page."""
    for sample in samples:
        example = sample.examples[way]
        batch = extract([example.lines], characters, [example.doms])
        out = run(batch, weights)
        yield Answer(sample, example, logits(out.keep), batch.words, logits(out.page[0]))


def logits(levels: Floats) -> Floats:
    """Levels of a head as logits."""
    return levels / np.float32(SCALE)


def calibrate(found: Sequence[Answer]) -> Calibration:
    """Fit the calibration on answers to pages with a reference."""
    judged = [answer for answer in found if answer.sample.reference is not None]
    keep = fit_keep(judged)
    table = Calibration(keep=keep)
    rows, quality, none = [], [], []
    for answer in judged:
        expected, f1 = outcome(answer, table)
        rows.append([answer.page[-1], answer.page[-2], log_odds(expected), 1.0])
        quality.append(f1)
        none.append(float(not (answer.sample.reference or "").strip()))
    inputs = np.array(rows)
    good = logistic(inputs[:, [0, 2, 3]], np.array(quality), np.ones(len(rows)))
    empty = logistic(inputs[:, [1, 2, 3]], np.array(none), np.ones(len(rows)), NONE_RIDGE)
    return Calibration(keep, triple(good), triple(empty))


def triple(values: Doubles) -> tuple[float, float, float]:
    """Three fitted numbers, to four places."""
    first, second, third = (round(float(value), 4) for value in values)
    return first, second, third


def fit_keep(judged: Sequence[Answer]) -> tuple[float, float]:
    """Slope and offset of the line logits; a page counts once, its lines by their words."""
    said = np.concatenate([answer.logits for answer in judged]).astype(np.float64)
    keep = np.concatenate([answer.example.keep for answer in judged]).astype(np.float64)
    weight = np.concatenate([(answer.words + 1) / (answer.words.sum() + 50) for answer in judged])
    slope, offset = logistic(np.column_stack([said, np.ones_like(said)]), keep, weight)
    return round(float(slope), 4), round(float(offset), 4)


def outcome(answer: Answer, calibration: Calibration) -> tuple[float, float]:
    """The expected and the true word F1 of the answer, cut as the tagger would cut it."""
    slope, offset = calibration.keep
    keep = (1 / (1 + np.exp(-(slope * answer.logits.astype(np.float64) + offset)))).round(4).tolist()
    words = answer.words.tolist()
    threshold = choose_threshold(keep, words, raw=answer.example.doms is not None)
    lines = answer.example.lines
    text = "\n".join(line for line, chance in zip(lines, keep, strict=True) if chance >= threshold)
    return expected_f1(keep, words, threshold), scores.word_f1(text, answer.sample.reference or "")


def logistic(inputs: Doubles, wanted: Doubles, weight: Doubles, ridge: float = RIDGE) -> Doubles:
    """Logistic regression by Newton's method; `wanted` may be shares. Coefficients in the order of the columns."""
    fitted = np.zeros(inputs.shape[1])
    for _ in range(ROUNDS):
        guess = 1 / (1 + np.exp(-np.clip(inputs @ fitted, -30, 30)))
        slope = inputs.T @ (weight * (wanted - guess)) - ridge * fitted
        bend = (inputs * (weight * guess * (1 - guess))[:, None]).T @ inputs + ridge * np.eye(len(fitted))
        fitted = fitted + np.linalg.solve(bend, slope)
    return fitted


def weigh(samples: Sequence[Sample], weights: Weights, characters: Characters) -> Weighing:
    """Fit the linear echo: which traits go with the networks' answers, line by line."""
    some = samples[:MOST_PAGES]
    examples = [sample.examples[HTML if index % 2 else "blocks"] for index, sample in enumerate(some)]
    read = [extract([example.lines], characters, [example.doms]) for example in examples]
    ids = [weights.words.ids(batch) for batch in read]
    mark_ids = [weights.marks.mark_ids(batch) for batch in read]
    mark_lines = [np.repeat(np.arange(len(batch.marked)), batch.marked) for batch in read]
    words = tones(examples, [batch.line_of for batch in read], ids, len(weights.networks[0].table))
    marks = tones(examples, mark_lines, mark_ids, len(weights.networks[0].mark_table))
    usual = np.zeros(len(TRAITS), np.float32)
    usual[MARKUP] = MIDDLE
    known = Weighing(usual, usual, words, marks)
    seen: Any = np.concatenate([reasons.traits(*row, known) for row in zip(read, ids, mark_ids, strict=True)])
    said = np.concatenate([logits(run(batch, weights).keep) for batch in read])
    said = np.clip(said, -FIRM, FIRM).astype(np.float64)
    usual = seen.astype(np.float64).mean(axis=0)
    centred = seen - usual
    bend = centred.T @ centred + len(seen) * np.eye(centred.shape[1])
    weight = np.linalg.solve(bend, centred.T @ (said - said.mean()))
    return Weighing(usual.round(2).astype(np.float32), weight.round(5).astype(np.float32), words, marks)


def tones(examples: Sequence[Example], lines: Sequence[Ints], ids: Sequence[Ints], size: int) -> NDArray[np.int8]:
    """How much more the article uses each token or mark than the rest does: smoothed log-odds, in `PARTS`."""
    kept, every = np.zeros(size), np.zeros(size)
    for example, line_of, rows in zip(examples, lines, ids, strict=True):
        trusted = example.weight[line_of]
        kept += np.bincount(rows, weights=trusted * example.keep[line_of], minlength=size)
        every += np.bincount(rows, weights=trusted, minlength=size)
    usual = kept.sum() / every.sum()
    odds = (kept + SMOOTH * usual) / (every - kept + SMOOTH * (1 - usual)) * (1 - usual) / usual
    tone: NDArray[np.int8] = np.clip(np.rint(np.log(odds) * PARTS), -TOP, TOP).astype(np.int8)
    return tone
