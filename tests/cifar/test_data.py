"""Data sets: digits, random images, CIFAR's published formats written here byte by byte, and what is refused."""

import hashlib
import os
import pickle
import struct
import tarfile
from dataclasses import replace

import numpy as np
import pytest

from samscape.cifar import readers
from samscape.cifar.data import load_data, noisy_labels
from samscape.cifar.readers import HOME, VERSIONS, python_batch, read_cifar
from samscape.cifar.settings import Settings

SMALL = 20
"""Records of a file in most tests; one test has CIFAR's own number."""


def images_and_labels(n, classes, seed):
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (n, 32, 32, 3), np.uint8), random.integers(0, classes, n).astype(np.int32)


def planes(image):
    """1024 red, 1024 green, 1024 blue bytes, row by row."""
    return b"".join(bytes(image[row, :, channel].tolist()) for channel in range(3) for row in range(32))


def binary_file(images, labels, coarse=None):
    start = [bytes([y]) for y in labels] if coarse is None else [bytes([c, y]) for c, y in zip(coarse, labels)]
    return b"".join(head + planes(image) for head, image in zip(start, images))


def python_2_pickle(images, labels, label_key):
    """A batch as Python 2's cPickle wrote it: protocol 2, byte strings, numpy's `_reconstruct` of its time."""

    def text(value):
        return b"U" + bytes([len(value)]) + value

    pixels = b"".join(planes(image) for image in images)
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85" + text(b"b") + b"\x87R"
    dtype = b"cnumpy\ndtype\n" + text(b"u1") + b"K\x00K\x01\x87R"
    dtype += b"(K\x03" + text(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    shape = b"M" + struct.pack("<H", len(images)) + b"M" + struct.pack("<H", 3072) + b"\x86"
    state = b"(K\x01" + shape + dtype + b"\x89" + b"T" + struct.pack("<I", len(pixels)) + pixels + b"tb"
    numbers = b"](" + b"".join(b"K" + bytes([y]) for y in labels) + b"e"
    return (
        b"\x80\x02}(" + text(b"batch_label") + text(b"training batch 1 of 5") + text(label_key) + numbers
        + text(b"data") + array + state + b"u."
    )  # fmt: skip


@pytest.fixture
def short(monkeypatch):
    """CIFAR's files with few records."""
    monkeypatch.setattr(readers, "TEST_RECORDS", SMALL)
    few = {name: tuple(replace(v, train_records=SMALL) for v in both) for name, both in VERSIONS.items()}
    monkeypatch.setattr(readers, "VERSIONS", few)
    return few


def write(folder, version, name, form):
    """All files of a version, and what they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    classes, held = readers.CLASSES[name], []
    for seed, file in enumerate((*version.train, version.test)):
        images, labels = images_and_labels(SMALL, classes, seed)
        held.append((images, labels))
        if form == "binary":
            coarse = None if name == "cifar10" else (labels // 5).tolist()
            content = binary_file(images, labels.tolist(), coarse)
        else:
            content = python_2_pickle(images, labels.tolist(), b"labels" if name == "cifar10" else b"fine_labels")
        (folder / file).write_bytes(content)
    return held


@pytest.mark.parametrize("name", ["cifar10", "cifar100"])
@pytest.mark.parametrize("form", ["binary", "python"])
@pytest.mark.parametrize("nested", [True, False])
def test_the_published_formats_are_read_as_they_were_written(tmp_path, short, name, form, nested):
    version = short[name][form == "python"]
    held = write(tmp_path / version.folder if nested else tmp_path, version, name, form)
    images, labels, test_images, test_labels, classes = read_cifar(name, tmp_path)
    assert (images.dtype, labels.dtype, classes) == (np.uint8, np.int32, readers.CLASSES[name])
    np.testing.assert_array_equal(images, np.concatenate([x for x, _ in held[:-1]]))
    np.testing.assert_array_equal(labels, np.concatenate([y for _, y in held[:-1]]))
    np.testing.assert_array_equal(test_images, held[-1][0])
    np.testing.assert_array_equal(test_labels, held[-1][1])


def test_binary_files_come_before_pickles(tmp_path, short):
    binary, python = short["cifar10"]
    held = write(tmp_path / binary.folder, binary, "cifar10", "binary")
    (tmp_path / python.folder).mkdir()
    (tmp_path / python.folder / python.test).write_bytes(b"not read")
    np.testing.assert_array_equal(read_cifar("cifar10", tmp_path)[2], held[-1][0])


def test_files_of_cifars_own_size_are_loaded_and_cut_to_the_first_images(tmp_path):
    version = VERSIONS["cifar10"][0]
    record = np.zeros((10_000, 3073), np.uint8)
    for i, file in enumerate((*version.train, version.test)):
        record[:, 0] = i
        record[:, 1:] = 40 * i
        record.tofile(tmp_path / file)
    assert (tmp_path / version.test).stat().st_size == 30_730_000  # as published
    data = load_data(Settings(data="cifar10", train_size=10_001), tmp_path)
    assert data.train_images.shape == (10_001, 32, 32, 3)
    assert data.test_images.shape == (10_000, 32, 32, 3)
    assert data.train_labels[[0, 9_999, 10_000]].tolist() == [0, 0, 1]
    assert data.test_images.min() == data.test_images.max() == 200
    np.testing.assert_allclose(data.std, [0.2023, 0.1994, 0.2010], rtol=1e-6)  # float32 rounding


@pytest.mark.parametrize("form", ["binary", "python"])
def test_an_archive_is_read_where_its_md5_is_the_published_one(tmp_path, short, monkeypatch, form):
    version = short["cifar100"][form == "python"]
    held = write(tmp_path / "files" / version.folder, version, "cifar100", form)
    archive = tmp_path / "kept" / version.archive
    archive.parent.mkdir()
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "files" / version.folder, version.folder)
    with pytest.raises(ValueError, match=f"published one {version.md5}.*{HOME}"):
        read_cifar("cifar100", archive.parent)
    known = replace(version, md5=hashlib.md5(archive.read_bytes()).hexdigest())
    others = tuple(known if v is version else v for v in short["cifar100"])
    monkeypatch.setitem(readers.VERSIONS, "cifar100", others)
    for place in (archive, archive.parent):
        np.testing.assert_array_equal(read_cifar("cifar100", place)[3], held[-1][1])


def test_a_missing_directory_says_what_is_expected_and_where_to_get_it(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"does not exist.*data_batch_1\.bin.*cifar-10-binary\.tar\.gz"
    ) as error:
        load_data(Settings(data="cifar10"), tmp_path / "nowhere")
    assert HOME in str(error.value)
    with pytest.raises(FileNotFoundError, match="has none of it"):
        load_data(Settings(data="cifar100"), tmp_path)
    with pytest.raises(ValueError, match="--data DIR"):
        load_data(Settings(data="cifar10"))


def test_a_folder_that_lacks_one_file_names_it(tmp_path, short):
    version = short["cifar10"][0]
    write(tmp_path, version, "cifar10", "binary")
    (tmp_path / "data_batch_3.bin").unlink()
    with pytest.raises(FileNotFoundError, match=r"lacks data_batch_3\.bin"):
        read_cifar("cifar10", tmp_path)


@pytest.mark.parametrize("change", [-1, 1, 3073])
def test_a_file_of_another_size_is_refused(tmp_path, short, change):
    version = short["cifar10"][0]
    write(tmp_path, version, "cifar10", "binary")
    path = tmp_path / "data_batch_2.bin"
    content = path.read_bytes()
    path.write_bytes(content[:change] if change < 0 else content + b"\0" * change)
    with pytest.raises(ValueError, match=r"data_batch_2\.bin: .* bytes, but 20 records of 3073"):
        read_cifar("cifar10", tmp_path)


@pytest.mark.parametrize("form", ["binary", "python"])
def test_a_label_out_of_range_is_refused(tmp_path, short, form):
    version = short["cifar10"][form == "python"]
    write(tmp_path, version, "cifar10", form)
    images, labels = images_and_labels(SMALL, 10, 3)
    labels[7] = 10
    write_one = binary_file(images, labels.tolist()) if form == "binary" else None
    content = write_one or python_2_pickle(images, labels.tolist(), b"labels")
    (tmp_path / version.train[0]).write_bytes(content)
    with pytest.raises(ValueError, match="label 10, but classes are 0 to 9"):
        read_cifar("cifar10", tmp_path)


@pytest.mark.parametrize("protocol", [0, 1, 2, 4, 5])
def test_a_batch_that_python_3_pickled_loads_or_is_refused_in_words(protocol):
    images, labels = images_and_labels(SMALL, 10, 0)
    pixels = np.stack([np.frombuffer(planes(image), np.uint8) for image in images])
    content = pickle.dumps({"data": pixels, "labels": labels.tolist()}, protocol=protocol)
    if protocol == 5:  # numpy has another way to pickle arrays there, which CIFAR's files never had
        with pytest.raises(ValueError, match="refused: it asks for"):
            python_batch(content, SMALL, "labels", 10, "batch")
        return
    found, found_labels = python_batch(content, SMALL, "labels", 10, "batch")
    np.testing.assert_array_equal(found, images)
    np.testing.assert_array_equal(found_labels, labels)


class Touch:
    """Unpickled by anything careless, makes a folder."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_a_malicious_pickle_is_refused_and_does_nothing(tmp_path, short, protocol):
    version, touched = short["cifar10"][1], tmp_path / "touched"
    write(tmp_path, version, "cifar10", "python")
    content = pickle.dumps({"data": Touch(touched), "labels": [0] * SMALL}, protocol=protocol)
    (tmp_path / "data_batch_4").write_bytes(content)
    with pytest.raises(ValueError, match=r"data_batch_4: .*refused: it asks for (posix|nt)\.mkdir"):
        read_cifar("cifar10", tmp_path)
    assert not touched.exists()
    pickle.loads(content)  # the careless way: the file was dangerous indeed
    assert touched.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"cnumpy\nndarray\n(I1000000000000\ntR.", "not callable"),  # an array of a terabyte
        (b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I1000000000000\ntU\x01btR.", "not empty"),
        (b"cnumpy\ndtype\n(U\x01OtR.", "pixels are 'u1'"),  # an array of objects
        (b"c_codecs\nencode\n(Vabc\nU\x03zipatR.", "refused|no CIFAR batch"),
        (b"cbuiltins\neval\n(U\x031+1tR.", "builtins.eval"),
        (b"\x80\x02]q\x00.", "holds a list"),
        (b"\x80\x02}q\x00.", "'data' is NoneType"),
        (b"", "no CIFAR batch"),
        (b"\x00\x01\x02", "no CIFAR batch"),
    ],
)
def test_other_pickles_are_refused_in_words(content, message):
    with pytest.raises(ValueError, match=message):
        python_batch(content, SMALL, "labels", 10, "batch")


