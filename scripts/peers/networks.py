"""The networks of gpubench's suite `amp` in PyTorch: equal layers, equal initial values, equal optimizer."""

import math

import torch
from torch import nn
from torch.nn import functional

RESNET_STAGES = ((3, 64), (4, 128), (6, 256), (3, 512))  # blocks, width
EXPANSION = 4
BRANCH_SCALE = 0.2  # of the last batch norm of a block's main branch
WARMUP_STEPS = 5  # the rate rises linearly over these


class Parameters:
    """What gpubench knows of each parameter, in the order in which its network names them: mean and deviation of the
    initial values, and whether it decays."""

    def __init__(self):
        self.rows = []

    def add(self, parameter, *, mean=0.0, deviation=0.0, decays=False):
        self.rows.append((parameter, mean, deviation, decays))

    def tensors(self, decays):
        return [parameter for parameter, _, _, one in self.rows if one == decays]

    def initialise(self, values_of):
        """values_of(index, shape, mean, deviation) gives an array of float32."""
        with torch.no_grad():
            for index, (parameter, mean, deviation, _) in enumerate(self.rows):
                parameter.copy_(torch.from_numpy(values_of(index, tuple(parameter.shape), mean, deviation)))


class Block(nn.Module):
    def __init__(self, channels, width, stride, project):
        super().__init__()
        out = EXPANSION * width
        self.conv1, self.bn1 = nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out, 1, bias=False), nn.BatchNorm2d(out)
        self.relu = nn.ReLU(inplace=True)
        self.project = self.project_bn = None
        if project:
            self.project, self.project_bn = nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out)

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        if self.project is not None:
            x = self.project_bn(self.project(x))
        y += x
        return self.relu(y)


class ResNet50(nn.Module):
    """Version 1.5: the stride is in the 3x3 convolution. forward gives the mean loss over the images."""

    def __init__(self, classes=1000):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.relu, self.pool1 = nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)
        blocks, channels = [], 64
        for stage, (count, width) in enumerate(RESNET_STAGES):
            for index in range(count):
                blocks.append(Block(channels, width, 2 if stage > 0 and index == 0 else 1, index == 0))
                channels = EXPANSION * width
        self.blocks = nn.Sequential(*blocks)
        self.pool2, self.classifier = nn.AdaptiveAvgPool2d(1), nn.Linear(channels, classes)

    def forward(self, images, labels):
        y = self.pool1(self.relu(self.bn1(self.conv1(images))))
        y = self.pool2(self.blocks(y)).flatten(1)
        return functional.cross_entropy(self.classifier(y), labels)

    def flops_of_step(self, batch, _):
        """Of convolutions and linear layers, 2 a multiply-add: forward and both gradients (the first layer has one)."""
        def forward(layer, size):
            return 2.0 * batch * size * size * layer.weight.numel()

        total, size = 2 * forward(self.conv1, 112), 56
        for block in self.blocks:
            before, size = size, size // block.conv2.stride[0]
            total += 3 * (forward(block.conv1, before) + forward(block.conv2, size) + forward(block.conv3, size))
            if block.project is not None:
                total += 3 * forward(block.project, size)
        return total + 3 * forward(self.classifier, 1)

    def parameters_in_order(self):
        rows = Parameters()

        def convolution(layer):
            fan_in = layer.in_channels * layer.kernel_size[0] * layer.kernel_size[1]
            rows.add(layer.weight, deviation=math.sqrt(2 / fan_in), decays=True)

        def batch_norm(layer, scale=1.0):
            rows.add(layer.weight, mean=scale)
            rows.add(layer.bias)

        convolution(self.conv1)
        batch_norm(self.bn1)
        for block in self.blocks:
            convolution(block.conv1)
            batch_norm(block.bn1)
            convolution(block.conv2)
            batch_norm(block.bn2)
            convolution(block.conv3)
            batch_norm(block.bn3, BRANCH_SCALE)
            if block.project is not None:
                convolution(block.project)
                batch_norm(block.project_bn)
        rows.add(self.classifier.weight, deviation=0.01, decays=True)
        rows.add(self.classifier.bias)
        return rows


class Layer(nn.Module):
    """One layer of GPT-2: attention and a perceptron, each behind a layer norm and beside a residual."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.qkv = nn.LayerNorm(width, eps=1e-5), nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2, self.up = nn.LayerNorm(width, eps=1e-5), nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        qkv = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(functional.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Gpt2(nn.Module):
    """GPT-2 124M without dropout; the output shares the table of tokens. forward gives the mean loss over all
    positions."""

    def __init__(self, layers=12, width=768, heads=12, vocabulary=50257, positions=1024):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Embedding(positions, width)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width, eps=1e-5)

    def forward(self, tokens, following):
        x = self.tokens(tokens) + self.positions.weight[: tokens.shape[1]]
        for layer in self.layers:
            x = layer(x)
        logits = functional.linear(self.norm(x), self.tokens.weight)
        return functional.cross_entropy(logits.flatten(0, 1), following.flatten())

    def flops_of_step(self, batch, sequence):
        """Of linear layers and of attention's lower triangle, 2 a multiply-add: forward and both gradients."""
        rows, width = batch * sequence, self.norm.normalized_shape[0]
        linear = sum(one.weight.numel() for one in self.modules() if isinstance(one, nn.Linear))
        attention = 4.0 * batch * width * sequence * (sequence + 1) / 2
        return 3 * (2.0 * rows * (linear + self.tokens.weight.numel()) + len(self.layers) * attention)

    def parameters_in_order(self):
        rows = Parameters()
        residual = 0.02 / math.sqrt(2 * len(self.layers))

        def linear(layer, deviation=0.02):
            rows.add(layer.weight, deviation=deviation, decays=True)
            rows.add(layer.bias)

        def norm(layer):
            rows.add(layer.weight, mean=1.0)
            rows.add(layer.bias)

        rows.add(self.tokens.weight, deviation=0.02, decays=True)
        rows.add(self.positions.weight, deviation=0.02, decays=True)
        for layer in self.layers:
            norm(layer.norm1)
            linear(layer.qkv)
            linear(layer.out, residual)
            norm(layer.norm2)
            linear(layer.up)
            linear(layer.down, residual)
        norm(self.norm)
        return rows


def optimizer_of(network, parameters, batch):
    """The optimizer that gpubench takes for this network, and its full rate."""
    if network == "resnet50":
        rate, kind, options, decay = 0.1 * batch / 256, torch.optim.SGD, {"momentum": 0.9}, 1e-4
    else:
        rate, kind, options, decay = 3e-4, torch.optim.AdamW, {"betas": (0.9, 0.95), "eps": 1e-8}, 0.1
    groups = [{"params": parameters.tensors(True), "weight_decay": decay},
              {"params": parameters.tensors(False), "weight_decay": 0.0}]
    return kind(groups, lr=rate, fused=True, **options), rate
