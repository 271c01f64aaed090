# The second net (docs/architecture.md, "The reconciler"). A round that fails is made up for by the next one.
resource "google_cloud_scheduler_job" "reconcile" {
  count = local.pipeline

  name             = "${var.name}-reconcile"
  description      = "Sends again what was lost between two writes, and removes what has expired"
  region           = var.region
  schedule         = "* * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "${local.ack_deadline_seconds}s"

  http_target {
    http_method = "POST"
    uri         = "${google_cloud_run_v2_service.service["deadletter"].uri}/internal/reconcile"
    oidc_token {
      service_account_email = google_service_account.push[0].email
      audience              = local.urls.deadletter
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.push]
}