def test_unpickling_leaves_numpys_own_uint8_alone():
    images, labels = images_and_labels(SMALL, 10, 0)
    before = np.dtype(np.uint8).__reduce__()
    python_batch(python_2_pickle(images, labels.tolist(), b"labels"), SMALL, "labels", 10, "batch")
    assert np.dtype(np.uint8).__reduce__() == before


def test_digits_are_scikit_learns_with_every_class_in_proportion():
    from sklearn.datasets import load_digits

    data = load_data(Settings(data="digits"))
    assert (data.train_images.shape, data.test_images.shape) == ((1437, 8, 8, 1), (360, 8, 8, 1))
    assert (data.train_images.dtype, data.train_labels.dtype) == (np.uint8, np.int32)
    everything = np.concatenate([data.train_images, data.test_images]).reshape(-1, 64)
    original = np.round(load_digits().data * 255 / 16).astype(np.uint8)
    assert sorted(map(bytes, everything)) == sorted(map(bytes, original))
    share = np.bincount(data.test_labels) / np.bincount(np.concatenate([data.train_labels, data.test_labels]))
    assert np.abs(share - 0.2).max() < 1 / 150  # a class of at least 174 images, one image more or less
    pixels = data.train_images / 255
    np.testing.assert_allclose([data.mean[0], data.std[0]], [pixels.mean(), pixels.std()], rtol=1e-6)  # float32


