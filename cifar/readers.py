"""CIFAR-10 and CIFAR-100 from the files that their authors publish, in a directory or in an archive.

    binary record: label byte (CIFAR-100: coarse, then fine), then 1024 red, 1024 green, 1024 blue bytes, row by row
    Python batch:  a pickled dictionary, b"data" uint8 (n, 3072) in the same order, b"labels" or b"fine_labels"

Sizes and label ranges are exact. An archive (.tar.gz) is read as it is, after its MD5 was compared with the published
one; extracted files have none of their own, since nobody publishes those of the binary version. A pickle can name any
function of any module, so that ours builds arrays of bytes and refuses everything else before anything is called.

References:
    [1] Krizhevsky (2009). Learning multiple layers of features from tiny images. University of Toronto. Formats and MD5
        sums: https://www.cs.toronto.edu/~kriz/cifar.html
"""

import hashlib
import io
import pickle
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HOME = "https://www.cs.toronto.edu/~kriz/cifar.html"
PIXELS = 3 * 32 * 32
Arrays = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Version:
    """One published form of a data set.

    Attributes:
        archive: Name of the archive.
        md5: Of the archive.
        folder: That the archive holds.
        train: Training files, in order.
        test: The test file.
        train_records: Images in one training file.
    """

    archive: str
    md5: str
    folder: str
    train: tuple[str, ...]
    test: str
    train_records: int

    @property
    def binary(self) -> bool:
        """The files are binary records, not pickles."""
        return self.test.endswith(".bin")


BATCHES = tuple(f"data_batch_{i}" for i in range(1, 6))
TEST_RECORDS = 10_000
CLASSES = {"cifar10": 10, "cifar100": 100}
VERSIONS: dict[str, tuple[Version, ...]] = {
    "cifar10": (
        Version(
            "cifar-10-binary.tar.gz",
            "c32a1d4ab5d03f1284b67883e8d87530",
            "cifar-10-batches-bin",
            tuple(f"{name}.bin" for name in BATCHES),
            "test_batch.bin",
            10_000,
        ),
        Version(
            "cifar-10-python.tar.gz",
            "c58f30108f718f92721af3b95e74349a",
            "cifar-10-batches-py",
            BATCHES,
            "test_batch",
            10_000,
        ),
    ),
    "cifar100": (
        Version(
            "cifar-100-binary.tar.gz",
            "03b5dce01913d631647c71ecec9e9cb8",
            "cifar-100-binary",
            ("train.bin",),
            "test.bin",
            50_000,
        ),
        Version(
            "cifar-100-python.tar.gz",
            "eb9058c3a382ffc7106e4002c42a8d85",
            "cifar-100-python",
            ("train",),
            "test",
            50_000,
        ),
    ),
}


