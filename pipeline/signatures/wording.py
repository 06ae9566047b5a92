"""The one line at the top right of page 1 of an electronic copy, a separate attachment or digitised paper.

Decree 30/2020/NĐ-CP, Appendix I: Part I, II.8.b and III.1.d with forms 1.3 and 2.2; Part II, I.3 with form 3.2. The
time is Vietnam's, with its zone as ISO 8601 writes it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pipeline.errors import RefusedError

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")  # what the Decree names, whatever zone the registers are kept in


class CopyForm(StrEnum):
    """The three forms of copies (Article 25)."""

    TRUE_COPY = "SAO Y"
    COPY_OF_COPY = "SAO LỤC"
    EXTRACT = "TRÍCH SAO"


def attachment_line(code: str, at: datetime) -> str:
    """For an attachment in a file of its own; `code` is number and notation of the main document, "15/QĐ-BQL"."""
    return f"Số: {code}; {_moment(at)}"


def copy_line(form: CopyForm, organ: str, at: datetime, *, from_electronic: bool = False) -> str:
    """For a copy made by `organ`; digitised paper is a true copy (SAO Y).

    RefusedError for a form that the Decree does not know: what is electronic already is sent on and not copied, only
    extracts of it are made (Article 25).
    """
    if from_electronic and form is not CopyForm.EXTRACT:
        raise RefusedError("copy-form-not-allowed", form=form.value)
    return f"{form.value}; {organ}; {_moment(at)}"


def digitised_line(organ: str, at: datetime) -> str:
    """For paper that `organ` digitised for its archive: whose it is and when it was signed, and no form of copy.

    Decree 30/2020, Articles 22.3.b and 25.1.c; Circular 05/2025/TT-BNV, Article 8.
    """
    return f"{organ}; {_moment(at)}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%d/%m/%Y; %H:%M:%S} +07:00"
