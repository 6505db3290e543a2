# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The Regimen developers
"""Colours after torchvision's definitions, with hues by the standard library's colorsys; blurs by convolution; JPEG and
pixelation by Pillow (Debian: python3-pil)."""
import colorsys
import io

import numpy
import PIL.Image
import torch
import torch.nn.functional as F


def blend(a, b, factor):
    return (factor * a + (1 - factor) * b).clamp(0, 1)


def grey(x):
    return (x * torch.tensor([0.2989, 0.587, 0.114]).view(3, 1, 1)).sum(-3, keepdim=True)


def hue(x, shift):
    y = torch.empty_like(x)
    for n in range(x.shape[0]):
        for i in range(x.shape[2]):
            for j in range(x.shape[3]):
                h, s, v = colorsys.rgb_to_hsv(*x[n, :, i, j].tolist())
                y[n, :, i, j] = torch.tensor(colorsys.hsv_to_rgb((h + shift) % 1, s, v))
    return y


def gaussian_blur(x, sigma):
    radius = int(4 * sigma + 0.5)
    k = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / sigma) ** 2)
    k = k / k.sum()
    c = x.shape[1]
    x = F.pad(x, (radius,) * 4, mode="replicate")
    return F.conv2d(x, (k[:, None] * k[None, :]).expand(c, 1, -1, -1), groups=c)


def defocus_blur(x, radius, alias):
    n = 8
    r = torch.arange(-n, n + 1)
    disc = ((r[:, None] ** 2 + r[None, :] ** 2) <= radius ** 2).double()
    disc = disc / disc.sum()
    g = torch.exp(-0.5 * (torch.arange(-1, 2) / alias) ** 2)
    g = g / g.sum()
    disc = F.conv2d(disc[None, None], (g[:, None] * g[None, :])[None, None], padding=1)[0, 0]
    disc = disc[n - 3:n + 4, n - 3:n + 4]
    c = x.shape[1]
    return F.conv2d(F.pad(x, (3,) * 4, mode="reflect"), disc.expand(c, 1, -1, -1), groups=c)


def jpeg(x, quality):
    """x [3 or 1, H, W], of multiples of 1/255: what is read back from the file, and the file's tables by frequency."""
    pixels = (x * 255).round().to(torch.uint8).permute(1, 2, 0).squeeze(-1).numpy()
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling=0)
    image = PIL.Image.open(file)
    back = torch.from_numpy(numpy.array(image)).double() / 255
    return (back if back.ndim == 3 else back[..., None]).permute(2, 0, 1), image.quantization


def jpeg_exact(x, tables):
    """The same of x [3, H, W], without any rounding but that of the coefficients."""
    to = torch.tensor([[0.299, 0.587, 0.114], [-0.299, -0.587, 0.886], [0.701, -0.587, -0.114]])
    to = to / torch.tensor([1.0, 1.772, 1.402])[:, None]
    y = torch.einsum("ij,jhw->ihw", to, 255 * x) - torch.tensor([128.0, 0, 0]).view(3, 1, 1)
    k = torch.arange(8.0)
    dct = torch.cos(torch.pi * (2 * k[None, :] + 1) * k[:, None] / 16) / 2
    dct[0] /= 2 ** 0.5
    h, w = x.shape[1:]
    y = F.pad(y[None], (0, -w % 8, 0, -h % 8), mode="replicate")[0]
    for c in range(3):
        steps = torch.tensor(tables[min(c, 1)]).view(8, 8)
        for i in range(0, y.shape[1], 8):
            for j in range(0, y.shape[2], 8):
                block = dct @ y[c, i:i + 8, j:j + 8] @ dct.T
                y[c, i:i + 8, j:j + 8] = dct.T @ ((block / steps).round() * steps) @ dct
    y = y[:, :h, :w] + torch.tensor([128.0, 0, 0]).view(3, 1, 1)
    return (torch.einsum("ij,jhw->ihw", torch.linalg.inv(to), y) / 255).clamp(0, 1)


def pixelate(x, factor):
    h, w = x.shape[-2:]
    y = torch.empty_like(x)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            image = PIL.Image.fromarray(x[n, c].float().numpy(), "F")
            image = image.resize((int(w * factor), int(h * factor)), PIL.Image.BOX).resize((w, h), PIL.Image.BOX)
            y[n, c] = torch.from_numpy(numpy.array(image)).double()
    return y


def generate(golden):
    x = golden.uniform(2, 3, 5, 4)
    x[0, :, 0, 0] = torch.tensor([0.5, 0.5, 0.5])
    x[0, :, 0, 1] = torch.tensor([0.0, 0.0, 0.0])
    x[0, :, 0, 2] = torch.tensor([1.0, 0.0, 0.0])
    x[0, :, 0, 3] = torch.tensor([0.2, 0.7, 0.7])
    x[0, :, 1, 0] = torch.tensor([1.0, 1.0, 0.0])
    golden.put("colour.x", x)
    for name, f in (("half", 0.5), ("strong", 1.7)):
        golden.put(f"colour.brightness.{name}", blend(x, torch.zeros_like(x), f))
        golden.put(f"colour.contrast.{name}", blend(x, grey(x).mean((1, 2, 3), keepdim=True), f))
        golden.put(f"colour.saturation.{name}", blend(x, grey(x), f))
    golden.put("colour.grey", grey(x).expand(-1, 3, -1, -1))
    for name, shift in (("left", -0.5), ("some", -0.13), ("none", 0.0), ("right", 0.3)):
        golden.put(f"colour.hue.{name}", hue(x, shift))

    x = golden.uniform(2, 2, 9, 7)
    golden.put("blur.x", x)
    golden.put("blur.gaussian.0.4", gaussian_blur(x, 0.4))
    golden.put("blur.gaussian.1", gaussian_blur(x, 1.0))
    for name, radius, alias in (("0.3", 0.3, 0.4), ("1", 1.0, 0.2), ("1.5", 1.5, 0.1), ("2.5", 2.5, 0.7)):
        golden.put(f"blur.defocus.{name}", defocus_blur(x, radius, alias))

    i, j = torch.meshgrid(torch.arange(12.0), torch.arange(9.0), indexing="ij")
    smooth = torch.stack([torch.stack([0.5 + 0.45 * torch.sin(a * i + b * j + c) for c in (0.1, 0.9, 2.5)])
                          for a, b in ((0.9, -0.4),)])
    smooth = (smooth * 255).round() / 255
    golden.put("jpeg.x", smooth)
    for quality in (90, 40):
        golden.put(f"jpeg.grey.{quality}", torch.stack([jpeg(x[:1], quality)[0] for x in smooth]))
        tables = jpeg(smooth[0], quality)[1]
        golden.put(f"jpeg.exact.{quality}", jpeg_exact(smooth[0], tables)[None])
        golden.put(f"jpeg.steps.{quality}", torch.tensor([tables[0], tables[1]]))
    x = golden.uniform(1, 1, 32, 7).float().double()
    golden.put("pixelate.x", x)
    for factor in (0.95, 0.75, 0.65, 0.3):
        golden.put(f"pixelate.{factor}", pixelate(x, factor))
