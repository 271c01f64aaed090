# A host name of one's own, with limits for each address, before the API.
module "load_balancer" {
  source = "./load_balancer"
  count  = local.with_domain ? 1 : 0

  name                = var.name
  region              = var.region
  service             = google_cloud_run_v2_service.service["api"].name
  domain              = var.domain
  requests_per_minute = var.requests_per_minute

  depends_on = [google_project_service.required]
}