def read_cifar(name: str, place: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    """Training images and labels, test images and labels, number of classes.

    Args:
        name: "cifar10" or "cifar100".
        place: A directory with the published folder, its files, or its archive; or the archive itself. Extracted files
            come before archives, binary ones before pickles.
    Returns:
        Images uint8 (n, 32, 32, 3) and labels int32 (n,), as they follow one another in the files.
    Raises:
        FileNotFoundError: Nothing of it is there; the message says what is expected and where to get it.
        ValueError: A size, a label, an MD5 sum or a pickle is not what was published.
    """
    for version in VERSIONS[name]:
        for folder in (place / version.folder, place):
            if (folder / version.test).is_file():
                return _assemble(name, version, lambda file, folder=folder: _from_folder(folder, file))
    for version in VERSIONS[name]:
        archive = place if place.name == version.archive else place / version.archive
        if archive.is_file():
            return _from_archive(name, version, archive)
    raise FileNotFoundError(_expected(name, place))


def binary_records(content: bytes, records: int, label_bytes: int, classes: int, source: str) -> Arrays:
    """Images and labels of a binary file.

    Args:
        content: The whole file.
        records: How many there have to be.
        label_bytes: Bytes before the pixels; the last is the label that is used.
        classes: Labels are below it.
        source: For messages.
    Raises:
        ValueError: Another size, or a label out of range.
    """
    width = label_bytes + PIXELS
    if len(content) != records * width:
        raise ValueError(
            f"{source}: {len(content)} bytes, but {records} records of {width} are {records * width}; "
            f"the file is damaged or another one: extract it anew from the archive of {HOME}"
        )
    table = np.frombuffer(content, np.uint8).reshape(records, width)
    return _images(table[:, label_bytes:]), _labels(table[:, label_bytes - 1], classes, source)


def python_batch(content: bytes, records: int, label_key: str, classes: int, source: str) -> Arrays:
    """Images and labels of a pickled file; nothing in it is executed.

    Args:
        content: The whole file.
        records: How many there have to be.
        label_key: "labels" or "fine_labels".
        classes: Labels are below it.
        source: For messages.
    Raises:
        ValueError: The pickle names what a batch does not need, is damaged, or holds something else.
    """
    try:
        batch = _BatchUnpickler(io.BytesIO(content), encoding="bytes").load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
        raise ValueError(f"{source}: no CIFAR batch: {error}; extract it anew from the archive of {HOME}") from error
    if not isinstance(batch, dict):
        raise ValueError(f"{source}: holds a {type(batch).__name__}, not the dictionary of a CIFAR batch; see {HOME}")
    entries = {key.decode("latin1") if isinstance(key, bytes) else key: value for key, value in batch.items()}
    pixels, labels = entries.get("data"), entries.get(label_key)
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.shape != (records, PIXELS):
        found = (pixels.dtype, pixels.shape) if isinstance(pixels, np.ndarray) else type(pixels).__name__
        raise ValueError(f"{source}: 'data' is {found}, not uint8 of shape {(records, PIXELS)}; see {HOME}")
    if not isinstance(labels, list) or len(labels) != records or not all(type(label) is int for label in labels):
        raise ValueError(f"{source}: {label_key!r} is no list of {records} integers; see {HOME}")
    return _images(pixels), _labels(np.asarray(labels), classes, source)


class _BatchUnpickler(pickle.Unpickler):
    """Knows how to make an array of bytes, by functions of ours, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        known: dict[tuple[str, str], Any] = {
            ("numpy.core.multiarray", "_reconstruct"): _empty_array,
            ("numpy._core.multiarray", "_reconstruct"): _empty_array,
            ("numpy", "ndarray"): _ARRAY,
            ("numpy", "dtype"): _byte_dtype,
            ("_codecs", "encode"): _encode,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"refused: it asks for {module}.{name}, which no CIFAR batch needs")
        return known[module, name]


_ARRAY = "numpy.ndarray"
"""Stands for the class in a pickle, which only hands it on: nothing can be called by it."""


def _empty_array(kind: Any, shape: Any, code: Any) -> np.ndarray:
    """What numpy's `_reconstruct` is called for: an array that the pickle's next lines fill."""
    if kind is not _ARRAY or shape != (0,):
        raise pickle.UnpicklingError("refused: an array that is not empty before it is filled")
    return np.empty(0, np.int8)


def _byte_dtype(code: Any, align: Any = False, copy: Any = False) -> np.dtype:
    if code not in ("u1", b"u1"):
        raise pickle.UnpicklingError(f"refused: an array of {code!r}, while pixels are 'u1'")
    # a copy: the pickle sets the state of what it gets, and numpy has one uint8 for all
    return np.dtype(np.uint8, copy=True)


def _encode(text: Any, encoding: Any) -> bytes:
    """Python 3 writes bytes so in old protocols."""
    if not isinstance(text, str) or encoding not in ("latin1", b"latin1"):
        raise pickle.UnpicklingError(f"refused: bytes encoded as {encoding!r}")
    return text.encode("latin1")


def _assemble(
    name: str, version: Version, content: Callable[[str], bytes]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    """Read all files of a version, `content` giving each one's bytes."""
    classes = CLASSES[name]

    def read(file: str, records: int) -> Arrays:
        if version.binary:
            return binary_records(content(file), records, 1 if name == "cifar10" else 2, classes, file)
        label_key = "labels" if name == "cifar10" else "fine_labels"
        return python_batch(content(file), records, label_key, classes, file)

    train = [read(file, version.train_records) for file in version.train]
    images, labels = (np.concatenate(parts) for parts in zip(*train, strict=True))
    return images, labels, *read(version.test, TEST_RECORDS), classes


def _from_folder(folder: Path, file: str) -> bytes:
    path = folder / file
    if not path.is_file():
        raise FileNotFoundError(f"{folder} lacks {file}; extract the whole archive of {HOME}")
    return path.read_bytes()


def _from_archive(
    name: str, version: Version, archive: Path
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    with archive.open("rb") as stream:
        found = hashlib.file_digest(stream, "md5").hexdigest()
    if found != version.md5:
        raise ValueError(
            f"{archive}: its MD5 is {found}, the published one {version.md5}; download it anew from {HOME}"
        )
    with tarfile.open(archive) as tar:

        def content(file: str) -> bytes:
            try:
                member = tar.extractfile(f"{version.folder}/{file}")
            except KeyError:
                member = None
            if member is None:
                raise ValueError(f"{archive} lacks {version.folder}/{file}; download it anew from {HOME}")
            return member.read()

        return _assemble(name, version, content)


def _images(pixels: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))


def _labels(labels: np.ndarray, classes: int, source: str) -> np.ndarray:
    if labels.min() < 0 or labels.max() >= classes:
        wrong = int(labels.max() if labels.max() >= classes else labels.min())
        raise ValueError(f"{source}: label {wrong}, but classes are 0 to {classes - 1}; is it the other CIFAR?")
    return labels.astype(np.int32)


def _expected(name: str, place: Path) -> str:
    binary, pickled = VERSIONS[name]
    state = "has none of it" if place.is_dir() else "is no directory" if place.exists() else "does not exist"
    return (
        f"{name}: {place} {state}. Expected: {binary.folder}/ with {', '.join((*binary.train, binary.test))}, or "
        f"{binary.archive} as it is; or, of the Python version, {pickled.folder}/ or {pickled.archive}. "
        f"Nothing is downloaded here: get the binary version from {HOME}"
    )
