"""The store on Cloud Storage: its requests, its retries, its errors, its signed URLs."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import google.auth.credentials
import google.auth.transport
import pytest
from google.auth.exceptions import RefreshError
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sitebookify.adapters.gcs_client import IamSigner, signer_for
from sitebookify.adapters.gcs_store import GcsObjectStore
from sitebookify.errors import PreconditionFailed, StoreError, TransientError
from support.gcs import GcsFake
from support.processes import free_port

BIG = bytes(range(256)) * 20_000

Serve = Callable[..., GcsObjectStore]


@pytest.fixture
def fake() -> GcsFake:
    return GcsFake("books")


@pytest.fixture
def serve(fake: GcsFake, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A store on the fake, behind what is given to stand before it."""
    stack = []

    def serve(before: Callable[[ASGIApp], ASGIApp] = lambda app: app, **options: Any) -> GcsObjectStore:
        serving = fake.serving(before(fake.app()), dated=options.pop("dated", True))
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", serving.__enter__())
        store = GcsObjectStore(options.pop("bucket", "books"), **options)
        stack.extend([closing(store), serving])
        return store

    yield serve
    for opened in stack:
        opened.__exit__(None, None, None)


class Script:
    """Stands before the fake; answers the first requests by the script, and lets all later ones pass.

    A step is a status to answer, or a pair of an act on the fake and a status: the request is carried out, then
    the act, then the status is answered.
    """

    def __init__(self, *steps: int | Callable[[], object]) -> None:
        self._steps = list(steps)
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def scripted(scope: Scope, receive: Receive, send: Send) -> None:
            self.headers.append({key.decode(): value.decode() for key, value in scope["headers"]})
            if not self._steps:
                await app(scope, receive, self._noting(send))
                return
            step = self._steps.pop(0)
            if isinstance(step, int):
                await JSONResponse({"error": {"message": f"scripted {step}"}}, status_code=step)(scope, receive, send)
            else:
                await app(scope, receive, _discard)
                step()
                await Response(status_code=503)(scope, receive, send)

        return scripted

    def _noting(self, send: Send) -> Send:
        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.statuses.append(message["status"])
            await send(message)

        return noting


async def _discard(_: Message) -> None:
    """The answer that is lost."""


