"""infra/deploy with programs in place of Terraform, gcloud, Docker and curl that write down how they are called."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.outside import need

SCRIPT = Path(__file__).parents[2] / "infra" / "deploy"
PROGRAM = """#!/bin/bash
echo "$(basename "$0") $*" >> "$CALLS"
case "$(basename "$0") $*" in
  "gcloud artifacts docker images describe"*) grep --quiet --line-regexp "$5" "$REGISTRY_IMAGES" || exit 1 ;;
  "gcloud storage buckets describe"*) [ -e "$CALLS.bucket" ] || exit 1 ;;
  "gcloud storage buckets create"*) touch "$CALLS.bucket" ;;
  "terraform output -raw secrets_version") cat "$CALLS.version" 2>/dev/null || exit 1 ;;
  "terraform output -raw api_url") echo https://books.example.org ;;
  "docker buildx build"*) sed 's/.*--tag \\([^ ]*\\) .*/\\1/' <<< "$*" >> "$REGISTRY_IMAGES" ;;
esac
"""
VARIABLES = 'project_id = "books-1"\nregion="europe-west4" # near\nsecret_names = ["api_keys"]\nsecrets_version = 2\n'


class Place:
    """A repository of one commit with the script, and a path of programs."""

    def __init__(self, folder: Path) -> None:
        self.calls = folder / "calls"
        self.images = folder / "images"
        self.images.touch()
        self.repository = folder / "repository"
        (self.repository / "infra" / "terraform").mkdir(parents=True)
        shutil.copy(SCRIPT, self.repository / "infra" / "deploy")
        (self.repository / "infra" / "terraform" / "terraform.tfvars").write_text(VARIABLES)
        self.programs = folder / "programs"
        self.programs.mkdir()
        for name in ("terraform", "gcloud", "docker", "curl"):
            (self.programs / name).write_text(PROGRAM)
            (self.programs / name).chmod(0o755)
        for command in (
            ["init", "--quiet"],
            ["add", "--all"],
            ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--message=a"],
        ):
            subprocess.run(["git", "-C", str(self.repository), *command], check=True)

    def deploy(self, *arguments: str, values: str = '{"api_keys": "a:b"}') -> tuple[int, str, list[str]]:
        """The exit code, what it said, and what it called."""
        self.calls.unlink(missing_ok=True)
        environment = os.environ | {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "CALLS": str(self.calls),
            "REGISTRY_IMAGES": str(self.images),
            "TF_VAR_secrets": values,
        }
        done = subprocess.run(
            [self.repository / "infra" / "deploy", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        calls = self.calls.read_text().splitlines() if self.calls.exists() else []
        return done.returncode, done.stdout + done.stderr, calls


@pytest.fixture
def place(tmp_path: Path) -> Place:
    need(shutil.which("git"), "apt-get install git")
    return Place(tmp_path)


def test_it_goes_from_an_empty_project_to_a_running_one_and_again_without_building(place: Place) -> None:
    code, said, calls = place.deploy()
    assert code == 0, said
    order = [
        "services enable",
        "buckets create",
        "terraform init",
        "identity create",
        "-target",
        "buildx build",
        "curl",
    ]
    found = [next(n for n, call in enumerate(calls) if word in call) for word in order]
    assert found == sorted(found)
    (begun,) = (call for call in calls if call.startswith("terraform init"))
    assert "-backend-config=bucket=books-1-terraform-state" in begun
    assert "-backend-config=prefix=sitebookify" in begun
    built = [call for call in calls if "buildx build" in call]
    assert len(built) == 3
    assert all("--sbom=true --provenance=mode=max" in call for call in built)
    code, said, calls = place.deploy()
    assert code == 0, said
    assert not [call for call in calls if "buildx" in call or "buckets create" in call]
    assert calls[-3].startswith("terraform apply")
    assert "-input=false" not in calls[-3], "with it Terraform could not ask, and would apply nothing"


LISTS = (
    'secret_names = ["api_keys"]',
    'secret_names = [ # two\n  "api_keys",\n\t"signing_key",\n]',
    'secret_names=["api_keys"]',
)


@pytest.mark.parametrize("names", LISTS)
def test_new_values_are_needed_only_for_a_new_version(place: Place, names: str) -> None:
    (place.repository / "infra" / "terraform" / "terraform.tfvars").write_text(
        VARIABLES.replace('secret_names = ["api_keys"]', names)
    )
    (place.calls.parent / "calls.version").write_text("1")
    code, said, calls = place.deploy(values="")
    assert code == 1
    assert "secrets_version was 1 and is 2 now" in said
    assert not [call for call in calls if "apply" in call]
    (place.calls.parent / "calls.version").write_text("2")
    assert place.deploy(values="")[0] == 0


def test_without_secrets_no_values_are_needed(place: Place) -> None:
    variables = VARIABLES.replace('secret_names = ["api_keys"]', 'secret_names = [] # "api_keys"\napi_open = true')
    (place.repository / "infra" / "terraform" / "terraform.tfvars").write_text(variables)
    code, said, _ = place.deploy(values="")
    assert code == 0, said


def test_a_roll_back_builds_nothing_and_needs_images_that_are_there(place: Place) -> None:
    code, said, calls = place.deploy("--tag", "0.9")
    assert code == 1
    assert "api:0.9 is not in the registry" in said
    prefix = "europe-west4-docker.pkg.dev/books-1/sitebookify"
    place.images.write_text("".join(f"{prefix}/{name}:0.9\n" for name in ("api", "worker", "deadletter")))
    code, said, calls = place.deploy("--tag", "0.9", "--yes")
    assert code == 0, said
    assert not [call for call in calls if "buildx" in call]
    assert [call for call in calls if "apply" in call and "-target" not in call] == [
        "terraform apply -auto-approve -input=false -var image_tag=0.9"
    ]


def test_images_are_those_of_a_commit(place: Place) -> None:
    (place.repository / "infra" / "terraform" / ".terraform.lock.hcl").touch()
    assert place.deploy()[0] == 0, "what Terraform writes is in no image"
    (place.repository / "shared").mkdir()
    (place.repository / "shared" / "new.py").touch()
    code, said, calls = place.deploy()
    assert code == 1
    assert "not committed" in said
    assert not [call for call in calls if "docker" in call]
