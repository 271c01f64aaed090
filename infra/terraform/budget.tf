# Mail to those who manage the billing account at half, at nine tenths and at the whole of the amount, and when the month
# is forecast to exceed it. It stops nothing: what an installation can cost is bounded by max_instances.
resource "google_billing_budget" "project" {
  count    = var.billing_account == "" ? 0 : 1
  provider = google.billing

  billing_account = var.billing_account
  display_name    = "${var.name}: ${var.project_id}"

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }

  amount {
    specified_amount {
      units = tostring(var.monthly_budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1]
    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  depends_on = [google_project_service.required]
}
