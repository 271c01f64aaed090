"""The Terraform against the code it deploys and the pages that describe it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sitebookify.settings import Settings
from support.log_events import logged_events
from support.operations import anchors, table
from support.terraform import FOLDER, evaluated, log_filters, module, refusal

MODULE = module()
TEXT = "\n".join(path.read_text() for path in sorted(FOLDER.glob("*.tf")))
SERVICES = ("api", "worker", "deadletter")
DEFAULTS = {name: field.get_default() for name, field in Settings.model_fields.items()}

IDENTITIES = {
    "${google_service_account.push[0].member}": "push",
    "${local.pubsub_agent}": "Pub/Sub service agent",
    "${data.google_storage_project_service_account.this[0].member}": "Cloud Storage service agent",
    "${each.key}": "api_invokers",
}
"""Members of grants as the documentation calls them; services are under their own names."""
PLACES = {
    "${google_storage_bucket.artifacts.name}": "bucket",
    "${google_pubsub_topic.jobs[0].id}": "topic jobs",
    "${google_pubsub_topic.dead_letter[0].id}": "topic dead-letter",
    "${google_pubsub_subscription.jobs[0].id}": "subscription jobs",
    "${google_secret_manager_secret.setting[each.key].id}": "its secrets",
    "${google_secret_manager_secret.setting[local.model_key].id}": "secret openai_api_key",
    '${google_secret_manager_secret.setting["webhook_secret"].id}': "secret webhook_secret",
    '${google_secret_manager_secret.setting["secret_key"].id}': "secret secret_key",
    '${google_service_account.service["api"].name}': "service account api",
    "${google_service_account.push[0].name}": "service account push",
    '${google_cloud_run_v2_service.service["api"].name}': "service api",
    "${var.kms_key}": "kms_key",
}
"""What they are granted on."""


def _grants() -> Iterator[tuple[str, str, str]]:
    """(identity, role, place) of every IAM resource, one for each service where it is made for each."""
    for (kind, name), body in MODULE.resources.items():
        if "_iam_" not in kind or "custom_role" in kind:
            continue
        assert kind.endswith("_iam_member"), f"{kind}.{name} would take away what others granted"
        for key in _keys(str(body.get("for_each", ""))):
            yield _identity(body["member"], key), _role(body["role"]), _place(kind, name, body, key)


def _keys(for_each: str) -> tuple[str, ...]:
    if "local.services" in for_each:
        return SERVICES
    if "local.runs_jobs" in for_each:
        return ("worker",)
    return ("worker", "deadletter") if "local.pushing" in for_each else ("",)


def _identity(member: str, key: str) -> str:
    service = re.fullmatch(r'\$\{google_service_account\.service\[(?:"(\w+)"|each\.key)]\.member}', member)
    return service[1] or key if service else IDENTITIES[member]


def _role(role: str) -> str:
    custom = re.fullmatch(r"\$\{google_project_iam_custom_role\.(\w+)\.id}", role)
    return custom[1] if custom else role


def _place(kind: str, name: str, body: dict[str, Any], key: str) -> str:
    attributes = ("bucket", "topic", "subscription", "secret_id", "service_account_id", "crypto_key_id", "name")
    place = next(str(body[attribute]) for attribute in attributes if attribute in body)
    if place == "${google_cloud_run_v2_service.service[each.key].name}":
        return f"service {key}"
    prefixes = re.findall(r"[a-z]+/", str(MODULE.locals["create_under"][key])) if "dynamic" in body else []
    assert bool(prefixes) <= (name == "create" and kind.startswith("google_storage_bucket"))
    return ", ".join([PLACES[place] + (", only " + prefixes[0] if prefixes else ""), *prefixes[1:]])


def test_the_table_of_least_privilege_is_what_terraform_grants() -> None:
    documented = {(row["identity"], row["role"], row["on"]) for row in table("identity")}
    assert set(_grants()) == documented


def test_nobody_is_granted_a_role_on_the_project_or_a_primitive_one() -> None:
    assert not MODULE.of_type("google_project_iam_member")
    assert not re.search(r"roles/(owner|editor|viewer)\b", TEXT)


def test_own_roles_hold_the_one_permission_they_are_named_after() -> None:
    permissions = {name: body["permissions"] for name, body in MODULE.of_type("google_project_iam_custom_role").items()}
    assert permissions == {
        "object_deleter": ["storage.objects.delete"],
        "blob_signer": ["iam.serviceAccounts.signBlob"],
    }


def test_every_variable_of_the_environment_is_a_setting() -> None:
    """A setting that was renamed would be ignored in silence."""
    named = set(re.findall(r"SITEBOOKIFY_[A-Z_]*[A-Z]", TEXT)) | _owned()
    assert len(named) > 15
    assert named <= {f"SITEBOOKIFY_{name.upper()}" for name in Settings.model_fields}


def test_no_setting_that_terraform_derives_something_from_can_be_overridden() -> None:
    """Else the override would hold for the services, and the other value for the rest of the installation."""
    run = (FOLDER / "run.tf").read_text()
    first, _, later = run.partition("var.settings,\n")
    set_here = set(re.findall(r"(SITEBOOKIFY_[A-Z_]*[A-Z]) +=", run))
    set_first = set(re.findall(r"(SITEBOOKIFY_[A-Z_]*[A-Z]) +=", first))
    defaults = {
        "SITEBOOKIFY_COMPUTE_PROCESSES",
        "SITEBOOKIFY_DOCX_LONGEST_KB",
        "SITEBOOKIFY_INPROCESS_JOBS",
        "SITEBOOKIFY_MAX_ATTEMPTS",
        "SITEBOOKIFY_PDF_LONGEST_KB",
    }
    secrets = {f"SITEBOOKIFY_{name.upper()}" for name in _secrets()}
    assert _owned() == (set_here | secrets) - defaults
    assert defaults - {"SITEBOOKIFY_INPROCESS_JOBS"} <= set_first
    assert later


def _owned() -> set[str]:
    rule = next(rule for rule in MODULE.variables["settings"]["validation"] if "setintersection" in rule["condition"])
    return {f"SITEBOOKIFY_{name}" for name in re.findall(r'"([A-Z_]+)"', rule["condition"])}


def _secrets() -> set[str]:
    return set(re.findall(r'"(\w+)"', MODULE.variables["secret_names"]["validation"][0]["condition"]))


def test_the_subscription_s_numbers_are_the_settings_defaults() -> None:
    """The slice's budget and lease fit them: Settings checks that for the defaults."""
    names = ("ack_deadline_seconds", "min_backoff_seconds", "max_backoff_seconds")
    assert {name: MODULE.locals[name] for name in names} == {name: DEFAULTS[name] for name in names}


