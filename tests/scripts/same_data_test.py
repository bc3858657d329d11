"""The data that a peer trains on are gpubench's own: the same golden numbers as tests/kernels/training/same_data_test.cpp.

usage: same_data_test.py [unittest arguments]; ends with 77 where there is no numpy
"""
import collections
import pathlib
import sys
import unittest
from unittest import mock

try:
    import numpy as np
except ImportError:
    print("skipped: this python has no numpy")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "peers"))
import same_data  # noqa: E402

SMALL_NETWORK = {0: (16, 3, 3, 3), 3: (16, 16, 1, 1), 9: (32, 16, 1, 1), 12: (32, 32, 3, 3), 15: (10, 32)}


def golden():
    for line in (ROOT / "tests" / "data" / "same_data.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            kind, seed, number, index, *values = line.split()
            yield kind, int(seed), int(number), int(index), [float(value) for value in values]


class SameData(unittest.TestCase):
    def test_every_golden_number_is_made_here_too(self):
        seen, batches = collections.Counter(), {}
        for kind, seed, number, index, values in golden():
            seen[kind] += 1
            if kind in ("pixel", "label") and (seed, number) not in batches:
                batches[seed, number] = same_data.Images(seed, 2).batch_of(number)
            with self.subTest(kind=kind, seed=seed, number=number, index=index):
                if kind == "normal":
                    random = same_data.Random(seed, number)
                    self.assertEqual(random.normal(index), values[0])
                    fast = random.normals_of(np.array([index], np.uint64))[0]
                    self.assertLess(abs(fast - values[0]), 1e-14 * max(1, abs(values[0])))
                elif kind == "parameter":
                    made = same_data.initial_values(seed, number, SMALL_NETWORK[number], 0.0, values[0])
                    self.assertEqual(made.ravel()[index], np.float32(values[1]))
                elif kind == "pixel":
                    self.assertEqual(batches[seed, number][0].ravel()[index], np.float32(values[0]))
                else:
                    self.assertEqual(batches[seed, number][1][index], values[0])
        for kind in ("normal", "parameter", "pixel", "label"):
            self.assertGreaterEqual(seen[kind], 4, kind)

    def test_where_a_rounding_is_unsure_the_c_library_has_the_word(self):
        middle = 1 + 2.0**-24  # between two floats
        with mock.patch.object(same_data.Random, "normals_of", lambda self, at: np.full(len(at), np.nextafter(middle, 2))), \
             mock.patch.object(same_data.Random, "normal", lambda self, at: float(np.nextafter(middle, 0))):
            made = same_data.initial_values(1, 0, (3,), 0.0, 1.0)
        self.assertEqual(made.tolist(), [1.0, 1.0, 1.0])

    def test_a_parameter_without_deviation_is_its_mean(self):
        self.assertTrue((same_data.initial_values(1, 5, (3, 2), 0.2, 0.0) == np.float32(0.2)).all())

    def test_tokens_are_those_of_gpubench(self):
        for seed, index, expected in ((1, 0, [13293, 282, 1895, 0, 64, 4]), (5, 3, [324, 4851, 0, 1410, 415, 7])):
            tokens, following = same_data.Tokens(seed, 2, 256).batch_of(index)
            some = [*tokens.ravel()[[0, 1, 255, 256, 511]], following.ravel()[511]]
            self.assertEqual([int(token) for token in some], expected)
            weights = np.arange(1, 513)
            if seed == 1:
                self.assertEqual(int((tokens.ravel() * weights).sum()), 539591027)

    def test_what_follows_a_token_is_the_next_one(self):
        tokens, following = same_data.Tokens(1, 2, 256).batch_of(0)
        self.assertTrue((tokens[:, 1:] == following[:, :-1]).all())
        self.assertTrue(0 <= tokens.min() and tokens.max() < 50257)


if __name__ == "__main__":
    unittest.main()
