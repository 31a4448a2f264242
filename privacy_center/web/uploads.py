"""How large a form may be: small everywhere, and larger only where pictures are uploaded. How a request is read."""

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, request

from privacy_center.people.evidence.keep import MOST_PICTURES
from privacy_center.web.signs import without_control_signs
from privacy_center.web.units import center

LARGEST_FORM = 1024 * 1024
MEGABYTE = 1024 * 1024
UPLOADS = frozenset({"identity_cases.form"})
"""The endpoints to which pictures may be sent."""


class HouseRequest(Request):
    """A request whose uploaded files stay in memory: evidence is never written to a temporary file.

    To views a HEAD is a GET: what asks whether it is a GET would else take it for a form that was sent. The server still
    sends no body. What was typed holds no control signs.
    """

    def __init__(self, environ: dict[str, Any], populate_request: bool = True, shallow: bool = False) -> None:
        super().__init__(environ, populate_request, shallow)
        if self.method == "HEAD":
            self.method = "GET"

    def _load_form_data(self) -> None:
        if "form" not in self.__dict__:
            super()._load_form_data()
            self.form = without_control_signs(self.form)

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def largest_upload(megabytes: int) -> int:
    """Bytes of the largest form that carries pictures of `megabytes` each."""
    return megabytes * MEGABYTE * MOST_PICTURES + LARGEST_FORM


def allow_uploads() -> None:
    """Let a larger form in where pictures are uploaded; it must run before anything reads the form."""
    if request.endpoint in UPLOADS and request.method == "POST":
        request.max_content_length = largest_upload(center().settings.evidence_largest_mb)


def install_uploads(app: Flask) -> None:
    """The limit of every form, and the exception; before the check of form tokens, which reads the form."""
    app.request_class = HouseRequest
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    app.before_request(allow_uploads)