def test_a_message_that_only_waits_is_not_dead_lettered() -> None:
    """Cloud Run's 429 counts as a delivery; `make bench NAME=capacity` has how many a burst of long books costs."""
    assert MODULE.variables["max_delivery_attempts"]["default"] >= 20
    policy = MODULE.resources["google_pubsub_subscription", "jobs"]["dead_letter_policy"][0]
    assert policy["max_delivery_attempts"] == "${var.max_delivery_attempts}"
    assert "SITEBOOKIFY_MAX_DELIVERY_ATTEMPTS = tostring(var.max_delivery_attempts)" in re.sub(" +", " ", TEXT)


def test_a_push_s_request_outlives_its_ack_deadline() -> None:
    """Else the platform would end the request while Pub/Sub still waits, and the work would go on unseen."""
    margin = re.fullmatch(r"\$\{local\.ack_deadline_seconds \+ (\d+)}", MODULE.locals["push_timeout_seconds"])
    assert margin
    assert int(margin[1]) > 0
    for name in ("worker", "deadletter"):
        assert MODULE.locals["run"][name]["timeout"] == "${local.push_timeout_seconds}"


def test_an_alert_about_waiting_comes_after_a_slice_and_before_the_dead_letter() -> None:
    """A message is acknowledged after its slice; one that fails every delivery leaves with the last of them."""
    slice_seconds = DEFAULTS["slice_budget_seconds"] + DEFAULTS["grace_seconds"]
    for deliveries in (5, MODULE.variables["max_delivery_attempts"]["default"]):
        backoffs = [
            min(DEFAULTS["max_backoff_seconds"], DEFAULTS["min_backoff_seconds"] * 2**n) for n in range(deliveries - 1)
        ]
        last_delivery = (deliveries - 1) * DEFAULTS["slice_budget_seconds"] + sum(backoffs)
        assert slice_seconds < MODULE.locals["waiting_seconds"] + 300 < last_delivery


