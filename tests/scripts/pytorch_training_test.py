"""PyTorch trains gpubench's networks: the losses are gpubench's own, and what is written is a run file.

usage: pytorch_training_test.py PROGRAM [unittest arguments]; ends with 77 where there is no PyTorch
"""
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

if any(importlib.util.find_spec(module) is None for module in ("torch", "numpy")):
    print("skipped: this python has no PyTorch")
    sys.exit(77)

PROGRAM = sys.argv.pop(1)
SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "peers" / "pytorch_training.py"

# Of gpubench's engine in FP32 with oneDNN, the first four steps, seed 1: ResNet-50 on 2 images, GPT-2 on 16 tokens.
LOSSES = (6.922392, 7.036351, 7.143966, 6.783274)
LOSSES_OF_GPT2 = (10.966383, 10.820374, 10.870462, 10.888836)


class PytorchTraining(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.out = os.path.join(self.temporary.name, "run.json")

    def tearDown(self):
        self.temporary.cleanup()

    def run_script(self, *words):
        return subprocess.run([sys.executable, SCRIPT, *words, "--out", self.out], capture_output=True, text=True,
                              timeout=500, check=False)

    def trained(self, *words):
        said = self.run_script(*words)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        valid = subprocess.run([PROGRAM, "validate", self.out], capture_output=True, text=True, check=False)
        self.assertEqual(valid.returncode, 0, valid.stdout + valid.stderr)
        content = json.loads(pathlib.Path(self.out).read_text())
        return content["benchmarks"][0], content["context"]["gpubench"]

    @staticmethod
    def losses(row):
        return [float(loss) for loss in row["gpubench"]["plan"]["losses"].split(", ")]

    def test_the_first_losses_of_resnet50_are_those_of_gpubench(self):
        row, context = self.trained("--network", "resnet50", "--batch", "2")
        self.assertEqual(row["name"], "train/resnet50/fp32/b2/d1/pytorch")
        for got, expected in zip(self.losses(row), LOSSES):
            self.assertAlmostEqual(got, expected, delta=1e-4 * expected)
        self.assertAlmostEqual(self.losses(row)[0], LOSSES[0], delta=1e-5)
        self.assertEqual(row["gpubench"]["samples_taken"], 6)
        self.assertEqual(row["gpubench"]["work"]["flops"], 48598155264)
        self.assertEqual(context["environment"]["OMP_PROC_BIND"], "true")
        self.assertEqual({library["name"] for library in context["devices"][0]["libraries"]}, {"PyTorch", "oneDNN"})
        self.assertTrue(all(library["path"] and library["version"] for library in context["devices"][0]["libraries"]))

    def test_autocast_is_on_in_bfloat16_and_the_loss_is_near(self):
        row, _ = self.trained("--network", "resnet50", "--batch", "2", "--mode", "amp-bf16", "--steps", "7")
        first = self.losses(row)[0]
        self.assertAlmostEqual(first, LOSSES[0], delta=0.005 * LOSSES[0])
        self.assertNotAlmostEqual(first, LOSSES[0], delta=1e-6)
        self.assertEqual(row["gpubench"]["samples_taken"], 7)

    def test_the_first_losses_of_gpt2_are_those_of_gpubench(self):
        row, _ = self.trained("--network", "gpt2", "--batch", "1", "--sequence", "16")
        self.assertEqual(row["name"], "train/gpt2/fp32/b1s16/d1/pytorch")
        for got, expected in zip(self.losses(row), LOSSES_OF_GPT2):
            self.assertAlmostEqual(got, expected, delta=1e-5 * expected)
        self.assertEqual(row["gpubench"]["work"]["flops"], 11874115584)
        self.assertAlmostEqual(row["tokens_per_second"] * row["gpubench"]["median_seconds"], 16)

    def test_an_existing_file_is_not_replaced(self):
        pathlib.Path(self.out).write_text("mine")
        said = self.run_script("--network", "resnet50")
        self.assertEqual(said.returncode, 2)
        self.assertIn("is there already", said.stderr)
        self.assertEqual(pathlib.Path(self.out).read_text(), "mine")

    def test_what_cannot_be_is_refused(self):
        for words, sentence in ((["--network", "gpt2", "--sequence", "1025"], "1 to 1024"),
                                (["--network", "resnet50", "--sequence", "8"], "for gpt2 only"),
                                (["--network", "resnet50", "--steps", "5"], "at least 6"),
                                (["--network", "resnet50", "--batch", "0"], "at least 1")):
            said = self.run_script(*words)
            self.assertEqual(said.returncode, 2, words)
            self.assertIn(sentence, said.stderr)


if __name__ == "__main__":
    unittest.main()
