"""The Pub/Sub emulator of the Google Cloud CLI, looked up where its installers put it."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from pathlib import Path

HOW_TO_GET_IT = (
    "the Pub/Sub emulator and Java: `apt-get install google-cloud-cli-pubsub-emulator default-jre-headless` "
    "with Google's package source (https://cloud.google.com/sdk/docs/install#deb), "
    "or `gcloud components install pubsub-emulator`"
)
_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Nobody runs it for long enough that the second compiler and a collector of its own threads earn what they take."""
_LIB = "platform/pubsub-emulator/lib"
_SDKS = ("/usr/lib/google-cloud-sdk", "/usr/share/google-cloud-sdk", "~/google-cloud-sdk")


def emulator_command(address: str) -> list[str] | None:
    """The command that serves the emulator on ``host:port``, or None if Java or the emulator is missing.

    It runs the jar itself, because ``gcloud beta emulators pubsub start`` leaves its child behind when it is stopped.
    """
    java = shutil.which("java")
    jar = _jar()
    if not java or not jar:
        return None
    host, _, port = address.rpartition(":")
    return [java, *_QUICK, "-jar", str(jar), f"--host={host}", f"--port={port}"]


def emulator_answers(address: str) -> bool:
    """True once the emulator on ``host:port`` takes requests."""
    try:
        with urllib.request.urlopen(f"http://{address}/", timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _jar() -> Path | None:
    gcloud = shutil.which("gcloud")
    roots = [Path(gcloud).resolve().parent.parent] if gcloud else []
    roots += [Path(root).expanduser() for root in _SDKS]
    for root in roots:
        jars = sorted((root / _LIB).glob("cloud-pubsub-emulator-*-all.jar"))
        if jars:
            return jars[0]
    return None
