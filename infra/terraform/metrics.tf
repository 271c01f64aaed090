# Metrics counted from the services' own log lines. tests/e2e/test_logs.py holds every filter here against the lines of
# a real run; the events are listed in docs/operations.md.
# No label names a job: a metric has a time series for every value of its labels.
locals {
  # Exactly these services: the name of another installation in the project may begin with this one's.
  ours = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^${var.name}-(api|worker|deadletter)$\""

  counters = {
    jobs_created = {
      description = "Jobs accepted"
      filter      = "jsonPayload.message=\"job.created\""
      label       = ""
    }
    jobs_done = {
      description = "Jobs whose book was made"
      filter      = "jsonPayload.message=\"job.done\""
      label       = ""
    }
    jobs_failed = {
      description = "Jobs that ended in error, whosever fault it was"
      filter      = "jsonPayload.message=\"job.failed\""
      label       = "reason"
    }
    # A site that cannot be reached, or forbids robots, is a WARNING; a job that the pipeline lost is an ERROR.
    jobs_broken = {
      description = "Jobs that ended in error by a fault of the pipeline"
      filter      = "jsonPayload.message=\"job.failed\" AND severity>=ERROR"
      label       = "reason"
    }
    jobs_cancelled = {
      description = "Jobs ended by their owners"
      filter      = "jsonPayload.message=\"job.cancelled\" OR (jsonPayload.message=\"job.cancel_requested\" AND jsonPayload.state=\"cancelled\")"
      label       = ""
    }
    jobs_completed = {
      description = "Jobs that ended by themselves, in a book or in error"
      filter      = "jsonPayload.message=(\"job.done\" OR \"job.failed\")"
      label       = ""
    }
    jobs_sent_again = {
      description = "Jobs that the reconciler found lost or silent"
      filter      = "jsonPayload.message=\"reconcile.sent\""
      label       = "state"
    }
    dead_letters = {
      description = "Jobs given up after their last delivery or start"
      filter      = "jsonPayload.message=\"job.failed\" AND jsonPayload.reason=(\"DEAD_LETTERED\" OR \"ATTEMPTS_EXHAUSTED\")"
      label       = ""
    }
    slices_started = {
      description = "Slices that a worker began"
      filter      = "jsonPayload.message=\"slice.started\""
      label       = "stage"
    }
    pushes_refused = {
      description = "Deliveries that will come again"
      filter      = "jsonPayload.message=(\"push.refused\" OR \"push.failed\")"
      label       = ""
    }
    # The platform's own 429, which the services' 429 for a client over its limit is not. The log's name is not asked
    # for: no other line has this text. https://cloud.google.com/run/docs/troubleshooting#abort-request
    requests_without_instance = {
      description = "Requests that Cloud Run turned away because all instances were busy"
      filter      = "textPayload:\"no available instance\""
      label       = ""
    }
  }

  distributions = {
    slice_seconds = {
      description = "Length of a slice"
      filter      = "jsonPayload.message=\"slice.ended\""
      value       = "seconds"
      label       = "outcome"
      unit        = "s"
    }
    # Later attempts wait for their redelivery too.
    queue_wait_seconds = {
      description = "From a message's sending to its slice's start"
      filter      = "jsonPayload.message=\"slice.started\" AND jsonPayload.attempt=1"
      value       = "waited_seconds"
      label       = "stage"
      unit        = "s"
    }
    slice_attempts = {
      description = "Which attempt at its step a slice is"
      filter      = "jsonPayload.message=\"slice.started\""
      value       = "attempt"
      label       = "stage"
      unit        = "1"
    }
  }
}

resource "google_logging_metric" "counter" {
  for_each = local.counters

  name             = "${var.name}/${each.key}"
  description      = each.value.description
  filter           = "${local.ours} AND (${each.value.filter})"
  label_extractors = each.value.label == "" ? {} : { (each.value.label) = "EXTRACT(jsonPayload.${each.value.label})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    dynamic "labels" {
      for_each = compact([each.value.label])
      content {
        key        = labels.value
        value_type = "STRING"
      }
    }
  }

  depends_on = [google_project_service.required]
}

resource "google_logging_metric" "distribution" {
  for_each = local.distributions

  name             = "${var.name}/${each.key}"
  description      = each.value.description
  filter           = "${local.ours} AND (${each.value.filter})"
  value_extractor  = "EXTRACT(jsonPayload.${each.value.value})"
  label_extractors = { (each.value.label) = "EXTRACT(jsonPayload.${each.value.label})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit

    labels {
      key        = each.value.label
      value_type = "STRING"
    }
  }

  # 0.1 s to 3,300 s, each bucket twice as wide as the one before.
  bucket_options {
    exponential_buckets {
      num_finite_buckets = 15
      growth_factor      = 2
      scale              = 0.1
    }
  }

  depends_on = [google_project_service.required]
}
