# The times are those of the settings' defaults (docs/architecture.md, "Times"); a test compares them.
locals {
  ack_deadline_seconds = 600
  min_backoff_seconds  = 30
  max_backoff_seconds  = 600

  week  = "${7 * local.day}s"
  month = "${31 * local.day}s" # https://cloud.google.com/pubsub/docs/subscription-properties: 31 days at most
}

resource "google_pubsub_topic" "jobs" {
  count = local.pipeline

  name       = "${var.name}-jobs"
  depends_on = [google_project_service.required]
}

resource "google_pubsub_topic" "dead_letter" {
  count = local.pipeline

  name       = "${var.name}-dead-letter"
  depends_on = [google_project_service.required]
}

resource "google_pubsub_subscription" "jobs" {
  count = local.pipeline

  name                       = "${var.name}-jobs-push"
  topic                      = google_pubsub_topic.jobs[0].id
  ack_deadline_seconds       = local.ack_deadline_seconds
  message_retention_duration = local.week

  push_config {
    push_endpoint = "${google_cloud_run_v2_service.service["worker"].uri}/pubsub/push"
    oidc_token {
      service_account_email = google_service_account.push[0].email
      audience              = local.urls.worker
    }
  }

  retry_policy {
    minimum_backoff = "${local.min_backoff_seconds}s"
    maximum_backoff = "${local.max_backoff_seconds}s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letter[0].id
    max_delivery_attempts = var.max_delivery_attempts
  }

  expiration_policy {
    ttl = "" # never, however long no job comes
  }

  # Without these a message is delivered to nobody, and a dead letter stays where it is.
  depends_on = [
    google_cloud_run_v2_service_iam_member.push,
    google_pubsub_topic_iam_member.forwarder,
    google_service_account_iam_member.push_tokens,
  ]
}

resource "google_pubsub_subscription" "dead_letter" {
  count = local.pipeline

  name                       = "${var.name}-dead-letter-push"
  topic                      = google_pubsub_topic.dead_letter[0].id
  ack_deadline_seconds       = local.ack_deadline_seconds
  message_retention_duration = local.week

  push_config {
    push_endpoint = "${google_cloud_run_v2_service.service["deadletter"].uri}/pubsub/push"
    oidc_token {
      service_account_email = google_service_account.push[0].email
      audience              = local.urls.deadletter
    }
  }

  retry_policy {
    minimum_backoff = "${local.min_backoff_seconds}s"
    maximum_backoff = "${local.max_backoff_seconds}s"
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [google_cloud_run_v2_service_iam_member.push, google_service_account_iam_member.push_tokens]
}

# Nobody reads it in good times: whatever was dead-lettered stays here for a month, also where the handler is broken.
resource "google_pubsub_subscription" "dead_letter_kept" {
  count = local.pipeline

  name                       = "${var.name}-dead-letter-kept"
  topic                      = google_pubsub_topic.dead_letter[0].id
  message_retention_duration = local.month
  retain_acked_messages      = true

  expiration_policy {
    ttl = ""
  }
}
