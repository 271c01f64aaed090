locals {
  bucket_name  = coalesce(var.bucket_name, "${var.project_id}-${var.name}")
  day          = 86400
  net_age_days = 2 * var.retention_days + 1
}

resource "google_storage_bucket" "artifacts" {
  name                        = local.bucket_name
  location                    = upper(var.region)
  uniform_bucket_level_access = true # conditions on prefixes (iam.tf) need it
  public_access_prevention    = "enforced"
  force_destroy               = var.bucket_force_destroy

  soft_delete_policy {
    retention_duration_seconds = var.soft_delete_days * local.day
  }

  # The reconciler removes jobs when their time is over; this net catches what it could not, late enough for a job that
  # was retried on its last day.
  lifecycle_rule {
    condition {
      age            = local.net_age_days
      matches_prefix = ["jobs/", "data/", "active/", "recent/", "malformed/", "spending/"]
    }
    action {
      type = "Delete"
    }
  }

  # Answers of the language model, which later books of the same site use. No job owns them.
  lifecycle_rule {
    condition {
      age            = 365
      matches_prefix = ["answers/"]
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      age = 1
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key == "" ? [] : [var.kms_key]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.required, google_kms_crypto_key_iam_member.storage]
}

resource "google_artifact_registry_repository" "images" {
  repository_id = var.name
  location      = var.region
  format        = "DOCKER"
  description   = "Images api, worker and deadletter"

  docker_config {
    immutable_tags = true # what a tag named yesterday it names today: roll-backs depend on it
  }

  depends_on = [google_project_service.required]
}
