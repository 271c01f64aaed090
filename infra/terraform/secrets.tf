locals {
  # The API reads all of them, the others what signs webhooks: pushes are authenticated by tokens that Google signs.
  secret_names = nonsensitive(toset([for name, value in var.secrets : name if value != ""]))
  shared_secrets = {
    for name in local.secret_names : "SITEBOOKIFY_${upper(name)}" => name
    if contains(["webhook_secret", "secret_key"], name)
  }
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
