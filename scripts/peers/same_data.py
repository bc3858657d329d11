"""The initial weights, images and labels of gpubench, made again with numpy: equal seeds, equal bits.

What is written here once more stands in harness/core/random.hpp, kernels/training/teacher.cpp and Engine::initialise;
tests/scripts/golden_data.json holds numbers that a test on either side asserts.
"""

import math

import numpy as np

FIRST_PARAMETER_STREAM = 1000
WEIGHT_STREAM, TEXTURE_STREAM, COLOUR_STREAM, MIXTURE_STREAM, NOISE_STREAM = 1, 2, 3, 4, 5
CHOICE_STREAM, TOKEN_STREAM, SUCCESSOR_STREAM = 10, 11, 12
TEXTURES, SIDE = 16, 8  # a texture is a tile of SIDE x SIDE
NUMBERS_PER_BITS = 4
GOLDEN = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


def _mix(x):
    """SplitMix64's finaliser, of a Python integer or of an array of uint64."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def _mix_array(x):
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


class Random:
    """Random numbers by counter: the value at (seed, stream, index) depends on nothing else."""

    def __init__(self, seed, stream):
        self.key = _mix(_mix(seed) ^ ((stream + GOLDEN) & MASK))

    def bits(self, index):
        return _mix((self.key + index * GOLDEN) & MASK)

    def bits_of(self, indices):
        """indices: an array of uint64; numpy's products wrap as C++'s do."""
        return _mix_array(np.uint64(self.key) + indices * np.uint64(GOLDEN))

    def uniform(self, index):
        return ((self.bits(index) >> 11) + 0.5) * 2.0**-53

    def normal(self, index):
        """With the C library's functions, as in C++."""
        radius = math.sqrt(-2 * math.log(self.uniform(2 * index)))
        return radius * math.cos(2 * math.pi * self.uniform(2 * index + 1))

    def normals_of(self, indices):
        """Fast, with numpy's functions: the last bits of the doubles may differ from normal()."""
        def uniform(at):
            return ((self.bits_of(at) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53

        two, one = np.uint64(2), np.uint64(1)
        return np.sqrt(-2 * np.log(uniform(two * indices))) * np.cos(2 * math.pi * uniform(two * indices + one))


def initial_values(seed, parameter, shape, mean, deviation):
    """Of the parameter with this number, float32 in row-major order."""
    count = math.prod(shape)
    values = np.full(count, mean, np.float32)
    if deviation > 0:
        random = Random(seed, FIRST_PARAMETER_STREAM + parameter)
        piece = 1 << 20  # that fits the cache
        for start in range(0, count, piece):
            indices = np.arange(start, min(start + piece, count), dtype=np.uint64)
            exact = mean + deviation * random.normals_of(indices)
            values[start : start + len(indices)] = exact
            # Where a last bit of the double could decide how the float is rounded, the C library has the word.
            unsure = (exact * (1 - 2.0**-49)).astype(np.float32) != (exact * (1 + 2.0**-49)).astype(np.float32)
            for at in np.flatnonzero(unsure):
                values[start + at] = mean + deviation * random.normal(start + int(at))
    return values.reshape(shape)


class Images:
    """Images that are mixtures of fixed textures with noise, and the class that a fixed teacher gives each."""

    distribution = "normal mixtures of textures with uniform noise, labels from a fixed teacher"

    def __init__(self, seed, batch, channels=3, height=224, width=224, classes=1000):
        self.seed, self.batch, self.shape = seed, batch, (channels, height, width)
        weights = Random(seed, WEIGHT_STREAM)
        grain, colour = Random(seed, TEXTURE_STREAM), Random(seed, COLOUR_STREAM)
        self.weights = np.array([weights.normal(i) for i in range(classes * TEXTURES)],
                                np.float32).reshape(classes, TEXTURES)
        share = 1 / math.sqrt(TEXTURES)
        self.textures = np.array(
            [share * (0.6 * colour.normal(i // (SIDE * SIDE)) + 0.8 * grain.normal(i))
             for i in range(TEXTURES * channels * SIDE * SIDE)], np.float32).reshape(TEXTURES, channels, SIDE, SIDE)

    def batch_of(self, index):
        """Batch `index`: images (n, c, h, w) in float32 and labels in int64."""
        images = np.empty((self.batch, *self.shape), np.float32)
        labels = np.empty(self.batch, np.int64)
        random = Random(self.seed, MIXTURE_STREAM)
        for n in range(self.batch):
            image = index * self.batch + n
            mixture = np.array([random.normal(image * TEXTURES + i) for i in range(TEXTURES)], np.float32)
            labels[n] = self._label(mixture)
            images[n] = self._painted(self._tile(mixture), image)
        return images, labels

    def _label(self, mixture):
        sums = np.zeros(len(self.weights), np.float32)
        for i, share in enumerate(mixture):  # one after the other: floats add up in this order
            sums += self.weights[:, i] * share
        return int(np.argmax(sums))

    def _tile(self, mixture):
        tile = np.zeros(self.textures.shape[1:], np.float32)
        for share, texture in zip(mixture, self.textures):
            tile += np.float32(0.8) * share * texture
        return tile

    def _painted(self, tile, image):
        channels, height, width = self.shape
        pixels = channels * height * width
        groups = -(-pixels // NUMBERS_PER_BITS)
        first = image * (pixels // NUMBERS_PER_BITS + 1)
        bits = Random(self.seed, NOISE_STREAM).bits_of(np.arange(first, first + groups, dtype=np.uint64))
        parts = bits.astype("<u8").view("<u2")[:pixels]  # the lowest 16 bits first
        noise = (parts.astype(np.float32) - np.float32(32767.5)) * (np.float32(3.4641016) / np.float32(65536))
        tiled = tile[:, np.arange(height)[:, None] % SIDE, np.arange(width)[None, :] % SIDE]
        return tiled + np.float32(0.6) * noise.reshape(self.shape)


class Tokens:
    """Tokens as frequent as words, half of them the fixed successor of the one before; labels are the next tokens."""

    distribution = "tokens of frequency 1/rank, half of them the fixed successor of the one before"

    def __init__(self, seed, batch, sequence, vocabulary=50257):
        self.batch, self.sequence, self.vocabulary = batch, sequence, vocabulary
        self.choice, self.fresh, self.successor = (
            Random(seed, stream) for stream in (CHOICE_STREAM, TOKEN_STREAM, SUCCESSOR_STREAM))

    def batch_of(self, index):
        """Batch `index`: tokens and the tokens that follow them, each (sequences, positions) in int64."""
        tokens = np.empty((self.batch, self.sequence + 1), np.int64)
        for n in range(self.batch):
            first = (index * self.batch + n) * (self.sequence + 1)
            tokens[n, 0] = token = self._token(self.fresh.uniform(first))
            for t in range(1, self.sequence + 1):
                follows = self.choice.bits(first + t) % 2 == 0
                token = self._token(self.successor.uniform(token) if follows else self.fresh.uniform(first + t))
                tokens[n, t] = token
        return tokens[:, :-1].copy(), tokens[:, 1:].copy()

    def _token(self, uniform):
        """The integral of 1 / k inverted, with the C library's functions."""
        return min(int(math.exp(uniform * math.log(self.vocabulary + 1.0))), self.vocabulary) - 1
