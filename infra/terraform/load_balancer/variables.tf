variable "name" {
  description = "Begins the name of every resource."
  type        = string
}

variable "region" {
  description = "Region of the service."
  type        = string
}

variable "service" {
  description = "Name of the Cloud Run service."
  type        = string
}

variable "domain" {
  description = "Host name that the certificate is for; its A record has to name the address."
  type        = string
}

variable "requests_per_minute" {
  description = "Requests per minute from one address, beyond which it gets 429."
  type        = number
}
