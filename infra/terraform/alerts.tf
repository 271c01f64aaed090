# Every alert says what to do and links its section of docs/operations.md.
# PromQL, since it alone takes metrics that no line has made yet: https://cloud.google.com/monitoring/promql/promql-mapping
# has how they are named; the metrics are in https://cloud.google.com/monitoring/api/metrics_gcp.
locals {
  promql = { for name in keys(local.counters) : name =>
    "logging_googleapis_com:user_${replace(var.name, "-", "_")}_${name}{monitored_resource=\"cloud_run_revision\"}"
  }
  requests = { for name in local.services : name =>
    "run_googleapis_com:request_count{monitored_resource=\"cloud_run_revision\", service_name=\"${var.name}-${name}\""
  }
  oldest_message = "pubsub_googleapis_com:subscription_oldest_unacked_message_age{monitored_resource=\"pubsub_subscription\""

  # A message that fails all its deliveries, each as long as a slice (300 s), with backoffs of 30, 60, 120 and 240 s
  # between them, is 1,950 s old when it leaves: only what is older tells of a queue that nobody works on.
  stale_message_seconds = 2100

  # Statuses that a service never answers on purpose. A worker's 503 is on purpose: the slice comes again.
  failures = {
    api        = "429|5.."
    worker     = "429|500|502|504"
    deadletter = "429|500|502|504"
  }

  runbook = coalesce(var.runbook_url, "docs/operations.md")
  notify  = [for channel in google_monitoring_notification_channel.email : channel.id]

  metric_alerts = merge(
    {
      completion = {
        title    = "Under 99 % of the jobs make their book"
        anchor   = "completion-ratio"
        severity = "CRITICAL"
        query    = "sum(increase(${local.promql.jobs_broken}[1h])) / sum(increase(${local.promql.jobs_completed}[1h])) > 0.01"
        for      = 0
        do       = "More than 1 % of the jobs that ended in the last hour failed by a fault of ours. Run the query *failed jobs by reason*; the commonest reason's stack trace shows where. A deployment in that hour is the first suspect: roll it back."
      }
    },
    { for name in local.services : "errors_${name}" => {
      title    = "The ${name} service fails"
      anchor   = "429-and-5xx"
      severity = name == "api" ? "CRITICAL" : "WARNING"
      query    = "sum(increase(${local.requests[name]}, response_code=~\"${local.failures[name]}\"}[5m])) / sum(increase(${local.requests[name]}}[5m])) > 0.02"
      for      = 300
      do       = "More than 2 % of its requests end in ${local.failures[name]}. 429 with \"no available instance\": raise max_instances.${name}. 500: the stack traces of the query *errors with a stack trace*. 503 and 504: the bucket or Pub/Sub is away, see their status pages."
    } },
    local.with_workers ? {
      unacked = {
        title    = "Jobs wait and nobody works on them"
        anchor   = "oldest-unacked-message"
        severity = "CRITICAL"
        query    = "max(${local.oldest_message}, subscription_id=\"${var.name}-jobs-push\"}) > ${local.stale_message_seconds}"
        for      = 300
        do       = "The oldest message is older than any redelivery could make it. See whether the worker starts at all (its revision's logs), answers 401 or 403 (push identity or audience changed), or is at max_instances.worker: then raise it."
      }
      undead = {
        title    = "Dead letters wait for their handler"
        anchor   = "dead-letters"
        severity = "CRITICAL"
        query    = "max(${local.oldest_message}, subscription_id=\"${var.name}-dead-letter-push\"}) > 600"
        for      = 300
        do       = "Jobs that could not be made are not marked as failed, so their owners wait. See why the dead-letter handler refuses: its logs, and whether the bucket answers."
      }
      stuck = {
        title    = "Jobs get stuck"
        anchor   = "stuck-jobs"
        severity = "WARNING"
        query    = "sum(increase(${local.promql.jobs_sent_again}[1h])) > 3"
        for      = 0
        do       = "The reconciler had to send more than 3 jobs again within an hour: workers die unexpectedly (look for memory kills), or messages get lost. Run the query *one job* on a job of *jobs sent again*."
      }
      # The reconciler reports stuck jobs, so something else has to report the reconciler.
      unreconciled = {
        title    = "The reconciler does not run"
        anchor   = "stuck-jobs"
        severity = "WARNING"
        query    = "(sum(increase(${local.requests.deadletter}, response_code_class=\"2xx\"}[15m])) or vector(0)) < 1"
        for      = 300
        do       = "Cloud Scheduler calls it every minute. See whether the job ${var.name}-reconcile is paused or gets 401 or 403, and whether the service deadletter starts."
      }
    } : {},
  )

  # The platform's own lines; the second is how the second generation says it.
  # https://cloud.google.com/run/docs/troubleshooting#memory
  log_matches = {
    memory = {
      title    = "An instance ran out of memory and was killed"
      anchor   = "memory-kills"
      severity = "CRITICAL"
      filter   = "textPayload=~\"^(Memory limit of .+ exceeded|Out-of-memory event detected)\""
      do       = "The job lost one attempt and goes on by itself. Find the job that ran in that instance (the query *memory kills*). If it happens again: lower worker_slices, raise memory, and keep the site's URL for a test."
    }
    dead_letter = {
      title    = "A job was dead-lettered"
      anchor   = "dead-letters"
      severity = "ERROR"
      filter   = local.counters.dead_letters.filter
      do       = "A job failed all its deliveries and was ended in error. Run the query *one job* with the job_id of the entry; its slice.failed records have the stack traces. When the cause is fixed, redrive it."
    }
    malformed = {
      title    = "Something other than jobs is published to the topic"
      anchor   = "malformed-messages"
      severity = "ERROR"
      filter   = "jsonPayload.message=(\"push.malformed\" OR \"push.too_large\")"
      do       = "The message was acknowledged, because it can never succeed, and kept under the object name in kept_as. See who publishes to the topic besides the three services."
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  display_name = "sitebookify: ${each.key}"
  type         = "email"
  labels       = { email_address = each.key }
  depends_on   = [google_project_service.required]
}

resource "google_monitoring_alert_policy" "metric" {
  for_each = local.metric_alerts

  display_name          = "${var.name}: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.notify

  conditions {
    display_name = each.value.title

    condition_prometheus_query_language {
      query                     = each.value.query
      duration                  = "${each.value.for}s"
      evaluation_interval       = "60s"
      disable_metric_validation = true # a log-based metric is known minutes after it was made
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "${each.value.do}\n\nRunbook: ${local.runbook}#${each.value.anchor}"
  }

  depends_on = [google_logging_metric.counter]
}

resource "google_monitoring_alert_policy" "log_match" {
  for_each = local.log_matches

  display_name          = "${var.name}: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = local.notify

  conditions {
    display_name = each.value.title

    condition_matched_log {
      filter           = "${local.ours} AND (${each.value.filter})"
      label_extractors = { job_id = "EXTRACT(labels.job_id)" }
    }
  }

  alert_strategy {
    auto_close = "${local.day}s"
    notification_rate_limit {
      period = "300s"
    }
  }

  documentation {
    mime_type = "text/markdown"
    content   = "${each.value.do}\n\nRunbook: ${local.runbook}#${each.value.anchor}"
  }
}
