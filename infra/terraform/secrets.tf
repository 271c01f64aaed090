locals {
  # The API reads its own, the others what signs webhooks: pushes are authenticated by tokens that Google signs. The
  # language model's key is for whatever runs jobs.
  secret_names = nonsensitive(toset([for name, value in var.secrets : name if value != ""]))
  shared_secrets = {
    for name in local.secret_names : "SITEBOOKIFY_${upper(name)}" => name
    if contains(["webhook_secret", "secret_key"], name)
  }
  model_key        = "openai_api_key"
  model_secrets    = contains(local.secret_names, local.model_key) ? { SITEBOOKIFY_OPENAI_API_KEY = local.model_key } : {}
  runs_jobs        = local.with_workers ? "worker" : "api"
  api_secret_names = toset([for name in local.secret_names : name if name != local.model_key])
}

resource "google_secret_manager_secret" "setting" {
  for_each = local.secret_names

  secret_id = "${var.name}-${replace(each.key, "_", "-")}"
  replication {
    auto {}
  }

  depends_on = [google_project_service.required]
}

resource "google_secret_manager_secret_version" "setting" {
  for_each = local.secret_names

  secret                 = google_secret_manager_secret.setting[each.key].id
  secret_data_wo         = var.secrets[each.key]
  secret_data_wo_version = var.secrets_version

  lifecycle {
    create_before_destroy = true # a service always has a version it can start with
  }
}
