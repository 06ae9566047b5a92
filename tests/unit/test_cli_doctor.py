"""Each check of `vanthu doctor` sees its trouble and names the command that mends it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.cli import doctor
from pipeline.cli.doctor import Health
from pipeline.journeys import init_workspace
from pipeline.messages import LANGUAGES, catalogue
from pipeline.sealer import Release, SealerStatus, SealSettings
from pipeline.settings import settings_from


class Machine:
    """Programs that print what they are told to; those it does not have give None."""

    def __init__(self, **printed: str) -> None:
        self.printed = printed

    def __call__(self, command: list[str]) -> str | None:
        return self.printed.get(" ".join(command[:2]).replace(" --", "_").replace("-", "_").replace(" ", "_"))


def test_a_missing_tesseract_names_its_package() -> None:
    check = doctor.check_tesseract(Machine())
    assert (check.health, check.remedy) == (Health.BAD, "sudo apt-get install -y tesseract-ocr")


@pytest.mark.parametrize(
    ("printed", "health"),
    [("tesseract 5.3.0\n", Health.GOOD), ("tesseract v5.5.1", Health.GOOD), ("tesseract 4.1.1", Health.BAD),
     ("tesseract", Health.BAD)],
)  # fmt: skip
def test_tesseract_must_be_of_version_five(printed: str, health: Health) -> None:
    assert doctor.check_tesseract(Machine(tesseract_version=printed)).health is health


def test_missing_languages_are_named_with_their_packages() -> None:
    check = doctor.check_languages(
        Machine(tesseract_list_langs="List of available languages (2):\neng\nosd\n"), "vie+eng+chi_sim"
    )
    assert check.detail["languages"] == "vie, chi_sim"
    assert check.remedy == "sudo apt-get install -y tesseract-ocr-vie tesseract-ocr-chi-sim"


def test_fonts_and_office_are_advice_only() -> None:
    assert doctor.check_fonts(Machine()).health is Health.POOR
    assert doctor.check_office_program(None).health is Health.POOR


@pytest.mark.parametrize("year", [1970, 2025, 2100])
def test_a_clock_out_of_its_years_is_wrong(year: int) -> None:
    assert doctor.check_clock(datetime(year, 5, 1, tzinfo=UTC), Machine()).code == "clock-wrong"


def test_an_unsynchronised_clock_is_poor_and_an_unknown_one_is_believed() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    assert doctor.check_clock(now, Machine(timedatectl_show="no\n")).health is Health.POOR
    assert doctor.check_clock(now, Machine()).health is Health.GOOD


def test_a_zone_without_data_is_bad() -> None:
    assert doctor.check_zone("Asia/Nowhere").health is Health.BAD


@pytest.mark.parametrize(("free_mb", "health"), [(100, Health.BAD), (700, Health.POOR), (5000, Health.GOOD)])
def test_disk_space_is_measured_against_the_reserve(free_mb: int, health: Health, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert doctor.check_disk(settings_from({}, tmp_path), free_mb << 20).health is health


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_has_its_words(language: str) -> None:
    import ast

    codes = {
        node.args[2].value
        for node in ast.walk(ast.parse(Path(doctor.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Check" and len(node.args) > 2
        and isinstance(node.args[2], ast.Constant)
    }  # fmt: skip
    assert len(codes) > 12
    assert not [code for code in codes if f"doctor-{code}" not in catalogue(language)]


def test_another_login_is_told_whose_the_office_is_and_mends_nothing(tmp_path: Path) -> None:
    settings = init_workspace(tmp_path / "office")
    owner = settings.private.stat().st_uid
    assert doctor.check_user(settings, owner) is None
    found = doctor.check_user(settings, owner + 1)
    assert found is not None
    assert (found.health, found.code) == (Health.POOR, "other-user")
    assert found.remedy.startswith("sudo -u ")


def seal_settings(**changed: object) -> SealSettings:
    data: dict[str, object] = {
        "socket": "s", "state": "s", "workspace": "w", "officers": ["root"], "clients": ["daemon"],
        "key": {"file": "k"}, "signatories": [{"sha256": "0" * 64, "name": "A"}],
    }  # fmt: skip
    return SealSettings.model_validate({**data, **changed})


@pytest.mark.parametrize(
    ("key_open", "days", "health", "code"),
    [
        (False, 400, Health.BAD, "seal-key-closed"), (True, -1, Health.BAD, "seal-certificate-expired"),
        (True, 10, Health.POOR, "seal-certificate-ends"), (True, 400, Health.GOOD, ""),
    ],
)  # fmt: skip
def test_the_seal_needs_an_open_key_and_a_certificate_in_term(
    key_open: bool, days: int, health: Health, code: str
) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    status = SealerStatus(Release.EACH, "Ban", key_open, ("root",), valid_until=now + timedelta(days=days))
    check = doctor.check_seal_key(status, now)
    assert (check.health, check.code) == (health, code)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, ""),
        ({"officers": ["nobody-of-that-name"]}, "seal-people-unknown"),
        ({"officers": ["daemon"]}, "seal-people-same"),
    ],
)
def test_officers_are_known_and_are_not_the_watching_service(changed: dict[str, object], code: str) -> None:
    assert doctor.check_seal_people(seal_settings(**changed), "").code == code


@pytest.mark.parametrize(("days", "codes"), [(-1, ["certificate-ended"]), (10, ["certificate-ends"]), (400, [])])
def test_a_leader_s_certificate_that_ends_is_told(days: int, codes: list[str]) -> None:
    now = datetime.now(UTC)
    found = doctor.check_certificates(seal_settings(), {"0" * 64: now + timedelta(days=days)}, now)
    assert [check.code for check in found] == codes


def test_roots_that_the_seal_service_lacks_are_told(tmp_path: Path) -> None:
    ours, seals = tmp_path / "ours", tmp_path / "seals"
    ours.mkdir()
    (ours / "a.crt").write_bytes(b"a")
    assert doctor.check_roots(ours, seals).code == "seal-roots-unreadable"
    seals.mkdir()
    assert doctor.check_roots(ours, seals).code == "seal-roots-missing"
    (seals / "a.crt").write_bytes(b"a")
    assert doctor.check_roots(ours, seals).health is Health.GOOD


def test_a_signatory_whose_term_has_ended_is_named() -> None:
    ended = {"sha256": "1" * 64, "name": "B", "last_day": "2026-10-31"}
    others = [{"sha256": "0" * 64, "name": "A"}, ended]
    check = doctor.check_signatories(seal_settings(signatories=others), date(2026, 11, 1), "")
    assert (check.health, check.detail["names"]) == (Health.POOR, "B")
    assert doctor.check_signatories(seal_settings(signatories=[ended]), date(2026, 11, 1), "").health is Health.BAD
    assert doctor.check_signatories(seal_settings(signatories=[ended]), date(2026, 10, 31), "").health is Health.GOOD
