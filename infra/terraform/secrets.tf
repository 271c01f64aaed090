# What exists is decided by names (var.secret_names), never by values: an apply from a shell without TF_VAR_secrets
# changes nothing. A value only makes a version.
locals {
  # The API reads its own, the others what signs webhooks: pushes are authenticated by tokens that Google signs. The
  # language model's key is for what runs jobs.
  shared_secrets = {
    for name in var.secret_names : "SITEBOOKIFY_${upper(name)}" => name
    if contains(["webhook_secret", "secret_key"], name)
  }
  model_key        = "openai_api_key"
  model_secrets    = contains(var.secret_names, local.model_key) ? { SITEBOOKIFY_OPENAI_API_KEY = local.model_key } : {}
  runs_jobs        = local.with_workers ? "worker" : "api"
  api_secret_names = toset([for name in var.secret_names : name if name != local.model_key])
}

resource "google_secret_manager_secret" "setting" {
  for_each = var.secret_names

  secret_id = "${var.name}-${replace(each.key, "_", "-")}"

  replication {
    dynamic "auto" {
      for_each = var.secret_replication == "automatic" ? [1] : []
      content {}
    }
    dynamic "user_managed" {
      for_each = var.secret_replication == "region" ? [1] : []
      content {
        replicas {
          location = var.region
        }
      }
    }
  }

  depends_on = [google_project_service.required]
}

# A new version without a value is refused by Secret Manager: the old one and the services that use it stay.
resource "google_secret_manager_secret_version" "setting" {
  for_each = var.secret_names

  secret                 = google_secret_manager_secret.setting[each.key].id
  secret_data_wo         = var.secrets[each.key]
  secret_data_wo_version = var.secrets_version
  deletion_policy        = "ABANDON" # a revision that traffic may go back to still names the old version

  lifecycle {
    create_before_destroy = true # a service always has a version it can start with
  }
}
