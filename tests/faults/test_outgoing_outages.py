"""A service, or the token with the agency's key, that is away for a while: what waits and what heals by itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.archive import bags, load, verify
from pipeline.files import sha256_of
from pipeline.journeys import Office, open_office, outgoing, status
from pipeline.journeys.desk import Desk
from pipeline.journeys.issuing import Issuer, Pauses
from pipeline.reading import Reader
from pipeline.sealer import load_seal_settings
from pipeline.signatures import Terms
from pipeline.signatures.judging import Judge, judge
from pipeline.signatures.report import Verdict
from tests import signed_papers
from tests.pki import PIN, Pki, Token
from tests.sealing import (
    ME,
    SECRET,
    drop_draft,
    leader_signs,
    leaving_workspace,
    long_term,
    outgoing_rows,
    serving,
)
from tests.workspaces import run_once

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


@contextmanager
def released(
    folder: Path,
    pki: Pki,
    *,
    signing: str = 'level = "B-B"',
    key: str = "",
    secret: str = SECRET,
    terms: Terms | None = None,
) -> Iterator[Office]:
    """An office with one document that an officer has just released, and its seal service."""
    config = leaving_workspace(folder, pki, signing=signing, key=key)
    with open_office(folder) as office:
        prepared = drop_draft(office)
        run_once(office)
        leader_signs(office, pki, prepared, terms=terms)
        run_once(office)
        with serving(pki, load_seal_settings(config), office.database, secret=secret):
            outgoing.release(office, outgoing.waiting(office)[0].id, ME)
            yield office


def issued_files(office: Office) -> list[Path]:
    return list(outgoing.folder(office, "da-phat-hanh").iterdir())


def standing(office: Office) -> tuple[str, str, str]:
    row = outgoing_rows(office)[0]
    return row.state, row.level or "", row.reason or ""


def test_without_certificate_status_it_is_issued_lower_and_upgraded_later(pki: Pki, tmp_path: Path) -> None:
    signing = f'level = "B-LTA"\ntsa = "{pki.tsa_url}"'
    with released(tmp_path / "office", pki, signing=signing, terms=long_term(pki)) as office:
        with pki.outage("ocsp", "crls"):
            run_once(office)
            assert standing(office) == ("issued", "B-T", "")
            run_once(office)  # still away: nothing changes, nothing is lost
            assert standing(office) == ("issued", "B-T", "")
        (issued,) = issued_files(office)
        before = issued.read_bytes()
        run_once(office)
        assert standing(office) == ("issued", "B-LTA", "")
        assert issued.read_bytes().startswith(before)  # the signatures themselves are not touched
        assert len(issued.read_bytes()) > len(before)
        report = judge(issued, signed_papers.anchors(pki), datetime.now(UTC), online=False)
        assert report.verdict is Verdict.VALID  # its proofs lie in the file now
        (bag,) = bags(office.archive)
        stored = load(bag)
        assert stored.original is not None
        assert stored.original.read_bytes() == before
        assert stored.upgraded is not None
        assert sha256_of(stored.upgraded[1]) == sha256_of(issued)
        assert verify(bag) == []


def test_whose_certificate_nobody_can_speak_of_waits_and_is_not_refused(
    pki: Pki, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    leaving_workspace(tmp_path / "office", pki)
    with open_office(tmp_path / "office") as office:
        prepared = drop_draft(office)
        run_once(office)
        leader_signs(office, pki, prepared)
        with pki.outage("ocsp", "crls"):
            run_once(office)
            assert standing(office)[0] == "prepared"
            assert "leader-status-unknown" in caplog.text
            assert not office.refused.exists() or not list(office.refused.iterdir())
        run_once(office)
        assert standing(office)[0] == "waiting"


def test_an_upgrade_does_not_touch_an_issued_file_that_somebody_changed(pki: Pki, tmp_path: Path) -> None:
    with released(tmp_path / "office", pki, signing=f'level = "B-T"\ntsa = "{pki.tsa_url}"') as office:
        with pki.outage("tsa"):
            run_once(office)
        (issued,) = issued_files(office)
        issued.write_bytes(b"something else by now")
        run_once(office)
        assert standing(office) == ("issued", "B-T", "")
        assert issued.read_bytes() == b"something else by now"
        (bag,) = bags(office.archive)
        assert load(bag).upgraded is not None


def test_where_the_level_is_required_it_waits_for_the_service(pki: Pki, tmp_path: Path) -> None:
    signing = f'level = "B-LTA"\ntsa = "{pki.tsa_url}"\nwhen_unavailable = "require"'
    with released(tmp_path / "office", pki, signing=signing) as office:
        with pki.outage("tsa"):
            run_once(office)
            assert standing(office) == ("released", "", "service-unavailable")
            assert issued_files(office) == []
            stock = status(office)
            assert stock.hindered == (("Quyết định.pdf", "service-unavailable"),)
            assert not stock.healthy
        run_once(office)
        assert status(office).hindered == ()
        assert standing(office) == ("issued", "B-LTA", "")
        assert len(issued_files(office)) == 1


def test_a_token_that_is_pulled_out_is_used_again_when_it_is_back(pki: Pki, token: Token, tmp_path: Path) -> None:
    key = f'module = "{token.module}"\ntoken = "{token.label}"\nlabel = "agency"'
    with released(tmp_path / "office", pki, key=key, secret=PIN) as office:
        with pulled_out():
            run_once(office)
            state, _, reason = standing(office)
            assert (state, reason) == ("released", "token-unavailable")
            assert issued_files(office) == []
        run_once(office)
        assert standing(office) == ("issued", "B-B", "")


@contextmanager
def pulled_out() -> Iterator[None]:
    """The files of all tokens are elsewhere meanwhile."""
    folder = Path(os.environ["SOFTHSM2_CONF"]).parent / "tokens"
    away = folder.with_name("away")
    shutil.move(folder, away)
    folder.mkdir()
    try:
        yield
    finally:
        folder.rmdir()
        shutil.move(away, folder)


def test_a_seal_service_that_comes_back_is_used_at_once(pki: Pki, tmp_path: Path) -> None:
    """However long it was away."""
    now = [0.0]
    folder = tmp_path / "office"
    with released(folder, pki):
        pass
    with open_office(folder) as office, Reader(office.settings.reading, office.settings.intake) as reader:
        with Judge() as judging:
            issuer = Issuer(Desk(office, reader, lambda _: None, judging))
            issuer._pauses = Pauses(2.0, 60.0, lambda: now[0])
            for _ in range(8):
                now[0] += 2
                issuer.advance()
                assert standing(office) == ("released", "", "seal-service-away")
            with serving(pki, load_seal_settings(folder / "seal.toml"), office.database):
                now[0] += 2
                issuer.advance()
        assert standing(office)[0] == "issued"


def test_pauses_grow_and_end_when_the_row_changes() -> None:
    now = [0.0]
    pauses = Pauses(2.0, 60.0, lambda: now[0])
    waits = []
    for _ in range(8):
        pauses.failed("a", "released")
        began = now[0]
        while not pauses.due("a", "released"):
            now[0] += 1.0
        waits.append(now[0] - began)
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    pauses.failed("a", "released")
    assert pauses.due("a", "held")
    assert pauses.due("b", "released")
