# Every grant is here, and in the table "Who may do what" of docs/operations.md; a test compares the two.

resource "google_service_account" "service" {
  for_each = local.services

  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name} ${each.key}"
  depends_on   = [google_project_service.required]
}

# Pub/Sub and Cloud Scheduler send its tokens; it can call the two services behind them and nothing else.
resource "google_service_account" "push" {
  count = local.pipeline

  account_id   = "${var.name}-push"
  display_name = "${var.name} push"
  depends_on   = [google_project_service.required]
}

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  objects      = "projects/_/buckets/${google_storage_bucket.artifacts.name}/objects"
  # Who may create objects where; null: anywhere. Books are written by whoever runs jobs, and by nobody else.
  create_under = {
    api        = local.with_workers ? ["jobs/", "active/", "recent/", "server/"] : null
    worker     = null
    deadletter = ["jobs/", "active/", "recent/", "malformed/", "server/"]
  }
}

# Overwriting an object needs storage.objects.delete, which no predefined role gives alone:
# https://cloud.google.com/storage/docs/access-control/iam-json
resource "google_project_iam_custom_role" "object_deleter" {
  role_id     = replace("${var.name}_object_deleter", "-", "_")
  title       = "${var.name}: delete objects"
  permissions = ["storage.objects.delete"]
  depends_on  = [google_project_service.required]
}

# roles/iam.serviceAccountTokenCreator would let the API mint access tokens too.
resource "google_project_iam_custom_role" "blob_signer" {
  role_id     = replace("${var.name}_blob_signer", "-", "_")
  title       = "${var.name}: sign download URLs"
  permissions = ["iam.serviceAccounts.signBlob"]
  depends_on  = [google_project_service.required]
}

resource "google_storage_bucket_iam_member" "read" {
  for_each = local.services

  bucket = google_storage_bucket.artifacts.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.service[each.key].member
}

resource "google_storage_bucket_iam_member" "create" {
  for_each = local.services

  bucket = google_storage_bucket.artifacts.name
  role   = "roles/storage.objectCreator"
  member = google_service_account.service[each.key].member

  dynamic "condition" {
    for_each = local.create_under[each.key] == null ? [] : [local.create_under[each.key]]
    content {
      title      = "only under ${join(" and ", condition.value)}"
      expression = join(" || ", [for prefix in condition.value : "resource.name.startsWith(\"${local.objects}/${prefix}\")"])
    }
  }

  lifecycle {
    create_before_destroy = true # where the mode changes, so does the API's condition: it can write all the time
  }
}

resource "google_storage_bucket_iam_member" "delete" {
  for_each = local.services

  bucket = google_storage_bucket.artifacts.name
  role   = google_project_iam_custom_role.object_deleter.id
  member = google_service_account.service[each.key].member
}

resource "google_service_account_iam_member" "sign" {
  service_account_id = google_service_account.service["api"].name
  role               = google_project_iam_custom_role.blob_signer.id
  member             = google_service_account.service["api"].member
}

resource "google_pubsub_topic_iam_member" "publish" {
  for_each = local.with_workers ? local.services : toset([])

  topic  = google_pubsub_topic.jobs[0].id
  role   = "roles/pubsub.publisher"
  member = google_service_account.service[each.key].member
}

resource "google_secret_manager_secret_iam_member" "api" {
  for_each = local.api_secret_names

  secret_id = google_secret_manager_secret.setting[each.key].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.service["api"].member
}

# Whoever may end a job signs its webhook.
resource "google_secret_manager_secret_iam_member" "key" {
  for_each = contains(var.secret_names, "secret_key") ? local.pushing : toset([])

  secret_id = google_secret_manager_secret.setting["secret_key"].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.service[each.key].member
}

resource "google_secret_manager_secret_iam_member" "webhook" {
  for_each = contains(var.secret_names, "webhook_secret") ? local.pushing : toset([])

  secret_id = google_secret_manager_secret.setting["webhook_secret"].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.service[each.key].member
}

# Only what runs jobs asks the language model.
resource "google_secret_manager_secret_iam_member" "model" {
  for_each = length(local.model_secrets) > 0 ? toset([local.runs_jobs]) : toset([])

  secret_id = google_secret_manager_secret.setting[local.model_key].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.service[each.key].member
}

resource "google_cloud_run_v2_service_iam_member" "push" {
  for_each = local.pushing

  name     = google_cloud_run_v2_service.service[each.key].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.push[0].member
}

# A public API has no grant: its service does not ask (invoker_iam_disabled in run.tf). allUsers would be refused by
# domain-restricted sharing, which organizations have by default.
resource "google_cloud_run_v2_service_iam_member" "clients" {
  for_each = var.api_public ? toset([]) : var.api_invokers

  name     = google_cloud_run_v2_service.service["api"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.key
}

# Pub/Sub's agent makes the tokens of pushes. Only projects that enabled Pub/Sub by April 8, 2021 need the grant; the
# others' agents have it by their own role: https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
resource "google_service_account_iam_member" "push_tokens" {
  count = local.pipeline

  service_account_id = google_service_account.push[0].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}

# Dead-lettering is done by Pub/Sub's own service agent:
# https://cloud.google.com/pubsub/docs/dead-letter-topics#grant_forwarding_permissions
resource "google_pubsub_topic_iam_member" "forwarder" {
  count = local.pipeline

  topic  = google_pubsub_topic.dead_letter[0].id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "forwarder" {
  count = local.pipeline

  subscription = google_pubsub_subscription.jobs[0].id
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

data "google_storage_project_service_account" "this" {
  count = var.kms_key == "" ? 0 : 1
}

resource "google_kms_crypto_key_iam_member" "storage" {
  count = var.kms_key == "" ? 0 : 1

  crypto_key_id = var.kms_key
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = data.google_storage_project_service_account.this[0].member
}
