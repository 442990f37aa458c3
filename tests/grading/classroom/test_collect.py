"""Collecting: whose file it is, what is refused, and that nothing is lost or half-written."""

import os
import stat
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pytest

from grading.classroom import sources, submitted
from grading.classroom.collect import collect
from grading.classroom.roster import Roster
from grading.gradebook.people import Person
from tests.support.collecting import MORNING, A, handed_in, ids, zipped


@pytest.mark.parametrize(
    ("name", "student"),
    [
        (f"amy/{A}.ipynb", "amy"),
        (f"amy/{A}/{A}.ipynb", "amy"),
        ("amy_my final version.ipynb", "amy"),
        (f"leeamy_123_456_{A}-2.ipynb", "leeamy"),
        (f"leeamy_LATE_123_456_{A}.ipynb", "leeamy"),
        ("Amy Lee_12345_assignsubmission_file_/homework.ipynb", "Amy Lee"),
        ("Amy Lee_12345_assignsubmission_file/deep/er/homework.ipynb", "Amy Lee"),
    ],
)
def test_names_of_common_platforms_are_understood(tmp_path, name, student):
    collected = collect(zipped(tmp_path / "a.zip", [(name, "{}")]), tmp_path, A)
    assert collected.collected == {student: name} and collected.clean
    assert handed_in(tmp_path) == {student: "{}"}


@pytest.mark.parametrize("name", [f"export/amy/{A}/{A}.ipynb", f"export/amy_{A}.ipynb"])
def test_folder_around_all_files_is_left_out(tmp_path, name):
    files = [(name, "{}"), (name.replace("amy", "bob"), "{}")]
    collect(zipped(tmp_path / "a.zip", files), tmp_path / "two", A)
    assert set(handed_in(tmp_path / "two")) == {"amy", "bob"}
    collect(zipped(tmp_path / "a.zip", files[:1]), tmp_path / "one", A, roster=ids("amy"))
    assert set(handed_in(tmp_path / "one")) == {"amy"}


@pytest.mark.parametrize(
    "inside",
    [
        f"bob/{A}.ipynb",
        f"bob/{A}/{A}.ipynb",
        "bob_hw.ipynb",
        "bob_2_assignsubmission_file_/x.ipynb",
    ],
)
@pytest.mark.parametrize("roster", [None, ids("amy", "bob"), ids("a.my", "bob")])
def test_only_hand_in_of_a_class_does_not_pass_for_another_student(tmp_path, inside, roster):
    archive = zipped(tmp_path / "a.zip", [(f"amy/{inside}", "from amy")])
    try:
        collected = collect(archive, tmp_path, A, roster=roster)
        assert collected.collected or not collected.clean
    except ValueError as refused:
        assert "no layout fits" in str(refused)
    assert "bob" not in handed_in(tmp_path)


def test_folder_and_zip_give_the_same(tmp_path):
    names = [f"amy/{A}.ipynb", f"bob/{A}.ipynb"]
    archive = zipped(tmp_path / "a.zip", [(name, name) for name in names])
    zipfile.ZipFile(archive).extractall(tmp_path / "folder")
    for source, course in ((archive, "one"), (tmp_path / "folder", "two")):
        collect(source, tmp_path / course, A)
        assert handed_in(tmp_path / course) == {"amy": names[0], "bob": names[1]}


def test_own_pattern(tmp_path):
    archive = zipped(tmp_path / "a.zip", [("batch 1/hw--amy.ipynb", "1"), ("x/hw.ipynb", "2")])
    collected = collect(archive, tmp_path, A, pattern=r"hw--(?P<student>\w+)\.ipynb$")
    assert handed_in(tmp_path) == {"amy": "1"} and collected.unmatched == ["x/hw.ipynb"]


@pytest.mark.parametrize("pattern", [r"(\w+)\.ipynb", "("])
def test_pattern_that_cannot_name_a_student_is_refused(tmp_path, pattern):
    archive = zipped(tmp_path / "a.zip", [("amy.ipynb", "1")])
    with pytest.raises(ValueError, match="pattern"):
        collect(archive, tmp_path, A, pattern=pattern)


