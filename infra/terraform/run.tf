locals {
  memory_mib = tonumber(regex("^[0-9]+", var.memory)) * (endswith(var.memory, "Gi") ? 1024 : 1)
  # KB of text that typst and pandoc can hold beside the service: typst takes up to 0.65 MiB for each, and 120 MiB at least
  # (docs/operations.md, "Images").
  pdf_longest_kb  = min(3000, floor(1.4 * (local.memory_mib - (local.with_workers ? 300 : 400))))
  docx_longest_kb = min(5000, 2 * local.memory_mib - 524)
}

locals {
  # Known before the services are: https://cloud.google.com/run/docs/triggering/https-request#deterministic
  urls = { for name in local.services : name =>
    "https://${var.name}-${name}-${data.google_project.this.number}.${var.region}.run.app"
  }

  # Above the ack deadline: else Cloud Run ends a delivery that Pub/Sub still waits for, and the work goes on unseen.
  push_timeout_seconds = local.ack_deadline_seconds + 60

  settings = merge(
    {
      SITEBOOKIFY_EXECUTION_MODE    = var.execution_mode
      SITEBOOKIFY_PROJECT_ID        = var.project_id
      SITEBOOKIFY_ARTIFACT_BUCKET   = google_storage_bucket.artifacts.name
      SITEBOOKIFY_RETENTION_DAYS    = tostring(var.retention_days)
      SITEBOOKIFY_CONTACT           = var.contact
      SITEBOOKIFY_COMPUTE_PROCESSES = "1" # one CPU
      SITEBOOKIFY_DOCX_LONGEST_KB   = tostring(local.docx_longest_kb)
      SITEBOOKIFY_PDF_LONGEST_KB    = tostring(local.pdf_longest_kb)
      SITEBOOKIFY_MAX_ATTEMPTS      = "8" # starts, not deliveries: a job that fails each time ends within the hour
    },
    var.settings,
    # Pages, pandoc and typst are bounded by what is left of it: else the platform would kill the instance for one of them.
    { SITEBOOKIFY_MEMORY_MIB = tostring(local.memory_mib) },
    local.with_workers ? {
      SITEBOOKIFY_TOPIC                 = google_pubsub_topic.jobs[0].name
      SITEBOOKIFY_ACK_DEADLINE_SECONDS  = tostring(local.ack_deadline_seconds)
      SITEBOOKIFY_MIN_BACKOFF_SECONDS   = tostring(local.min_backoff_seconds)
      SITEBOOKIFY_MAX_BACKOFF_SECONDS   = tostring(local.max_backoff_seconds)
      SITEBOOKIFY_MAX_DELIVERY_ATTEMPTS = tostring(var.max_delivery_attempts)
    } : {},
  )

  public_url = var.public_url != "" ? var.public_url : local.with_domain ? "https://${var.domain}" : local.urls.api
  ingress = {
    all                        = "INGRESS_TRAFFIC_ALL"
    internal                   = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    internal-and-load-balancer = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  }
  api_ingress = coalesce(var.api_ingress, local.with_domain ? "internal-and-load-balancer" : "all")
  # Cloud Run's front end adds the client; a load balancer adds the client and itself.
  # https://cloud.google.com/load-balancing/docs/https#x-forwarded-for_header
  proxy_hops = coalesce(var.proxy_hops, local.with_domain ? 2 : 1)

  push_settings = local.with_workers ? {
    SITEBOOKIFY_PUSH_AUTH     = "oidc"
    SITEBOOKIFY_PUSH_IDENTITY = google_service_account.push[0].email
  } : {}

  api_concurrency = 80

  # CPU between requests (cpu_always) is for the API alone with its jobs: a worker works only inside a delivery.
  run = {
    api = {
      ingress       = local.ingress[local.api_ingress]
      timeout       = 300 # watchers of progress come back by themselves
      concurrency   = local.api_concurrency
      cpu_always    = !local.with_workers
      min_instances = local.with_workers ? var.api_min_instances : max(1, var.api_min_instances)
      settings = {
        SITEBOOKIFY_PUBLIC_URL          = local.public_url
        SITEBOOKIFY_PROXY_HOPS          = tostring(local.proxy_hops)
        SITEBOOKIFY_INPROCESS_JOBS      = "1"
        SITEBOOKIFY_ACCEPT_JOBS         = tostring(var.accept_jobs)
        SITEBOOKIFY_ALLOW_IGNORE_ROBOTS = tostring(coalesce(var.allow_ignore_robots, !var.api_open))
        SITEBOOKIFY_MAX_PAGES_PER_JOB   = tostring(coalesce(var.max_pages_per_job, var.api_open ? 500 : 10000))
        # Streams hold a place of the container each: pollers, downloads and orders need the rest.
        SITEBOOKIFY_MAX_WATCHERS = tostring(floor(local.api_concurrency * 3 / 4))
      }
      secrets = merge(
        { for name in local.api_secret_names : "SITEBOOKIFY_${upper(name)}" => name },
        local.runs_jobs == "api" ? local.model_secrets : {},
      )
    }
    worker = {
      ingress       = local.ingress.internal
      timeout       = local.push_timeout_seconds
      concurrency   = var.worker_slices
      cpu_always    = false
      min_instances = 0
      settings = merge(local.push_settings, {
        SITEBOOKIFY_WORKER_SLICES = tostring(var.worker_slices)
        SITEBOOKIFY_PUSH_AUDIENCE = lookup(local.urls, "worker", "")
      })
      secrets = merge(local.shared_secrets, local.model_secrets)
    }
    deadletter = {
      ingress       = local.ingress.internal
      timeout       = local.push_timeout_seconds
      concurrency   = 8 # more would wait for the store's threads
      cpu_always    = false
      min_instances = 0
      settings = merge(local.push_settings, {
        SITEBOOKIFY_PUSH_AUDIENCE = lookup(local.urls, "deadletter", "")
      })
      secrets = local.shared_secrets
    }
  }
}

