"""Push tokens made with keys of our own, against a certificate endpoint of our own."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from sitebookify.errors import SettingsError
from sitebookify.settings import PushAuth, Settings
from sitebookify.web.guard import guarded, internal_guard, push_guard
from support.site import Answer, Hit, Site

AUDIENCE = "https://worker.example"
IDENTITY = "pusher@demo.iam.gserviceaccount.com"
TOKEN = "a-long-internal-token"
_jwt: Any = jwt  # its functions have no types
_signer: Any = crypt.RSASigner


@dataclass(frozen=True)
class Key:
    """A signing key and its self-made certificate, both PEM."""

    id: str
    private: bytes
    certificate: str


def make_key(key_id: str) -> Key:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return Key(key_id, private, certificate.public_bytes(serialization.Encoding.PEM).decode())


@pytest.fixture(scope="module")
def key() -> Key:
    return make_key("k1")


@pytest.fixture(scope="module")
def other_key() -> Key:
    return make_key("k2")


class Issuer:
    """The certificate endpoint; ``keys`` are those it knows now."""

    def __init__(self, *keys: Key) -> None:
        self.keys = list(keys)
        self.fetched = 0
        self.up = True

    def answer(self, _hit: Hit) -> Answer:
        self.fetched += 1
        body = json.dumps({key.id: key.certificate for key in self.keys})
        return Answer(body=body, status=200 if self.up else 503, content_type="application/json")


@pytest.fixture
def issuer(key: Key) -> Iterator[tuple[Issuer, str]]:
    issuer = Issuer(key)
    with Site({"/certs": issuer.answer}) as site:
        yield issuer, site.url("/certs")


@pytest.fixture
def client(issuer: tuple[Issuer, str]) -> Iterator[TestClient]:
    settings = Settings(push_identity=IDENTITY, push_certificates_url=issuer[1], internal_token=TOKEN)
    yield from _client(settings)


def _client(settings: Settings) -> Iterator[TestClient]:
    async def endpoint(_request: Request) -> Response:
        return Response(status_code=204)

    routes = [
        Route("/pubsub/push", guarded(push_guard(settings, audience=AUDIENCE), endpoint), methods=["POST"]),
        Route("/internal/x", guarded(internal_guard(settings, audience=AUDIENCE), endpoint), methods=["POST"]),
    ]
    with TestClient(Starlette(routes=routes)) as client:
        yield client


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    found = {
        "iss": "https://accounts.google.com",
        "aud": AUDIENCE,
        "azp": "1",
        "sub": "1",
        "email": IDENTITY,
        "email_verified": True,
        "iat": now - 10,
        "exp": now + 3600,
        **changes,
    }
    return {name: value for name, value in found.items() if value is not None}


def signed(key: Key, **changes: Any) -> str:
    signer = _signer.from_string(key.private, key.id)
    return bytes(_jwt.encode(signer, claims(**changes))).decode()


def unsigned(header: dict[str, str], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(claims()).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def status(client: TestClient, token: str, path: str = "/pubsub/push") -> int:
    return client.post(path, headers={"Authorization": f"Bearer {token}"}).status_code


def test_the_right_token_passes_and_the_certificates_are_fetched_once(
    client: TestClient, key: Key, issuer: tuple[Issuer, str]
) -> None:
    assert [status(client, signed(key)) for _ in range(5)] == [204] * 5
    assert issuer[0].fetched == 1


LATE = 4_102_444_800  # the year 2100; a test's name must not change with the clock


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aud": "https://other.example"}, 401),
        ({"aud": None}, 401),
        ({"iss": "https://evil.example"}, 401),
        ({"iss": None}, 401),
        ({"exp": 1}, 401),
        ({"exp": None}, 401),
        ({"exp": "soon"}, 401),
        ({"iat": LATE, "exp": LATE + 60}, 401),
        ({"nbf": LATE}, 401),
        ({"email": "other@demo.iam.gserviceaccount.com"}, 403),
        ({"email": None}, 403),
        ({"email_verified": False}, 403),
        ({"email_verified": "true"}, 403),
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_refused(
    client: TestClient, key: Key, changes: dict[str, Any], expected: int
) -> None:
    assert status(client, signed(key, **changes)) == expected


def test_another_key_under_a_known_name_is_refused(client: TestClient, key: Key, other_key: Key) -> None:
    forged = Key(key.id, other_key.private, other_key.certificate)
    assert status(client, signed(forged)) == 401


def test_a_token_that_is_not_signed_is_refused(client: TestClient) -> None:
    assert status(client, unsigned({"alg": "none", "kid": "k1"})) == 401


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(client: TestClient, key: Key) -> None:
    import hmac  # noqa: PLC0415 - for this forgery alone

    head = unsigned({"alg": "HS256", "kid": "k1"}).rpartition(".")[0]
    mac = hmac.digest(key.certificate.encode(), head.encode(), "sha256")
    forged = f"{head}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert status(client, forged) == 401


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "é".encode().decode("latin-1"), "x" * 1_000_000])
def test_what_is_no_token_is_refused(client: TestClient, token: str) -> None:
    headers: Any = {"Authorization": f"Bearer {token}".encode("latin-1")}  # bytes, since some are no ASCII
    assert client.post("/pubsub/push", headers=headers).status_code == 401


def test_a_missing_or_doubled_header_is_refused(client: TestClient, key: Key) -> None:
    assert client.post("/pubsub/push").status_code == 401
    twice: Any = [("Authorization", f"Bearer {signed(key)}")] * 2  # the client takes a list, and does not say so
    assert client.post("/pubsub/push", headers=twice).status_code == 401


def test_a_refusal_is_logged_without_the_token(client: TestClient, key: Key) -> None:
    token = signed(key, aud="https://other.example")
    with capture_logs() as logs:
        answer = client.post("/pubsub/push", headers={"Authorization": f"Bearer {token}"})
    assert [entry["event"] for entry in logs] == ["request.refused"]
    assert token not in json.dumps(logs) + answer.text


def test_strangers_key_names_make_no_flood_of_fetches(
    client: TestClient, other_key: Key, issuer: tuple[Issuer, str]
) -> None:
    assert [status(client, signed(other_key)) for _ in range(20)] == [401] * 20
    assert issuer[0].fetched <= 2


def test_a_rotated_key_is_fetched(
    client: TestClient, key: Key, other_key: Key, issuer: tuple[Issuer, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert status(client, signed(key)) == 204
    issuer[0].keys.append(other_key)
    assert status(client, signed(other_key)) == 401  # fetched less than a minute ago
    later = time.monotonic() + 120
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert status(client, signed(other_key)) == 204


def test_without_certificates_a_push_is_to_come_again(client: TestClient, key: Key, issuer: tuple[Issuer, str]) -> None:
    issuer[0].up = False
    assert status(client, signed(key)) == 503


def test_internal_routes_take_the_identity_or_the_internal_token(client: TestClient, key: Key) -> None:
    assert status(client, signed(key), "/internal/x") == 204
    assert status(client, TOKEN, "/internal/x") == 204
    assert status(client, "wrong", "/internal/x") == 401


def test_verification_is_on_unless_a_setting_says_otherwise() -> None:
    with pytest.raises(SettingsError, match="SITEBOOKIFY_PUSH_IDENTITY"):
        push_guard(Settings(), audience=AUDIENCE)
    for client in _client(Settings(push_auth=PushAuth.NONE)):
        assert client.post("/pubsub/push").status_code == 204