def test_roster_finds_ids_and_reports_strangers_and_the_missing(tmp_path):
    files = ["amy_lee_homework.ipynb", "Lee Amy B_hw.ipynb", "zed_hw.ipynb", "notes.txt"]
    archive = zipped(tmp_path / "a.zip", [(name, name) for name in files])
    collected = collect(archive, tmp_path, A, roster=ids("amy_lee", "amy", "lee.amy.b", "cy"))
    assert collected.collected == {"amy_lee": files[0], "lee.amy.b": files[1]}
    assert collected.unknown == ["zed_hw.ipynb"] and collected.ignored == 1
    assert collected.missing == ["amy", "cy"] and not collected.clean
    assert "unknown student: zed_hw.ipynb" in collected.lines()


@pytest.mark.parametrize(
    "name",
    [
        "Amy_1_assignsubmission_file_/bob_hw.ipynb",
        f"Amy_1_assignsubmission_file_/bob/{A}.ipynb",
        "Amy_1_assignsubmission_file_/bob_2_assignsubmission_file_/x.ipynb",
        "amy_1_2_bob_3_4_hw.ipynb",
        f"amy/bob/{A}.ipynb",
        "amy/bob_hw.ipynb",
    ],
)
@pytest.mark.parametrize("roster", [None, ids("amy", "bob", "cy")])
def test_a_name_that_the_student_chose_does_not_pass_for_another_student(tmp_path, name, roster):
    files = [(name, "from amy"), (f"cy/{A}.ipynb", "from cy")]
    collect(zipped(tmp_path / "a.zip", files), tmp_path, A, roster=roster)
    assert "bob" not in handed_in(tmp_path)


def test_time_stamp_of_nbgrader_counts_more_than_that_of_the_file(tmp_path):
    for student, stamp in (("amy", "2020-01-02 03:04:05.000000 UTC"), ("bob", "nonsense")):
        folder = tmp_path / "in" / student / A
        folder.mkdir(parents=True)
        (folder / f"{A}.ipynb").write_text("{}")
        (folder / "timestamp.txt").write_text(stamp)
    assert collect(tmp_path / "in", tmp_path, A).clean
    stamps = tmp_path / "submitted"
    assert (stamps / "amy" / A / "timestamp.txt").read_text().startswith("2020-01-02 03:04:05")
    assert (stamps / "bob" / A / "timestamp.txt").read_text().startswith(f"{datetime.now(UTC):%Y}")


@pytest.mark.parametrize(
    ("place", "knows"),
    [
        (f"{{}}_12_assignsubmission_file_/{A}.ipynb", False),
        (f"{{}}_12_assignsubmission_file_/x/{A}/{A}.ipynb", False),
        (f"{{}}_12_assignsubmission_file_/{A}/{A}.ipynb", False),
        (f"{{}}_12_2_{A}.ipynb", False),
        (f"{{}}_{A}.ipynb", True),
    ],
)
def test_time_that_a_student_wrote_beside_the_notebook_is_not_believed(tmp_path, place, knows):
    for student in ("Amy", "Bob"):
        notebook = tmp_path / "in" / place.format(student)
        notebook.parent.mkdir(parents=True, exist_ok=True)
        notebook.write_text("{}")
        notebook.with_name("timestamp.txt").write_text("2020-01-01 00:00:00.000000 UTC")
    assert set(collect(tmp_path / "in", tmp_path, A).collected) == {"Amy", "Bob"}
    # The files of Canvas and Moodle have the time of the download, which is nobody's hand-in.
    stamp = tmp_path / "submitted" / "Amy" / A / "timestamp.txt"
    assert stamp.exists() == knows
    assert not knows or stamp.read_text().startswith(f"{datetime.now(UTC):%Y}")


