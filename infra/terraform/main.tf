# sitebookify on Google Cloud. What the files hold: storage (bucket, registry), pubsub, run (the services), iam,
# secrets, scheduler, monitoring (metrics, slo, alerts), dashboard, budget, domain (load balancer). How to use it:
# docs/operations.md.

terraform {
  required_version = ">= 1.11" # write-only arguments keep secrets out of the state

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }

  # A prefix for each installation: terraform init -backend-config=bucket=STATE_BUCKET -backend-config=prefix=NAME
  backend "gcs" {
    prefix = "sitebookify"
  }
}

provider "google" {
  project        = var.project_id
  region         = var.region
  default_labels = { app = var.name }
}

# Budgets are the billing account's: with a person's login, the project that pays for the calls has to be named.
# https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/billing_budget
provider "google" {
  alias                 = "billing"
  project               = var.project_id
  billing_project       = var.project_id
  user_project_override = true
}

# It must not wait for the APIs below: with each new one (a domain, a budget) the project's number would be unknown while
# planning, and grants and services that name it would be replaced. infra/deploy has enabled the API that answers.
data "google_project" "this" {}

locals {
  with_workers = var.execution_mode == "worker"
  with_domain  = var.domain != ""
  services     = toset(local.with_workers ? ["api", "worker", "deadletter"] : ["api"])
  # What exists only where workers do: one of it or none.
  pipeline = local.with_workers ? 1 : 0
  pushing  = setsubtract(local.services, ["api"])

  required_apis = concat(local.always_required_apis, local.with_domain ? ["compute.googleapis.com"] : [],
  var.billing_account == "" ? [] : ["billingbudgets.googleapis.com"])
  always_required_apis = [
    "artifactregistry.googleapis.com",
    "cloudscheduler.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com", # signBlob, for download URLs
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ]
}

resource "google_project_service" "required" {
  for_each = toset(local.required_apis)

  service            = each.key
  disable_on_destroy = false # others in the project may use it
}