def test_a_worker_gets_as_many_requests_as_it_runs_slices() -> None:
    worker = MODULE.locals["run"]["worker"]
    assert worker["concurrency"] == "${var.worker_slices}"
    assert "SITEBOOKIFY_WORKER_SLICES = tostring(var.worker_slices)" in re.sub(" +", " ", str(worker["settings"]))


def test_watchers_leave_room_in_the_api_s_container_for_everybody_else() -> None:
    """They are turned away with 429 and a reason; what the platform turns away gets neither."""
    api = MODULE.locals["run"]["api"]
    assert api["concurrency"] == "${local.api_concurrency}"
    assert "tostring(floor(local.api_concurrency * 3 / 4))" in str(api["settings"])
    assert MODULE.locals["api_concurrency"] < DEFAULTS["max_watchers"]


def test_only_the_api_is_open_to_the_internet() -> None:
    ingress = {name: MODULE.locals["run"][name]["ingress"] for name in SERVICES}
    internal = "${local.ingress.internal}"
    assert MODULE.locals["ingress"]["internal"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    assert ingress == {"api": "${local.ingress[local.api_ingress]}", "worker": internal, "deadletter": internal}
    service = MODULE.resources["google_cloud_run_v2_service", "service"]
    assert service["invoker_iam_disabled"] == '${each.key == "api" && var.api_public}'
    for name in ("worker", "deadletter"):
        assert "local.push_settings" in MODULE.locals["run"][name]["settings"]
    assert 'SITEBOOKIFY_PUSH_AUTH = "oidc"' in re.sub(" +", " ", str(MODULE.locals["push_settings"]))


@pytest.mark.parametrize(("subscription", "service"), [("jobs", "worker"), ("dead_letter", "deadletter")])
def test_the_token_of_a_push_is_for_the_audience_its_service_expects(subscription: str, service: str) -> None:
    token = MODULE.resources["google_pubsub_subscription", subscription]["push_config"][0]["oidc_token"][0]
    assert token["audience"] == f"${{local.urls.{service}}}"
    assert (
        f'SITEBOOKIFY_PUSH_AUDIENCE = lookup(local.urls, "{service}", "")' in MODULE.locals["run"][service]["settings"]
    )
    assert MODULE.resources["google_cloud_run_v2_service", "service"]["custom_audiences"] == ["${local.urls[each.key]}"]


def test_no_subscription_expires_and_dead_letters_are_kept_beside_their_handler() -> None:
    subscriptions = MODULE.of_type("google_pubsub_subscription")
    assert all(body["expiration_policy"][0]["ttl"] == "" for body in subscriptions.values())
    kept = subscriptions["dead_letter_kept"]
    assert "push_config" not in kept
    assert kept["topic"] == subscriptions["dead_letter"]["topic"]
    assert subscriptions["jobs"]["dead_letter_policy"][0]["dead_letter_topic"] == kept["topic"]


def test_a_service_has_512_mib_and_a_minute_or_more_to_start_but_no_more_than_cloud_run_waits() -> None:
    template = MODULE.resources["google_cloud_run_v2_service", "service"]["template"][0]
    startup = template["containers"][0]["startup_probe"][0]
    assert 60 <= startup["period_seconds"] * startup["failure_threshold"] <= 240
    assert MODULE.variables["memory"]["default"] == "512Mi"


@pytest.mark.parametrize("place", [0, 2])
def test_the_longest_books_for_a_memory_are_those_of_the_page(place: int, tmp_path: Path) -> None:
    row = table("`memory`")[place]
    memory = row["`memory`"].partition(",")[0]
    pdf, inprocess, docx = (int(re.sub(r"\D", "", cell.partition(" (")[0])) for cell in list(row.values())[1:])
    limits = "[local.memory_mib, local.pdf_longest_kb, local.docx_longest_kb]"
    mebibytes = int(memory[:-2]) * (1024 if memory.endswith("Gi") else 1)
    assert evaluated(limits, tmp_path, memory=memory) == [mebibytes, pdf, docx]
    assert evaluated(limits, tmp_path, memory=memory, execution_mode="inprocess") == [mebibytes, inprocess, docx]


def test_a_new_api_of_google_replaces_nothing() -> None:
    """A data source that waits for the APIs is unknown in each plan that adds one, and so is what names the project."""
    assert re.search(r'^data "google_project" "this" \{}$', TEXT, flags=re.MULTILINE)


def test_a_check_goes_after_the_alert_on_it_has_another() -> None:
    """Monitoring deletes no uptime check that an alert uses (docs/cloud-facts.md)."""
    check = MODULE.resources["google_monitoring_uptime_check_config", "api"]
    assert check["lifecycle"][0]["create_before_destroy"] is True


def test_only_the_api_is_protected_from_deletion() -> None:
    """A protected worker could not be removed by a change of mode."""
    service = MODULE.resources["google_cloud_run_v2_service", "service"]
    assert service["deletion_protection"] == '${each.key == "api" && var.deletion_protection}'


def test_what_exists_does_not_depend_on_a_secret_value() -> None:
    """A shell without TF_VAR_secrets would plan to destroy it."""
    for kind in ("google_secret_manager_secret", "google_secret_manager_secret_version"):
        assert MODULE.resources[kind, "setting"]["for_each"] == "${var.secret_names}"
    uses = [line for line in TEXT.splitlines() if re.search(r"var\.secrets\b", line)]
    assert [line.strip() for line in uses if "condition" not in line and "alltrue" not in line] == [
        "secret_data_wo         = var.secrets[each.key]"
    ]


def test_a_secret_s_old_version_outlives_the_new_one() -> None:
    """A revision that traffic can go back to reads it when it starts."""
    version = MODULE.resources["google_secret_manager_secret_version", "setting"]
    assert version["deletion_policy"] == "ABANDON"
    assert version["lifecycle"][0]["create_before_destroy"] is True


def test_filters_take_no_other_installation_s_services() -> None:
    """`books-2-api` begins with `books-`, too."""
    ours = re.search(r'service_name=~\\?"([^"\\]+)', MODULE.locals["ours"])
    assert ours
    pattern = ours[1].replace("${var.name}", "books")
    assert re.search(pattern, "books-api")
    assert not re.search(pattern, "books-2-api")
    assert not re.search(pattern, "my-books-api")
    assert "starts_with" not in TEXT


GIVEN = {"project_id": "books-example-org", "image_tag": "1.0.0", "contact": "x@example.org"}
KEYS = {"secret_names": ["api_keys"], "secrets_version": 1}
REFUSED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "public without keys": (
        {"memory": "511Mi", "settings": {"SITEBOOKIFY_RETENTION_DAYS": "3"}, "traffic": {"api": [{"percent": 50}]}},
        ("Anyone could order books", "512Mi", "variable of its own", "add up to 100"),
    ),
    "open, yet with keys": (
        {"api_open": True, "secret_names": ["api_keys"], "memory": "5Gi", "name": "books-api"},
        ("asks for keys", "Say which version", "4Gi", "name of a service"),
    ),
    "half of the values": (
        {"secret_names": ["api_keys", "signing_key"], "secrets_version": 2, "secrets": {"api_keys": "a:b"}},
        ("of all secrets",),
    ),
    "a value without its name": (
        KEYS | {"secrets": {"secret_key": "x"}, "settings": {"SITEBOOKIFY_DOWNLOAD_URL_SECONDS": "86400"}},
        ("does not name", "at most 43200"),
    ),
}
TAKEN: dict[str, dict[str, Any]] = {
    "keys whose values are elsewhere": KEYS | {"memory": "4096Mi", "settings": {"SITEBOOKIFY_MAX_ACTIVE_JOBS": "5"}},
    "keys rotated": KEYS | {"secrets_version": 2, "secrets": {"api_keys": "a:b"}},
    "open on purpose": {"api_open": True, "traffic": {"api": [{"percent": 90, "revision": "a"}, {"percent": 10}]}},
    "private": {"api_public": False, "execution_mode": "inprocess"},
}