@pytest.mark.parametrize("year", ["0001", "1900", "1969", "2100", "9999"])
def test_time_out_of_all_bounds_is_not_believed_and_stops_nobody(tmp_path, year):
    for student in ("amy", "bob"):
        folder = tmp_path / "in" / student / A
        folder.mkdir(parents=True)
        (folder / f"{A}.ipynb").write_text("{}")
    stamp = tmp_path / "in" / "amy" / A / "timestamp.txt"
    stamp.write_text(f"{year}-12-31 23:59:59.999999 UTC")
    assert set(collect(tmp_path / "in", tmp_path, A).collected) == {"amy", "bob"}
    stamp = tmp_path / "submitted" / "amy" / A / "timestamp.txt"
    assert stamp.read_text().startswith(f"{datetime.now(UTC):%Y}")


def entry(name, *, mode=0o644 | stat.S_IFREG, flags=0):
    made = zipfile.ZipInfo(name, MORNING)
    made.external_attr = mode << 16
    made.flag_bits |= flags
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


@pytest.mark.parametrize(
    "bad",
    [
        entry("../amy_x.ipynb"),
        entry("/etc/amy_x.ipynb"),
        entry("a/../../amy_x.ipynb"),
        entry("C:/amy_x.ipynb"),
        entry("..\\amy_x.ipynb"),
        entry("amy_x.ipynb", mode=0o777 | stat.S_IFLNK),
        entry("amy_x.ipynb", mode=0o666 | stat.S_IFIFO),
        entry(".._x.ipynb"),
        entry(" _x.ipynb"),
    ],
    ids=lambda made: made.filename,
)
def test_entries_that_lead_elsewhere_are_refused(tmp_path, bad):
    course = tmp_path / "deep" / "course"
    course.mkdir(parents=True)
    archive = zipped(tmp_path / "a.zip", [(bad, "/etc/passwd"), ("bob_x.ipynb", "{}")])
    before = sorted(tmp_path.rglob("*"))
    collected = collect(archive, course, A)
    assert handed_in(course) == {"bob": "{}"}
    outside = set(tmp_path.rglob("*")) - set(before) - set((course).rglob("*"))
    assert not outside and "amy" not in os.listdir(course / "submitted")
    assert collected.refused or bad.filename.startswith("..")


def test_bombs_are_refused_by_what_they_say_and_by_what_they_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "SMALL", 1000)
    files = [("amy_x.ipynb", "0" * 1_000_000), ("bob_x.ipynb", "{}")]
    collected = collect(zipped(tmp_path / "a.zip", files), tmp_path / "one", A)
    assert "unpacks to more than" in collected.refused["amy_x.ipynb"]
    assert handed_in(tmp_path / "one") == {"bob": "{}"}
    # The same, saying that it is small: what is read is bounded by what is said.
    data = (tmp_path / "a.zip").read_bytes()
    lie = data.replace((1_000_000).to_bytes(4, "little"), (900).to_bytes(4, "little"))
    (tmp_path / "lie.zip").write_bytes(lie)
    collected = collect(tmp_path / "lie.zip", tmp_path / "two", A)
    assert "amy_x.ipynb" in collected.refused and handed_in(tmp_path / "two") == {"bob": "{}"}


def test_sizes_and_counts_are_bounded(tmp_path, monkeypatch):
    files = [("amy_x.ipynb", "a" * 50), ("bob_x.ipynb", "b" * 500)]
    archive = zipped(tmp_path / "a.zip", files)
    monkeypatch.setattr(submitted, "MAX_NOTEBOOK_BYTES", 100)
    assert "bob_x.ipynb" in collect(archive, tmp_path / "one", A).refused
    monkeypatch.setattr(submitted, "MAX_NOTEBOOK_BYTES", 1000)
    monkeypatch.setattr(submitted, "MAX_TOTAL_BYTES", 520)
    assert handed_in(tmp_path / "one") == {"amy": "a" * 50}
    assert "bob_x.ipynb" in collect(archive, tmp_path / "two", A).refused
    monkeypatch.setattr(sources, "MAX_FILES", 1)
    with pytest.raises(ValueError, match="more than 1 files"):
        collect(archive, tmp_path / "three", A)


