#pragma once

#include "kernels/training/network.hpp"

namespace gpubench {

/// GPT-2 124M (Radford et al. 2019, the smallest of the four): 12 blocks of width 768, layer norm before each half,
/// GELU by tanh, biases everywhere, 1,024 learned positions, the output layer tied to the embedding; 124,439,808
/// parameters. No dropout: most later trainings leave it out, and it says nothing about a machine. An epoch is
/// OpenWebText as nanoGPT's data/openwebtext/prepare.py counts its training split, 9,035,582,198 tokens.
training::Network gpt2(Mode mode, int batch, int sequence);

}  // namespace gpubench
