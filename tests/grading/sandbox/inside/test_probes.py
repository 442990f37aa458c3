"""Probes see what is open: where nothing confines them, most of them succeed."""

import os

import pytest

from grading.handout.release import PROJECT
from grading.sandbox.inside import probes

OPEN = (
    probes.references,
    probes.home,
    probes.project,
    probes.environment,
    probes.users,
    probes.temporary,
    probes.processes,
)
"""What any program can do whose user owns the course."""


@pytest.fixture
def folders(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    found = {
        "exercises": str(PROJECT / "grading" / "exercises"),
        "home": str(tmp_path),
        "project": str(PROJECT),
        "environment": str(tmp_path),
    }
    monkeypatch.setattr(probes, "FOLDERS", found)
    return found


@pytest.mark.parametrize("probe", OPEN, ids=lambda probe: probe.__name__)
def test_probe_sees_what_is_open(probe, folders):
    try:
        assert probe()
    finally:
        if probe is probes.temporary:
            os.unlink("/tmp/probe")


@pytest.mark.parametrize("probe", [probes.home, probes.project, probes.environment])
def test_empty_folder_counts_as_out_of_sight(probe, folders, tmp_path):
    (tmp_path / "empty").mkdir()
    folders.update(dict.fromkeys(folders, str(tmp_path / "empty")))
    assert not probe()


def test_secrets_are_found_by_their_names(monkeypatch):
    monkeypatch.setattr(probes.os, "environ", {"PATH": "/bin", "api_token": "x"})
    assert probes.secrets() == ["api_token"]


def test_every_probe_says_what_it_tries_and_none_ends_the_rest(monkeypatch):
    def broken():
        """break"""
        raise RuntimeError("for a reason")

    def works():
        """work"""
        return "x" * 1000

    monkeypatch.setattr(probes, "PROBES", (broken, works))
    found = probes.try_all()
    assert found == {"break": (False, "RuntimeError: for a reason"), "work": (True, "x" * 120)}
