variable "project_id" {
  description = "Project that everything is made in."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "Region of services, bucket, registry and scheduler."
  type        = string
  default     = "europe-west1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "Give a region such as europe-west1, not a zone."
  }
}

variable "name" {
  description = "Begins the name of every resource, so that two installations can share a project."
  type        = string
  default     = "sitebookify"

  # Service accounts have at most 30 characters: the longest is NAME-deadletter.
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,17}[a-z0-9]$", var.name))
    error_message = "Give 4 to 19 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "image_tag" {
  description = "Tag of the images api, worker and deadletter in the registry; never a moving one: it is what a roll-back names."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest"
    error_message = "Give an image tag other than latest, such as a version or a commit."
  }
}

variable "execution_mode" {
  description = "worker: the pipeline on Pub/Sub. inprocess: the API alone, running jobs itself."
  type        = string
  default     = "worker"

  validation {
    condition     = contains(["worker", "inprocess"], var.execution_mode)
    error_message = "Either worker or inprocess."
  }
}

variable "bucket_name" {
  description = "Name of the bucket, unique in all of Cloud Storage; empty: PROJECT-NAME."
  type        = string
  default     = ""
}

variable "bucket_force_destroy" {
  description = "Let terraform destroy remove the bucket with all books in it."
  type        = bool
  default     = false
}

variable "kms_key" {
  description = "Full name of a Cloud KMS key in the same region that encrypts the bucket; empty: Google's own keys."
  type        = string
  default     = ""

  validation {
    condition     = var.kms_key == "" || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "Give projects/P/locations/L/keyRings/R/cryptoKeys/K."
  }
}

variable "soft_delete_days" {
  description = "Days in which deleted or overwritten objects can be restored; 0: none."
  type        = number
  default     = 7

  # https://cloud.google.com/storage/docs/soft-delete: 7 to 90 days, or 0.
  validation {
    condition     = var.soft_delete_days == 0 || (var.soft_delete_days >= 7 && var.soft_delete_days <= 90)
    error_message = "Either 0, or 7 to 90."
  }
}

variable "retention_days" {
  description = "Days an ended job and its book are kept."
  type        = number
  default     = 30

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 3650
    error_message = "1 to 3650."
  }
}

variable "api_public" {
  description = "Whoever can reach the API may call it; it has its own keys (secrets.api_keys). Else only api_invokers."
  type        = bool
  default     = true
}

variable "api_invokers" {
  description = "IAM members that may call the API where it is not public, such as group:readers@example.org."
  type        = set(string)
  default     = []
}

variable "public_url" {
  description = "Base URL of the API that its links name, such as https://books.example.org; empty: its run.app URL."
  type        = string
  default     = ""

  validation {
    condition     = var.public_url == "" || can(regex("^https://[^/]+$", var.public_url))
    error_message = "Give https://HOST without a path."
  }
}

variable "contact" {
  description = "URL or e-mail address named in the crawler's User-Agent, so that owners of sites can reach you."
  type        = string

  validation {
    condition     = length(var.contact) > 0 && length(var.contact) <= 200
    error_message = "A crawler that nobody can reach gets blocked: name a contact."
  }
}

variable "max_instances" {
  description = "Most instances of each service: the bound of the bill, and of how hard the sites are asked."
  type        = object({ api = optional(number, 5), worker = optional(number, 10), deadletter = optional(number, 2) })
  default     = {}

  validation {
    condition     = alltrue([for count in values(var.max_instances) : count >= 1 && count <= 1000])
    error_message = "1 to 1000 each."
  }
}

variable "api_min_instances" {
  description = "Instances of the API that are always warm; in inprocess mode at least one is."
  type        = number
  default     = 0

  validation {
    condition     = var.api_min_instances >= 0 && var.api_min_instances <= 100
    error_message = "0 to 100."
  }
}

variable "worker_slices" {
  description = "Slices one worker instance runs at a time: its concurrency and its memory."
  type        = number
  default     = 1

  validation {
    condition     = var.worker_slices >= 1 && var.worker_slices <= 16
    error_message = "1 to 16."
  }
}

variable "memory" {
  description = "Memory of an instance of each service."
  type        = string
  default     = "512Mi"

  validation {
    condition     = can(regex("^([5-9][0-9]{2}|[1-9][0-9]{3,4})Mi$|^[1-4]Gi$", var.memory))
    error_message = "From 512Mi (the least of the second generation) to 4Gi (the most of one CPU)."
  }
}

variable "settings" {
  description = "Further SITEBOOKIFY_* settings of all services, such as { SITEBOOKIFY_MAX_ACTIVE_JOBS = \"5000\" }."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.settings) : startswith(name, "SITEBOOKIFY_")])
    error_message = "Names begin with SITEBOOKIFY_."
  }
}

variable "secrets" {
  description = <<-EOT
    Values for Secret Manager. api_keys: `name:sha256` pairs, see the README; empty: the API needs no key. signing_key:
    key of download URLs the API serves itself; empty: none is needed, Cloud Storage signs them. webhook_secret: signs
    webhooks of jobs without a secret of their own, `whsec_…`; empty: such jobs are refused. secret_key: makes job ids
    out of request ids and encrypts secrets of jobs at rest, 32 characters or more (openssl rand -hex 32); empty: one is
    made and kept in the bucket, where whoever can read the bucket can read it too. openai_api_key: of the language model
    that translates books; only what runs jobs gets it. Set SITEBOOKIFY_OPENAI_MODEL with it, for all services.
  EOT
  type = object({
    api_keys       = optional(string, "")
    signing_key    = optional(string, "")
    webhook_secret = optional(string, "")
    secret_key     = optional(string, "")
    openai_api_key = optional(string, "")
  })
  default   = {}
  sensitive = true
}

variable "secrets_version" {
  description = "Raise it with every change of secrets: their values are not in the state, so Terraform cannot see a change."
  type        = number
  default     = 1
}

variable "alert_emails" {
  description = "Addresses that alerts are sent to."
  type        = set(string)
  default     = []
}

variable "runbook_url" {
  description = "Where docs/operations.md can be read; alerts link into it."
  type        = string
  default     = ""
}

variable "deletion_protection" {
  description = "Refuse to destroy or replace the services."
  type        = bool
  default     = true
}
