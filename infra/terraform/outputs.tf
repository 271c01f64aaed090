output "api_url" {
  description = "Base URL of the API."
  value       = var.public_url != "" || local.with_domain ? local.public_url : google_cloud_run_v2_service.service["api"].uri
}

output "domain_address" {
  description = "Address for the A record of the domain; null without one."
  value       = one(module.load_balancer[*].address)
}

output "image_tag" {
  description = "Tag of the images of the last apply: a change of settings is deployed with it."
  value       = var.image_tag
}

output "secrets_version" {
  description = "Version of the values in Secret Manager; a higher one needs all values."
  value       = var.secrets_version
}

output "image_prefix" {
  description = "Images are pushed to PREFIX/api:TAG, PREFIX/worker:TAG and PREFIX/deadletter:TAG."
  value       = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"
}

output "bucket" {
  description = "The bucket of jobs and books."
  value       = google_storage_bucket.artifacts.name
}

output "service_accounts" {
  description = "Identity of each service."
  value       = { for name, account in google_service_account.service : name => account.email }
}

output "dead_letters_kept" {
  description = "Pull subscription that keeps every dead letter for a month; empty in inprocess mode."
  value       = one(google_pubsub_subscription.dead_letter_kept[*].name)
}
