"""The manifests for Kubernetes against the settings, the images and each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sitebookify.settings import Settings, load_settings

FOLDER = Path(__file__).parents[2] / "infra" / "kubernetes"
DOCKERFILE = (FOLDER.parent / "Dockerfile").read_text()
VARIANTS = ("inprocess", "pubsub")


def kustomization(variant: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / variant / "kustomization.yaml").read_text())
    return loaded


def resources(variant: str) -> list[dict[str, Any]]:
    """What the variant's own files declare."""
    names = kustomization(variant)["resources"]
    return [each for name in names for each in yaml.safe_load_all((FOLDER / variant / name).read_text())]


def workloads(variant: str) -> dict[str, dict[str, Any]]:
    """The pods' specs by the name of what makes them."""
    kinds = ("Deployment", "StatefulSet", "Job")
    return {each["metadata"]["name"]: each["spec"] for each in resources(variant) if each["kind"] in kinds}


def container(spec: dict[str, Any]) -> dict[str, Any]:
    (only,) = spec["template"]["spec"]["containers"]
    return dict(only)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_file_is_listed(variant: str) -> None:
    files = {path.name for path in (FOLDER / variant).glob("*.yaml")} - {"kustomization.yaml"}
    assert files == set(kustomization(variant)["resources"])


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_settings_are_valid(variant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that was renamed is missed here, not in the cluster."""
    (generated,) = kustomization(variant)["configMapGenerator"]
    for literal in generated["literals"]:
        name, _, value = literal.partition("=")
        assert name.removeprefix("SITEBOOKIFY_").lower() in Settings.model_fields
        monkeypatch.setenv(name, value)
    assert load_settings().execution_mode == ("worker" if variant == "pubsub" else variant)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_image_is_a_target_and_has_a_name(variant: str) -> None:
    used = {container(spec)["image"] for spec in workloads(variant).values()}
    assert used == {image["name"] for image in kustomization(variant)["images"]}
    targets = set(re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, flags=re.MULTILINE))
    assert {image.removeprefix("sitebookify-") for image in used} <= targets


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_pod_is_bounded_and_takes_the_common_patch(variant: str) -> None:
    """The patch appends to lists, which have to be there."""
    for spec in workloads(variant).values():
        assert container(spec)["resources"]["limits"]["memory"]
        assert "volumes" in spec["template"]["spec"]
        assert "volumeMounts" in container(spec)


def test_every_push_has_a_way_in_that_outlasts_its_deadline() -> None:
    settings = dict(line.split("=", 1) for line in kustomization("pubsub")["configMapGenerator"][0]["literals"])
    (ingress,) = (each for each in resources("pubsub") if each["kind"] == "Ingress")
    ways = {rule["host"]: rule["http"]["paths"][0] for rule in ingress["spec"]["rules"]}
    for name in ("worker", "deadletter"):
        way = ways[settings[f"SITEBOOKIFY_{name.upper()}_URL"].removeprefix("https://")]
        assert way["path"] == "/pubsub/push"
        assert way["backend"]["service"]["name"] == name
    timeout = ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-read-timeout"]
    assert int(timeout) > load_settings().ack_deadline_seconds


def test_workers_are_scaled_by_their_subscription() -> None:
    (scaled,) = (each["spec"] for each in resources("pubsub") if each["kind"] == "ScaledObject")
    assert scaled["scaleTargetRef"]["name"] in workloads("pubsub")
    assert "replicas" not in workloads("pubsub")["worker"]
    assert scaled["minReplicaCount"] >= 1
    assert f'subscription_id="{load_settings().subscription}"' in scaled["triggers"][0]["metadata"]["query"]


def test_a_pod_has_time_to_commit() -> None:
    for variant in VARIANTS:
        for name, spec in workloads(variant).items():
            grace = spec["template"]["spec"].get("terminationGracePeriodSeconds", 30)
            assert grace > load_settings().grace_seconds, name