def test_synthetic_images_have_cifars_shape_and_are_the_same_in_every_call():
    first, second = (load_data(Settings(data="synthetic", train_size=300)) for _ in range(2))
    assert first.train_images.shape == (300, 32, 32, 3)
    assert first.classes == 10
    assert first.digest == second.digest
    assert not np.array_equal(first.train_images[:100], first.test_images[:100])


def test_the_digest_changes_with_whatever_the_data_are():
    base = Settings(data="digits")
    changes = ({}, {"train_size": 1436}, {"label_noise": 0.01}, {"normalise": False})
    digests = {load_data(base.replace(**change)).digest for change in changes}
    assert len(digests) == 4
    assert load_data(base.replace(seed=7)).digest == load_data(base).digest  # without noise the seed decides nothing


def test_more_images_than_there_are_is_an_error():
    with pytest.raises(ValueError, match="has 1437 training images"):
        load_data(Settings(data="digits", train_size=1438))


@pytest.mark.parametrize("classes", [2, 10])
def test_label_noise_replaces_exactly_its_share(classes):
    labels = np.random.default_rng(0).integers(0, classes, 10_000).astype(np.int32)
    noisy = noisy_labels(labels, classes, 0.6, "different", 3)
    assert noisy.dtype == np.int32
    assert 0 <= noisy.min() <= noisy.max() < classes
    assert (noisy != labels).sum() == 6_000
    assert np.array_equal(noisy, noisy_labels(labels, classes, 0.6, "different", 3))
    assert not np.array_equal(noisy, noisy_labels(labels, classes, 0.6, "different", 4))
    kept = (noisy_labels(labels, classes, 0.6, "any", 3) == labels).mean()
    # 0.4 and a share 1/classes of 0.6; four standard errors of at most 0.5/sqrt(10,000) each
    assert abs(kept - (0.4 + 0.6 / classes)) < 4 * 0.005


def test_wrong_labels_are_uniform_over_the_other_classes():
    labels = np.zeros(30_000, np.int32)
    counts = np.bincount(noisy_labels(labels, 4, 1.0, "different", 0), minlength=4)
    assert counts[0] == 0
    # each a binomial count of 30,000 draws at 1/3: four standard deviations are 4 sqrt(30,000 * 2/9) < 327
    assert np.abs(counts[1:] - 10_000).max() < 327


def test_label_noise_leaves_the_test_labels_alone():
    clean, noisy = (load_data(Settings(data="digits", label_noise=share)) for share in (0.0, 0.5))
    np.testing.assert_array_equal(clean.test_labels, noisy.test_labels)
    assert (clean.train_labels != noisy.train_labels).sum() == round(0.5 * 1437)
