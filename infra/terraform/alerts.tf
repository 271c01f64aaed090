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

  # A delivery that is answered as it should takes a slice (300 s) and its grace at most.
  waiting_seconds = 900
  # Statuses that a service never answers on purpose. A 503 of the other two is on purpose, since the delivery comes
  # again: see the alert "refusals".
  failures = {
    api        = "5.."
    worker     = "401|403|500|502|504"
    deadletter = "401|403|500|502|504"
  }

  # Rates and windows of https://sre.google/workbook/alerting-on-slos/: the short window ends an alert soon after its
  # cause. With few jobs an hour one failure burns a budget, so an alert needs more of them.
  burns = {
    jobs_fast = { objective = "jobs", severity = "CRITICAL", rate = 14.4, long = "1h", short = "5m", least = 3, bad = local.promql.jobs_broken, total = local.promql.jobs_completed }
    jobs_slow = { objective = "jobs", severity = "WARNING", rate = 6, long = "6h", short = "30m", least = 3, bad = local.promql.jobs_broken, total = local.promql.jobs_completed }
    api_slow  = { objective = "api", severity = "WARNING", rate = 6, long = "6h", short = "30m", least = 20, bad = "${local.requests.api}, response_code_class=\"5xx\"}", total = "${local.requests.api}}" }
  }

  metric_alerts = merge(
    {
      completion = {
        title    = "Under 99 % of the jobs make their book"
        anchor   = "completion-ratio"
        severity = "WARNING"
        query    = "(sum(increase(${local.promql.jobs_broken}[24h])) / sum(increase(${local.promql.jobs_completed}[24h])) > 0.01) and (sum(increase(${local.promql.jobs_broken}[24h])) >= 3)"
        for      = 0
        do       = "More than 1 % of the jobs that ended in the last day, and three at least, failed through a fault of ours. Run the query *failed jobs by reason*; the stack trace of the most common reason shows where."
      }
      crowded_api = {
        title    = "The api service has no instance for its requests"
        anchor   = "no-available-instance"
        severity = "CRITICAL"
        query    = "sum(increase(${trimsuffix(local.promql.requests_without_instance, "}")}, service_name=\"${var.name}-api\"}[5m])) > 20"
        for      = 300
        do       = "Cloud Run turns requests away with 429, because all instances of the API are busy. Raise max_instances.api. If one client makes the requests, limit it: with a domain, requests_per_minute."
      }
    },
    { for name in local.services : "errors_${name}" => {
      title    = "The ${name} service fails"
      anchor   = "5xx"
      severity = name == "api" ? "CRITICAL" : "WARNING"
      # Five at least: of a few requests, one that fails is not a share.
      query = "(sum(increase(${local.requests[name]}, response_code=~\"${local.failures[name]}\"}[5m])) / sum(increase(${local.requests[name]}}[5m])) > 0.02) and (sum(increase(${local.requests[name]}, response_code=~\"${local.failures[name]}\"}[5m])) >= 5)"
      for   = 300
      do    = "More than 2 % of its requests end in ${local.failures[name]}. 500: the stack traces of the query *errors with a stack trace*. 503 and 504: the bucket or Pub/Sub is unavailable, see their status pages. 503 with the reason PAUSED: accept_jobs is false."
    } },
    { for name, burn in local.burns : "burn_${name}" => {
      title    = "${local.objectives[burn.objective].title}: the budget burns ${burn.rate} times too fast"
      anchor   = "objectives"
      severity = burn.severity
      query = join(" and ", concat(
        [for window in [burn.long, burn.short] :
          "(sum(increase(${burn.bad}[${window}])) / sum(increase(${burn.total}[${window}])) > ${format("%.4g", burn.rate * (1 - local.objectives[burn.objective].goal))})"
        ],
        ["(sum(increase(${burn.bad}[${burn.long}])) >= ${burn.least})"],
      ))
      for = 0
      do  = "At this rate the failures that 28 days allow are used up in ${floor(28 / burn.rate)} days. The alerts on single causes and the queries *failed jobs by reason* and *429 and 5xx* say more. If something was deployed in that time, roll it back first."
    } },
    local.with_workers ? {
      unworked = {
        title    = "Jobs wait and nobody works on them"
        anchor   = "oldest-unacked-message"
        severity = "CRITICAL"
        query    = "(max(${local.oldest_message}, subscription_id=\"${var.name}-jobs-push\"}) > 600) and ((sum(increase(${local.promql.slices_started}[10m])) or vector(0)) < 1)"
        for      = 300
        do       = "Messages wait, and no worker has begun a slice for ten minutes. See whether the worker starts at all (its revision's logs), whether it answers 401 or 403 (push identity or audience changed), and whether the subscription was drained and forgotten."
      }
      waiting = {
        title    = "Jobs wait for more than 15 minutes"
        anchor   = "oldest-unacked-message"
        severity = "WARNING"
        query    = "max(${local.oldest_message}, subscription_id=\"${var.name}-jobs-push\"}) > ${local.waiting_seconds}"
        for      = 300
        do       = "Workers work, but a message is not done. If *queue wait* in the dashboard has grown, they are at max_instances.worker: raise it. Otherwise one job fails again and again: run the query *refused deliveries*."
      }
      refusals = {
        title    = "The worker refuses most deliveries"
        anchor   = "oldest-unacked-message"
        severity = "WARNING"
        query    = "sum(increase(${local.requests.worker}, response_code=\"503\"}[15m])) > 10 and sum(increase(${local.requests.worker}, response_code=\"503\"}[15m])) / sum(increase(${local.requests.worker}}[15m])) > 0.5"
        for      = 300
        do       = "Run the query *refused deliveries*: why names the backend that is away. Without such lines the 503 is the platform's, and the container does not start."
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
        # A job that waits longer than redeliveries can explain is sent again too, and nothing is wrong with it.
        query = "(sum(increase(${local.promql.jobs_sent_again}[1h])) > 3) unless (max(max_over_time(${local.oldest_message}, subscription_id=\"${var.name}-jobs-push\"}[1h])) > ${local.waiting_seconds})"
        for   = 0
        do    = "The reconciler had to send more than 3 jobs again within an hour, and none only had to wait: workers die unexpectedly (look for memory kills), or messages get lost. Run the query *one job* on a job of *jobs sent again*."
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
      do       = "The job lost one attempt and continues by itself. Find the job that ran in that instance (the query *memory kills*). If it happens again: lower worker_slices, raise memory, and keep the site's URL for a test."
    }
    dead_letter = {
      title    = "A job was given up"
      anchor   = "dead-letters"
      severity = "ERROR"
      filter   = local.counters.dead_letters.filter
      do       = "A job failed at every start, or its message at every delivery, and was ended in error. Run the query *one job* with the job_id of the entry; its slice.failed records have the stack traces. When the cause is fixed, redrive it."
    }
    unreadable = {
      title    = "A job's record cannot be read"
      anchor   = "unreadable-records"
      severity = "ERROR"
      filter   = "jsonPayload.message=\"record.unreadable\""
      do       = "The record is damaged, or a newer version wrote it. Only this job is affected. Restore the object jobs/ID.json from its soft-deleted versions, or delete the job."
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

locals {
  runbook = coalesce(var.runbook_url, "docs/operations.md")
  notify  = [for channel in google_monitoring_notification_channel.email : channel.id]
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  display_name = "${var.name}: ${each.key}"
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