@pytest.mark.parametrize("case", REFUSED)
def test_variables_that_do_harm_are_refused(case: str, tmp_path: Path) -> None:
    """Terraform names all of them at once."""
    variables, reasons = REFUSED[case]
    said = " ".join(refusal(GIVEN | variables, tmp_path).split())
    assert [reason for reason in reasons if reason not in said] == []


@pytest.mark.parametrize("case", TAKEN)
def test_variables_that_fit_together_are_taken(case: str, tmp_path: Path) -> None:
    assert refusal(GIVEN | TAKEN[case], tmp_path) == ""


def test_the_bucket_is_private_by_its_own_setting() -> None:
    bucket = MODULE.resources["google_storage_bucket", "artifacts"]
    assert bucket["uniform_bucket_level_access"] is True
    assert bucket["public_access_prevention"] == "enforced"


def test_every_variable_is_described_and_the_example_names_only_variables() -> None:
    assert all(body["description"] for body in MODULE.variables.values())
    example = (FOLDER / "terraform.tfvars.example").read_text()
    given = set(re.findall(r"^(?:# )?(\w+) += ", example, flags=re.MULTILINE))
    required = {name for name, body in MODULE.variables.items() if "default" not in body}
    assert required <= given | {"image_tag"} <= set(MODULE.variables)


