output "address" {
  description = "Address for the domain's A record."
  value       = google_compute_global_address.this.address
}