def test_damaged_and_encrypted_entries_do_not_stop_the_others(tmp_path):
    files = [("amy_x.ipynb", "amy " * 100), ("bob_x.ipynb", "{}"), ("cy_x.ipynb", "{}")]
    archive = zipped(tmp_path / "a.zip", files)
    data = bytearray(archive.read_bytes())
    data[43:47] = b"\xff" * 4  # inside the first file's deflated content
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # the flag of encryption of the last file
    archive.write_bytes(data)
    collected = collect(archive, tmp_path, A)
    assert "cannot be unpacked" in collected.refused["amy_x.ipynb"]
    assert "encrypted" in collected.refused["cy_x.ipynb"]
    assert handed_in(tmp_path) == {"bob": "{}"}


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_ways_of_packing_are_read_bounded_and_damage_stops_nobody(tmp_path, method):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for student in ("amy", "bob"):
            archive.writestr(f"{student}_x.ipynb", f"{student} {os.urandom(5000).hex()}")
    data = bytearray(path.read_bytes())
    inside = data.index(b"amy_x.ipynb") + 200
    data[inside : inside + 40] = b"\xff" * 40
    path.write_bytes(data)
    collected = collect(path, tmp_path, A)
    assert "cannot be" in collected.refused["amy_x.ipynb"]
    assert handed_in(tmp_path)["bob"].startswith("bob ")


