"""A speech model in the form that faster-whisper loads, small enough to be made here: whatever it hears, it says "hello" four times."""

from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

WIDTH = 64
FIRST_WORD_AT, END_AT = 2, 5
LANGUAGES = ("en", "de")
_TASKS = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")

_random = np.random.default_rng(1)


def made_model(folder: Path) -> Path:
    """Weights that leave it to the position of a word which one it is."""
    folder.mkdir()
    tokenizer = _tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    size = tokenizer.get_vocab_size()
    spec = WhisperSpec(1, 1, 1, 1)
    _fill_encoder(spec.encoder)
    word, end, now = (tokenizer.token_to_id(token) for token in ("Ġhello", "<|endoftext|>", "<|0.00|>"))
    _fill_decoder(spec.decoder, size, word=word, end=end, now=now)
    spec.register_vocabulary([tokenizer.id_to_token(number) for number in range(size)])
    spec.config.suppress_ids = spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [tokenizer.token_to_id(f"<|{language}|>") for language in LANGUAGES]
    spec.config.alignment_heads = [(0, 0)]
    spec.validate()
    spec.save(str(folder))
    return folder


def _tokenizer() -> Any:
    letters = [*sorted(pre_tokenizers.ByteLevel.alphabet()), "Ġhello"]
    tokenizer: Any = Tokenizer(models.BPE(vocab={letter: at for at, letter in enumerate(letters)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    times = [f"{step * 0.02:.2f}" for step in range(1501)]
    marks = ["endoftext", "startoftranscript", *LANGUAGES, *_TASKS, *times]
    tokenizer.add_special_tokens([AddedToken(f"<|{mark}|>", special=True) for mark in marks])
    return tokenizer


def _fill_encoder(encoder: Any) -> None:
    encoder.conv1.weight, encoder.conv1.bias = _weights(WIDTH, 80, 3), _zeros(WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = _weights(WIDTH, WIDTH, 3), _zeros(WIDTH)
    encoder.position_encodings.encodings = _weights(1500, WIDTH)
    _fill_norm(encoder.layer_norm)
    for layer in encoder.layer:
        _fill_attention(layer.self_attention, (3 * WIDTH, WIDTH))
        _fill_feed_forward(layer.ffn)


def _fill_decoder(decoder: Any, size: int, *, word: int, end: int, now: int) -> None:
    decoder.embeddings.weight = _weights(size, WIDTH)
    positions = _weights(448, WIDTH)
    positions[FIRST_WORD_AT:END_AT, 0] += 20
    positions[END_AT:, 1] += 20
    decoder.position_encodings.encodings = positions
    _fill_norm(decoder.layer_norm)
    decoder.projection.weight, decoder.projection.bias = _weights(size, WIDTH), _zeros(size)
    # Without a time it is sure of it would guess, and try again by chance.
    decoder.projection.bias[now] = 12
    decoder.projection.weight[word, 0] = decoder.projection.weight[end, 1] = 5
    for layer in decoder.layer:
        _fill_attention(layer.self_attention, (3 * WIDTH, WIDTH))
        _fill_attention(layer.attention, (WIDTH, 2 * WIDTH, WIDTH))
        _fill_feed_forward(layer.ffn)


def _fill_attention(attention: Any, widths: tuple[int, ...]) -> None:
    _fill_norm(attention.layer_norm)
    for linear, width in zip(attention.linear, widths, strict=True):
        linear.weight, linear.bias = _weights(width, WIDTH), _zeros(width)


def _fill_feed_forward(layer: Any) -> None:
    _fill_norm(layer.layer_norm)
    layer.linear_0.weight, layer.linear_0.bias = _weights(4 * WIDTH, WIDTH), _zeros(4 * WIDTH)
    layer.linear_1.weight, layer.linear_1.bias = _weights(WIDTH, 4 * WIDTH), _zeros(WIDTH)


def _fill_norm(norm: Any) -> None:
    norm.gamma, norm.beta = np.ones(WIDTH, np.float32), _zeros(WIDTH)


def _weights(*shape: int) -> Any:
    return (_random.standard_normal(shape) * 0.01).astype(np.float32)


def _zeros(size: int) -> Any:
    return np.zeros(size, np.float32)