resource "google_cloud_run_v2_service" "service" {
  for_each = local.services

  name     = "${var.name}-${each.key}"
  location = var.region
  # Pub/Sub and Cloud Scheduler of the same project count as internal at the run.app URL:
  # https://cloud.google.com/run/docs/securing/ingress
  ingress          = local.run[each.key].ingress
  custom_audiences = [local.urls[each.key]]
  # https://cloud.google.com/run/docs/authenticating/public#invoker_check
  invoker_iam_disabled = each.key == "api" && var.api_public
  deletion_protection  = each.key == "api" && var.deletion_protection

  template {
    service_account                  = google_service_account.service[each.key].email
    timeout                          = "${local.run[each.key].timeout}s"
    max_instance_request_concurrency = local.run[each.key].concurrency
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2" # full Linux: pandoc and worker processes

    scaling {
      min_instance_count = local.run[each.key].min_instances
      max_instance_count = var.max_instances[each.key]
    }

    dynamic "vpc_access" {
      for_each = var.vpc == null ? [] : [var.vpc]
      content {
        egress = vpc_access.value.all_traffic ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY"
        network_interfaces {
          network    = vpc_access.value.network
          subnetwork = vpc_access.value.subnetwork
        }
      }
    }

    containers {
      image = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}/${each.key}:${var.image_tag}"

      ports {
        container_port = 8080
      }

      resources {
        limits            = { cpu = "1", memory = var.memory }
        cpu_idle          = !local.run[each.key].cpu_always
        startup_cpu_boost = true
      }

      # Probes ask the container itself. From outside paths that end in z belong to Google:
      # https://cloud.google.com/run/docs/issues#reserved_url_paths
      startup_probe {
        period_seconds    = 2
        timeout_seconds   = 1  # shorter than the period, as it must be
        failure_threshold = 60 # times the period at most 240 s
        http_get {
          path = "/healthz"
        }
      }

      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 10
        failure_threshold = 4 # a worker busy with a big page is alive
        http_get {
          path = "/healthz"
        }
      }

      dynamic "env" {
        for_each = merge(local.settings, local.run[each.key].settings)
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = local.run[each.key].secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.setting[env.value].secret_id
              version = google_secret_manager_secret_version.setting[env.value].version
            }
          }
        }
      }
    }
  }

  # Without an entry all requests go to the latest revision.
  dynamic "traffic" {
    for_each = lookup(var.traffic, each.key, [])
    content {
      type     = traffic.value.revision == "" ? "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" : "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
      revision = traffic.value.revision == "" ? null : traffic.value.revision
      percent  = traffic.value.percent
      tag      = traffic.value.tag
    }
  }

  depends_on = [
    google_project_service.required,
    google_secret_manager_secret_iam_member.api,
    google_secret_manager_secret_iam_member.key,
    google_secret_manager_secret_iam_member.webhook,
    google_secret_manager_secret_iam_member.model,
    google_storage_bucket_iam_member.read,
    google_storage_bucket_iam_member.create,
    google_storage_bucket_iam_member.delete,
  ]
}