def test_small_file_that_unpacks_to_much_takes_no_memory(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("amy_x.ipynb", bytes(120 << 20))
    # It says that it is small.
    data = path.read_bytes().replace((120 << 20).to_bytes(4, "little"), b"\0\0\1\0")
    path.write_bytes(data)
    tracemalloc.start()
    try:
        collected = collect(path, tmp_path, A)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "amy_x.ipynb" in collected.refused and peak < 90 << 20


def test_whatever_a_file_does_when_it_is_read_concerns_its_student_alone(tmp_path, monkeypatch):
    archive = zipped(tmp_path / "a.zip", [("amy_x.ipynb", "{}"), ("bob_x.ipynb", "{}")])
    intact = zipfile.ZipFile.open

    def failing(self, entry, *others):
        if entry.filename.startswith("amy"):
            raise MemoryError
        return intact(self, entry, *others)

    monkeypatch.setattr(zipfile.ZipFile, "open", failing)
    collected = collect(archive, tmp_path, A)
    assert "MemoryError" in collected.refused["amy_x.ipynb"]
    assert handed_in(tmp_path) == {"bob": "{}"}


def test_clutter_of_platforms_is_passed_over(tmp_path):
    files = ["__MACOSX/._amy_x.ipynb", "._amy_x.ipynb", ".DS_Store", "amy_x.ipynb"]
    files.append(".ipynb_checkpoints/amy_x-checkpoint.ipynb")
    collected = collect(zipped(tmp_path / "a.zip", [(f, f) for f in files]), tmp_path, A)
    assert collected.clean and collected.collected == {"amy": "amy_x.ipynb"}


@pytest.mark.parametrize("as_zip", [True, False])
def test_hidden_folder_of_a_student_is_refused_not_passed_over(tmp_path, as_zip):
    files = [f".x/{A}.ipynb", f"..y/{A}/{A}.ipynb", ".z_12_assignsubmission_file_/hw.ipynb"]
    others = [f"amy/{A}.ipynb", f"amy/.backup/{A}.ipynb", ".git/HEAD"]
    source = zipped(tmp_path / "a.zip", [(name, "{}") for name in files + others])
    if not as_zip:
        zipfile.ZipFile(source).extractall(tmp_path / "in")
        source = tmp_path / "in"
    collected = collect(source, tmp_path, A)
    assert set(collected.collected) == {"amy"} and set(collected.refused) == set(files)
    assert not collected.unmatched


def test_links_and_folders_and_pipes_in_a_folder_are_refused(tmp_path):
    source = tmp_path / "in"
    (source / "dir_x.ipynb").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (source / "amy_x.ipynb").symlink_to(tmp_path / "secret")
    os.mkfifo(source / "bob_x.ipynb")
    (source / "loop").symlink_to(source)
    (source / "cy_x.ipynb").write_text("{}")
    collected = collect(source, tmp_path, A)
    assert handed_in(tmp_path) == {"cy": "{}"}
    assert set(collected.refused) == {"dir_x.ipynb", "amy_x.ipynb", "bob_x.ipynb", "loop"}


@pytest.mark.parametrize(
    "names",
    [
        ["hw1_amy.ipynb", "hw1_bob.ipynb"],
        [f"{A}_amy.ipynb", f"{A}_bob.ipynb"],
        [f"{A}/amy.ipynb", f"{A}/bob.ipynb"],
        [f"{A}/{A}.ipynb"],
        ["amy.ipynb", "bob.ipynb"],
    ],
)
def test_unknown_layout_is_refused_with_an_example(tmp_path, names):
    archive = zipped(tmp_path / "a.zip", [(name, name) for name in names])
    with pytest.raises(ValueError, match=r"no layout fits.*--pattern '.*\?P<student>"):
        collect(archive, tmp_path, A)
    assert not handed_in(tmp_path)


def test_source_without_a_notebook_is_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no notebook"):
        collect(zipped(tmp_path / "a.zip", [("amy_hw.pdf", "%PDF")]), tmp_path, A)


def test_student_named_like_the_assignment_is_refused(tmp_path):
    archive = zipped(tmp_path / "a.zip", [(f"{A}/hw.ipynb", "1"), ("bob/hw.ipynb", "2")])
    found = collect(archive, tmp_path, A, pattern=r"^(?P<student>[^/]+)/hw\.ipynb$")
    assert handed_in(tmp_path) == {"bob": "2"} and "--pattern" in found.refused[f"{A}/hw.ipynb"]
    assert not found.clean


def test_anonymous_hand_ins_of_canvas_stay_apart_and_are_nobody_of_the_roster(tmp_path):
    files = [(f"anon_Ab1c_11_{A}.ipynb", "1"), (f"LATE_anon_9xYz_12_{A}.ipynb", "2")]
    found = collect(zipped(tmp_path / "a.zip", files), tmp_path, A, roster=ids("amy", "bo"))
    assert handed_in(tmp_path) == {"anon_Ab1c": "1", "anon_9xYz": "2"}
    assert found.late == ["anon_9xYz"] and not found.missing


def test_participants_without_a_name_stay_apart(tmp_path):
    files = [(f"Participant_{n}_assignsubmission_file_/{A}.ipynb", n) for n in ("12", "13")]
    collect(zipped(tmp_path / "a.zip", files), tmp_path, A)
    assert handed_in(tmp_path) == {"Participant 12": "12", "Participant 13": "13"}


def test_hand_in_of_a_group_goes_to_all_who_are_in_it(tmp_path):
    roster = Roster(
        [
            Person("amy", "Amy", "Lee", lms_id="11", group="Team 1"),
            Person("bo", "Bo", "Kim", lms_id="12", group="Team 1"),
            Person("cy", "Cy", "Zed", lms_id="13", group="Team 2"),
        ]
    )
    for layout, name in (
        ("canvas", "{}_{}_99_x.ipynb"),
        ("moodle", "{}_9{}_assignsubmission_file/x.ipynb"),
    ):
        files = [(name.format("team1" if layout == "canvas" else "Team 1", 12), "ours")]
        files.append((name.format("zedcy" if layout == "canvas" else "Cy Zed", 13), "mine"))
        course = tmp_path / layout
        assert collect(zipped(tmp_path / "a.zip", files), course, A, roster=roster).clean
        assert handed_in(course) == {"amy": "ours", "bo": "ours", "cy": "mine"}


def test_source_that_is_not_there_or_no_zip(tmp_path):
    with pytest.raises(FileNotFoundError, match="does not exist"):
        collect(tmp_path / "nothing", tmp_path, A)
    (tmp_path / "a.rar").write_text("Rar!")
    with pytest.raises(ValueError, match="neither a folder nor a zip"):
        collect(tmp_path / "a.rar", tmp_path, A)