class TestRequests:
    def test_nothing_is_connected_before_the_first_call(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/at/all.json")
        store = GcsObjectStore("books")
        assert store.uri("jobs/x.json") == "gs://books/jobs/x.json"
        with pytest.raises(TransientError, match=r"/nowhere/at/all\.json"):
            store.get("jobs/x.json")
        store.close()

    def test_a_read_is_one_request(self, fake: GcsFake, serve: Serve) -> None:
        """Whether it changed or not; a poller costs no more than that."""
        store = serve()
        generation = store.put("a", b"1").generation
        fake.requests.clear()
        assert store.get("a") == (b"1", generation)
        assert store.get("a", unless_generation=generation) is None
        with store.open_read("a") as stream:
            assert stream.read() == b"1"
        assert fake.requests == ["GET media"] * 3

    def test_the_time_is_that_of_the_server(self, serve: Serve) -> None:
        """Here, ten minutes and more from this machine's."""

        def of_another_time(app: ASGIApp) -> ASGIApp:
            async def answer(scope: Scope, receive: Receive, send: Send) -> None:
                async def dated(message: Message) -> None:
                    if message["type"] == "http.response.start":
                        message["headers"] = [*message["headers"], (b"date", b"Fri, 02 Jan 2026 03:04:05 GMT")]
                    await send(message)

                await app(scope, receive, dated)

            return answer

        store = serve(of_another_time, dated=False)
        store.put("a", b"1")
        assert abs(store.now() - datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) < timedelta(minutes=1)
        store.close()
        assert store.get("a")
        assert store.now().year == 2026

    def test_an_unchanged_object_is_not_transferred(self, serve: Serve) -> None:
        script = Script()
        store = serve(script)
        store.get("a", unless_generation=store.put("a", b"1").generation)
        assert script.statuses == [200, 304]

    def test_a_thousand_objects_are_listed_by_one_request(self, fake: GcsFake, serve: Serve) -> None:
        """With their metadata; 1,001 take two."""
        store = serve()
        store.put("jobs/0", b"", metadata={"state": "done"})
        version = fake.buckets["books"]["jobs/0"]
        for count, requests in ((1000, 1), (1001, 2)):
            names = [f"jobs/{n:04}" for n in range(count)]
            fake.buckets["books"] = {name: replace(version, name=name) for name in names}
            fake.requests.clear()
            assert [info.metadata["state"] for info in store.list("jobs/")] == ["done"] * count
            assert fake.requests == ["list"] * requests

    def test_a_big_object_is_read_in_ranges(self, fake: GcsFake, serve: Serve) -> None:
        """Copied in parts of 64 KiB, 5 MB are a first look, its size, and three ranges."""
        store = serve()
        store.put("a", BIG)
        fake.requests.clear()
        with store.open_read("a") as stream:
            assert b"".join(iter(lambda: stream.read(65_536), b"")) == BIG
        assert fake.requests == ["GET media", "GET resource", *["GET media"] * 3]

    def test_a_stream_is_uploaded_in_chunks(self, fake: GcsFake, serve: Serve) -> None:
        """10 MB in parts of 64 KiB are three chunks of a resumable upload."""
        serve().write_stream("a", (BIG[:65_536] for _ in range(160)), content_type="application/zip")
        assert fake.requests == ["upload resumable", *["upload chunk"] * 3]

    def test_an_object_replaced_while_it_is_read_is_a_transient_error(self, serve: Serve) -> None:
        """Never the beginning of one version with the end of another."""
        store = serve()
        store.put("a", BIG)
        with store.open_read("a") as stream:
            stream.read(1000)
            store.put("a", BIG[::-1])
            with pytest.raises(TransientError, match="was replaced"):
                stream.read()

    def test_requests_name_the_product(self, serve: Serve) -> None:
        script = Script()
        serve(script).put("a", b"1")
        assert script.headers[0]["user-agent"].startswith("sitebookify/")

    def test_nothing_is_asked_behind_ones_back(self, fake: GcsFake, serve: Serve) -> None:
        """The client would look the bucket up in a thread; that right is not given."""
        script = Script()
        store = serve(script)
        for n in range(3):
            store.put(str(n), b"1")
            store.get(str(n))
        assert len(script.headers) == len(fake.requests) == 6

    def test_the_nonce_of_a_write_is_not_shown(self, fake: GcsFake, serve: Serve) -> None:
        store = serve()
        info = store.put("a", b"1", if_generation=0, metadata={"k": "v"})
        assert info.metadata == store.stat("a").metadata == {"k": "v"}
        assert len(fake.buckets["books"]["a"].metadata) == 2


class TestRetries:
    @pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
    def test_a_passing_failure_is_tried_again(self, serve: Serve, status: int) -> None:
        script = Script(status, status)
        assert serve(script).put("a", b"1", if_generation=0).size == 1
        assert len(script.headers) == 3

    def test_it_gives_up_at_the_deadline(self, serve: Serve) -> None:
        store = serve(Script(*[503] * 100), deadline=0.5)
        with pytest.raises(TransientError, match=r"Timeout of 0\.5s exceeded"):
            store.get("a")

    def test_a_store_that_is_away_is_a_transient_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{free_port()}")
        with closing(GcsObjectStore("books", deadline=0.3)) as store:
            for call in (
                lambda: store.get("a"),
                lambda: store.stat("a"),
                lambda: store.put("a", b""),
                lambda: store.open_read("a"),
                lambda: store.write_stream("a", iter([b""]), content_type="text/plain"),
                lambda: list(store.list("")),
                lambda: store.delete("a"),
            ):
                with pytest.raises(TransientError):
                    call()

    def test_a_swap_whose_answer_was_lost_succeeds(self, fake: GcsFake, serve: Serve) -> None:
        """The second try finds the first one's object in the way, knows it by its nonce, and answers it."""
        info = serve(Script(lambda: None)).put("a", b"1", if_generation=0)
        assert fake.requests == ["upload multipart", "upload multipart", "GET resource"]
        assert info.generation == fake.buckets["books"]["a"].generation

    def test_a_lost_swap_that_another_came_on_top_of_is_refused(self, fake: GcsFake, serve: Serve) -> None:
        """The store cannot tell then, and says so: the caller reads again, as the port's documentation has it."""

        def other() -> None:
            objects = fake.buckets["books"]
            objects["a"] = replace(objects["a"], generation=objects["a"].generation + 1, metadata={}, data=b"2")

        with pytest.raises(PreconditionFailed):
            serve(Script(other)).put("a", b"1", if_generation=0)

    def test_a_lost_swap_whose_object_was_deleted_is_refused(self, fake: GcsFake, serve: Serve) -> None:
        store = serve()
        generation = store.put("a", b"1").generation
        deleting = serve(Script(fake.buckets["books"].clear))
        with pytest.raises(PreconditionFailed):
            deleting.put("a", b"2", if_generation=generation)

    def test_a_delete_whose_answer_was_lost_succeeds(self, fake: GcsFake, serve: Serve) -> None:
        script = Script()
        store = serve(script)
        generation = store.put("a", b"1").generation
        script._steps.append(lambda: None)
        store.delete("a", if_generation=generation)
        assert fake.buckets["books"] == {}


class TestErrors:
    @pytest.mark.parametrize("status", [401, 403])
    def test_missing_rights_are_a_transient_error(self, serve: Serve, status: int) -> None:
        """An operator can mend them while the delivery waits."""
        with pytest.raises(TransientError):
            serve(Script(*[status] * 5)).get("a")

    def test_a_missing_bucket_is_told_from_a_missing_object(self, serve: Serve) -> None:
        """Or every job would seem to be gone."""
        store = serve(bucket="none")
        for call in (
            lambda: store.get("a"),
            lambda: store.stat("a"),
            lambda: store.put("a", b""),
            lambda: store.delete("a"),
            lambda: list(store.list("")),
        ):
            with pytest.raises(TransientError, match="bucket does not exist"):
                call()

    def test_what_is_wrong_for_ever_is_no_transient_error(self, serve: Serve) -> None:
        with pytest.raises(StoreError):
            serve(Script(400)).put("a", b"1")


class FakeCredentials(google.auth.credentials.Credentials):
    """A service account's, as the metadata server gives them: no key, and the e-mail with the first token only."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # google-auth annotates few functions
        self.service_account_email = "default"

    def refresh(self, _: google.auth.transport.Request) -> None:
        self.token = "a-token"
        self.service_account_email = "api@p.iam.gserviceaccount.com"


class FakeIam(google.auth.transport.Request):
    """The IAM Credentials API's signBlob."""

    def __init__(self, status: int = 200) -> None:
        self.calls: list[tuple[str, str, bytes]] = []
        self.status = status
        self.data = json.dumps({"signedBlob": base64.b64encode(b"\x01\x02signed").decode()}).encode()

    def __call__(  # the signature is google-auth's
        self, url: str, method: str = "GET", body: Any = None, headers: Any = None, timeout: Any = None, **_: Any
    ) -> FakeIam:
        assert (method, timeout) == ("POST", None)
        self.calls.append((url, headers["authorization"], base64.b64decode(json.loads(body)["payload"])))
        return self


class TestSignedUrls:
    def sign(self, serve: Serve, iam: FakeIam, *, hours: float = 1, file_name: str = "a.zip") -> str:
        store = serve(signer=IamSigner(FakeCredentials(), iam))
        url = store.download_url("data/1/x y.zip", file_name=file_name, expires_in=timedelta(hours=hours))
        assert url is not None
        return url

    def test_the_service_account_signs_without_a_key_file(self, serve: Serve) -> None:
        """IAM is asked once, with the account's own token, to sign what Cloud Storage will check."""
        iam = FakeIam()
        query = parse_qs(urlsplit(self.sign(serve, iam)).query)
        ((url, authorization, signed),) = iam.calls
        assert url.endswith("/serviceAccounts/api@p.iam.gserviceaccount.com:signBlob")
        assert authorization == "Bearer a-token"
        assert signed.startswith(b"GOOG4-RSA-SHA256\n")
        assert query["X-Goog-Signature"] == [b"\x01\x02signed".hex()]
        assert query["X-Goog-Credential"][0].startswith("api@p.iam.gserviceaccount.com/")

    def test_it_names_the_object_and_the_file(self, serve: Serve) -> None:
        """The browser saves it under the book's name, in any script."""
        url = urlsplit(self.sign(serve, FakeIam(), file_name='本 "1".zip'))
        assert url.path == "/books/data/1/x%20y.zip"
        assert parse_qs(url.query)["response-content-disposition"] == [
            "attachment; filename*=UTF-8''%E6%9C%AC%20%221%22.zip"
        ]

    @pytest.mark.parametrize(("hours", "seconds"), [(1, 3600), (24 * 30, 7 * 24 * 3600)])
    def test_it_lives_as_long_as_asked_but_seven_days_at_most(self, serve: Serve, hours: int, seconds: int) -> None:
        query = parse_qs(urlsplit(self.sign(serve, FakeIam(), hours=hours)).query)
        assert query["X-Goog-Expires"] == [str(seconds)]
        assert query["X-Goog-Date"][0].startswith(datetime.now(UTC).strftime("%Y"))

    def test_a_refused_signature_is_a_transient_error(self, serve: Serve) -> None:
        with pytest.raises(TransientError, match="signBlob"):
            self.sign(serve, FakeIam(status=403))

    def test_a_token_that_cannot_be_had_is_a_transient_error(self, serve: Serve) -> None:
        class NoToken(FakeCredentials):
            def refresh(self, _: google.auth.transport.Request) -> None:
                raise RefreshError("metadata server is away")

        store = serve(signer=IamSigner(NoToken(), FakeIam()))
        with pytest.raises(TransientError, match="metadata server is away"):
            store.download_url("a", file_name="a", expires_in=timedelta(hours=1))

    def test_on_an_emulator_nobody_signs(self, serve: Serve) -> None:
        assert serve().download_url("a", file_name="a", expires_in=timedelta(hours=1)) is None

    def test_who_can_sign_is_found_by_the_credentials(self) -> None:
        """A service account by IAM, a person's own login not at all."""
        assert isinstance(signer_for(FakeCredentials()), IamSigner)
        assert signer_for(google.auth.credentials.AnonymousCredentials()) is None


def test_requests_take_the_proxy_that_the_environment_names(fake: GcsFake, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the proxy can know the host."""
    host, app = "http://storage.invalid", fake.app()

    async def proxied(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["path"].startswith(host), "a proxy is given the whole URL"
        path = scope["path"].removeprefix(host)
        await app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    with fake.serving(proxied) as proxy:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", host)
        monkeypatch.setenv("http_proxy", proxy)
        with closing(GcsObjectStore("books")) as store:
            store.put("a", b"through")
            assert store.get("a") is not None
        monkeypatch.setenv("no_proxy", host.removeprefix("http://"))
        with closing(GcsObjectStore("books", deadline=0.1)) as store, pytest.raises(TransientError):
            store.get("a")
