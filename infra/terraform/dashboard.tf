locals {
  hour = 3600

  log_metric = { for name in concat(keys(local.counters), keys(local.distributions)) : name =>
    "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${var.name}/${name}\""
  }

  charts = [
    { title = "Jobs an hour", metrics = ["jobs_created", "jobs_done", "jobs_failed", "jobs_cancelled"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", period = local.hour, group = [] },
    { title = "Failed jobs an hour, by reason", metrics = ["jobs_failed"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", period = local.hour, group = ["metric.label.reason"] },
    { title = "Length of a slice, 95th percentile", metrics = ["slice_seconds"], aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", period = 300, group = ["metric.label.outcome"] },
    { title = "Queue wait, 95th percentile", metrics = ["queue_wait_seconds"], aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", period = 300, group = [] },
    { title = "Attempts at a step, 99th percentile", metrics = ["slice_attempts"], aligner = "ALIGN_PERCENTILE_99", reducer = "REDUCE_MAX", period = 300, group = ["metric.label.stage"] },
    { title = "Refused, dead-lettered, sent again", metrics = ["pushes_refused", "dead_letters", "jobs_sent_again"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM", period = 300, group = [] },
  ]

  run_metric = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=one_of(${join(",", [for name in sort(tolist(local.services)) : "\"${var.name}-${name}\""])}) AND metric.type=\"run.googleapis.com"

  platform_charts = [
    { title = "Requests a second, by service and status", filter = "${local.run_metric}/request_count\"", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", group = ["resource.label.service_name", "metric.label.response_code_class"] },
    { title = "Memory in use, 99th percentile", filter = "${local.run_metric}/container/memory/utilizations\"", aligner = "ALIGN_PERCENTILE_99", reducer = "REDUCE_MAX", group = ["resource.label.service_name"] },
    { title = "Instances", filter = "${local.run_metric}/container/instance_count\"", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", group = ["resource.label.service_name", "metric.label.state"] },
    { title = "Age of the oldest message, by subscription", filter = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=one_of(\"${var.name}-jobs-push\",\"${var.name}-dead-letter-push\") AND metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"", aligner = "ALIGN_MAX", reducer = "REDUCE_MAX", group = ["resource.label.subscription_id"] },
  ]

  widgets = concat(
    [for chart in local.charts : {
      title = chart.title
      xyChart = { dataSets = [for metric in chart.metrics : merge({
        plotType = "LINE"
        timeSeriesQuery = { timeSeriesFilter = {
          filter = local.log_metric[metric]
          aggregation = merge({
            alignmentPeriod    = "${chart.period}s"
            perSeriesAligner   = chart.aligner
            crossSeriesReducer = chart.reducer
          }, { for key in ["groupByFields"] : key => chart.group if length(chart.group) > 0 })
        } }
      }, { for key in ["legendTemplate"] : key => metric if length(chart.metrics) > 1 })] }
    }],
    [for chart in local.platform_charts : {
      title = chart.title
      xyChart = { dataSets = [{
        plotType = "LINE"
        timeSeriesQuery = { timeSeriesFilter = {
          filter = chart.filter
          aggregation = {
            alignmentPeriod    = "60s"
            perSeriesAligner   = chart.aligner
            crossSeriesReducer = chart.reducer
            groupByFields      = chart.group
          }
        } }
      }] }
    }],
  )

  # Nothing that is zero or empty: the API leaves it out of its answer, and every plan would put it in again.
  dashboard = {
    displayName = var.name
    mosaicLayout = {
      columns = 48 # two charts side by side
      tiles = [for place, widget in local.widgets : merge(
        { width = 24, height = 16, widget = widget },
        { for key, value in { xPos = place % 2 * 24, yPos = floor(place / 2) * 16 } : key => value if value > 0 },
      )]
    }
  }
}

resource "google_monitoring_dashboard" "pipeline" {
  dashboard_json = jsonencode(local.dashboard)
  depends_on     = [google_logging_metric.counter, google_logging_metric.distribution]
}