def test_no_entry_of_a_map_is_there_twice() -> None:
    """Terraform takes the later one and says nothing."""
    for block in re.findall(r"^  \w+ = (?:merge\()?\{\n.*?^  \}", TEXT, flags=re.MULTILINE | re.DOTALL):
        names = re.findall(r"^    (\w+) += ", block, flags=re.MULTILINE)
        assert sorted(set(names)) == sorted(names)


def test_every_alert_leads_to_a_section_of_the_runbook() -> None:
    linked = re.findall(r'anchor\s+= "([\w-]+)"', TEXT) + re.findall(r"runbook}#([\w-]+)", TEXT)
    assert len(linked) >= 8
    assert set(linked) <= anchors()


def test_alerts_and_charts_are_of_metrics_that_there_are() -> None:
    """PromQL of a metric that does not exist is silent for ever."""
    assert set(re.findall(r"local\.promql\.(\w+)", TEXT)) <= set(MODULE.locals["counters"])
    charted = {metric for chart in MODULE.locals["charts"] for metric in chart["metrics"]}
    assert charted <= {*MODULE.locals["counters"], *MODULE.locals["distributions"]}


def test_every_link_within_the_runbook_leads_somewhere() -> None:
    text = (FOLDER.parents[1] / "docs" / "operations.md").read_text()
    assert set(re.findall(r"]\(#([\w-]+)\)", text)) <= anchors()


def test_every_documented_event_is_logged_with_its_keys() -> None:
    events = logged_events()
    for row in table("event"):
        keys = {key for key in row["keys"].split(", ") if key}
        assert keys <= events.get(row["event"], set()), row["event"]


def test_every_event_in_a_filter_is_logged_and_every_key_by_one_of_its_events() -> None:
    """The quick half of what tests/e2e/test_logs.py tries on a real run."""
    events = logged_events()
    for log_filter in log_filters():
        named = set(re.findall(r'"([a-z]+\.[a-z_]+)"', log_filter.query))
        asked = {*re.findall(r"jsonPayload\.(\w+)", log_filter.query), *log_filter.extracted} - {"message"}
        assert named <= set(events), log_filter.name
        assert asked <= {key for event in named for key in events[event]}, log_filter.name


def test_the_files_are_formatted() -> None:
    if not shutil.which("terraform"):
        pytest.skip("terraform is not installed: https://developer.hashicorp.com/terraform/install")
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", str(FOLDER)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout
