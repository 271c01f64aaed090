# Two objectives over 28 days, as the console shows them; the alerts on how fast their budgets of failures burn are in
# alerts.tf.
locals {
  api_requests = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${var.name}-api\" AND metric.type=\"run.googleapis.com/request_count\""

  objectives = {
    # A site that is down or forbids robots is not our failure.
    jobs = {
      title = "Jobs make their book"
      goal  = 0.99
      bad   = local.log_metric.jobs_broken
      total = local.log_metric.jobs_completed
    }
    api = {
      title = "The API answers"
      goal  = 0.995
      bad   = "${local.api_requests} AND metric.labels.response_code_class=\"5xx\""
      total = local.api_requests
    }
  }
}

resource "google_monitoring_custom_service" "this" {
  service_id   = var.name
  display_name = var.name
  depends_on   = [google_project_service.required]
}

resource "google_monitoring_slo" "objective" {
  for_each = local.objectives

  service             = google_monitoring_custom_service.this.service_id
  slo_id              = each.key
  display_name        = each.value.title
  goal                = each.value.goal
  rolling_period_days = 28

  request_based_sli {
    good_total_ratio {
      bad_service_filter   = each.value.bad
      total_service_filter = each.value.total
    }
  }

  depends_on = [google_logging_metric.counter]
}

# From outside, by the way that clients take: the name, the certificate, the load balancer, a cold start. The page needs
# no key. An API that cannot be reached from the internet has none.
resource "google_monitoring_uptime_check_config" "api" {
  count = var.api_public && local.api_ingress != "internal" ? 1 : 0

  display_name = "${var.name}: api"
  period       = "300s"
  timeout      = "30s" # an instance may have to start

  http_check {
    path         = "/openapi.json"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project_id
      host       = trimprefix(local.public_url, "https://")
    }
  }

  depends_on = [google_project_service.required]

  lifecycle {
    create_before_destroy = true # another host is another check, and one that an alert uses is not deleted
  }
}

resource "google_monitoring_alert_policy" "unreachable" {
  count = length(google_monitoring_uptime_check_config.api)

  display_name          = "${var.name}: The API cannot be reached"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.notify

  conditions {
    display_name = "From two places or more"
    condition_threshold {
      filter          = "resource.type=\"uptime_url\" AND metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id=\"${google_monitoring_uptime_check_config.api[0].uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "300s"
      aggregations {
        alignment_period     = "1200s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
      trigger {
        count = 1
      }
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "Google's checkers get no answer of ${local.public_url}/openapi.json. See whether the newest revision starts, then name, certificate and load balancer.\n\nRunbook: ${local.runbook}#the-api-cannot-be-reached"
  }
}
