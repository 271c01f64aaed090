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

  # Service accounts have at most 30 characters: the longest is NAME-deadletter. In one project, NAME-api must not be
  # the name of another installation.
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,17}[a-z0-9]$", var.name)) && !can(regex("-(api|worker|deadletter|push)$", var.name))
    error_message = "Give 4 to 19 lower-case letters, digits and hyphens, beginning with a letter and not ending in the name of a service."
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
  description = "Cloud Run lets anyone call the API, which asks for its own keys (api_keys in secret_names). If false, only api_invokers may call it."
  type        = bool
  default     = true
}

variable "api_open" {
  description = "Let anyone order books without a key. Needed for a public API without api_keys, so that none is open by accident."
  type        = bool
  default     = false

  validation {
    condition     = var.api_open || !var.api_public || contains(var.secret_names, "api_keys")
    error_message = "Anyone could order books: add api_keys to secret_names, or set api_public = false, or say api_open = true."
  }

  validation {
    condition     = !var.api_open || !contains(var.secret_names, "api_keys")
    error_message = "With api_keys in secret_names the API asks for keys: remove them, or set api_open = false."
  }
}

variable "allow_ignore_robots" {
  description = "Accept jobs that ignore robots.txt; null: only where the API is not open."
  type        = bool
  default     = null
}

variable "max_pages_per_job" {
  description = "Most pages that a job may order; null: 500 where the API is open, else 10,000, the limit of maxPages."
  type        = number
  default     = null

  validation {
    condition     = var.max_pages_per_job == null || try(var.max_pages_per_job >= 1 && var.max_pages_per_job <= 10000, false)
    error_message = "1 to 10,000, or null."
  }
}

variable "accept_jobs" {
  description = "If false, new jobs and retries are refused with 503 and Retry-After; running jobs go on."
  type        = bool
  default     = true
}

variable "api_invokers" {
  description = "IAM members that may call the API where it is not public, such as group:readers@example.org."
  type        = set(string)
  default     = []
}

variable "public_url" {
  description = "Base URL of the API that its links name, such as https://books.example.org; empty: that of the domain, else its run.app URL."
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
    condition = can(regex("^[1-9][0-9]{0,4}(Mi|Gi)$", var.memory)) && try(
      tonumber(regex("^[0-9]+", var.memory)) * (endswith(var.memory, "Gi") ? 1024 : 1) >= 512 &&
      tonumber(regex("^[0-9]+", var.memory)) * (endswith(var.memory, "Gi") ? 1024 : 1) <= 4096, false
    )
    error_message = "From 512Mi (the least of the second generation) to 4096Mi or 4Gi (the most of one CPU)."
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

  # Terraform derives resources from these, so an override would hold for one half of the installation only.
  validation {
    condition = length(setintersection(keys(var.settings), [for name in [
      "ACCEPT_JOBS", "ACK_DEADLINE_SECONDS", "ALLOW_IGNORE_ROBOTS", "API_KEYS", "ARTIFACT_BUCKET", "CONTACT",
      "EXECUTION_MODE", "MAX_BACKOFF_SECONDS", "MAX_DELIVERY_ATTEMPTS", "MAX_PAGES_PER_JOB", "MAX_WATCHERS", "MEMORY_MIB",
      "MIN_BACKOFF_SECONDS",
      "OPENAI_API_KEY", "PROJECT_ID", "PROXY_HOPS", "PUBLIC_URL", "PUSH_AUDIENCE", "PUSH_AUTH", "PUSH_IDENTITY",
      "RETENTION_DAYS", "SECRET_KEY", "SIGNING_KEY", "TOPIC", "WEBHOOK_SECRET", "WORKER_SLICES",
    ] : "SITEBOOKIFY_${name}"])) == 0
    error_message = "One of these settings has a Terraform variable of its own, such as retention_days, proxy_hops, contact, accept_jobs or secret_names: use that."
  }

  # signBlob's keys are good for at least 12 hours, whatever the URL says.
  # https://cloud.google.com/storage/docs/authentication/creating-signatures
  validation {
    condition     = try(tonumber(lookup(var.settings, "SITEBOOKIFY_DOWNLOAD_URL_SECONDS", "3600")) <= 43200, false)
    error_message = "SITEBOOKIFY_DOWNLOAD_URL_SECONDS: at most 43200, since Cloud Storage's URLs are signed with keys that may go after 12 hours."
  }
}

variable "secret_names" {
  description = "Which secrets there are: api_keys, signing_key, webhook_secret, secret_key, openai_api_key. Only this decides; their values are in secrets."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setsubtract(var.secret_names, ["api_keys", "signing_key", "webhook_secret", "secret_key", "openai_api_key"])) == 0
    error_message = "Of api_keys, signing_key, webhook_secret, secret_key and openai_api_key."
  }
}

variable "secrets" {
  description = <<-EOT
    Values for Secret Manager, best given as TF_VAR_secrets; needed only when secrets_version is raised. api_keys:
    `name:sha256` pairs, see the README. signing_key: key of download URLs that the API serves itself; Cloud Storage's own
    need none. webhook_secret: signs webhooks of jobs without a secret of their own, `whsec_…`; without it such jobs are
    refused. secret_key: makes job ids out of request ids and encrypts secrets of jobs at rest, 32 characters or more
    (openssl rand -hex 32); without it one is made and kept in the bucket, where anyone who can read the bucket can read
    it. openai_api_key: of the language model that translates books; only what runs jobs gets it. Set
    SITEBOOKIFY_OPENAI_MODEL with it.
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

  validation {
    condition     = alltrue([for name, value in var.secrets : value == "" || contains(var.secret_names, name)])
    error_message = "There is a value for a secret that secret_names does not name."
  }

  # All or none: a raised version makes a new version of each, and none may be made of nothing.
  validation {
    condition = (
      alltrue([for name, value in var.secrets : value == ""]) ||
      alltrue([for name in var.secret_names : lookup(var.secrets, name, "") != ""])
    )
    error_message = "Give the values of all secrets in secret_names, or of none."
  }
}

variable "secrets_version" {
  description = "Version of the values in secrets, kept in terraform.tfvars: raise it with every change. Values are not in the state, so Terraform cannot see one."
  type        = number
  default     = null

  validation {
    condition     = length(var.secret_names) == 0 || var.secrets_version != null
    error_message = "Say which version of the values this is: secrets_version = 1 in terraform.tfvars, one more with every change."
  }

  validation {
    condition     = var.secrets_version == null || try(var.secrets_version >= 1 && floor(var.secrets_version) == var.secrets_version, false)
    error_message = "A whole number from 1."
  }
}

variable "secret_replication" {
  description = "region: secrets are stored in the region only. automatic: anywhere, which resource-location policies refuse. A change replaces the secrets: give all values and a new secrets_version."
  type        = string
  default     = "region"

  validation {
    condition     = contains(["region", "automatic"], var.secret_replication)
    error_message = "Either region or automatic."
  }
}

variable "max_delivery_attempts" {
  description = "Deliveries after which a message is dead-lettered. Cloud Run's 429 counts as one, so few of them would end jobs that only have to wait; jobs that fail are ended by SITEBOOKIFY_MAX_ATTEMPTS."
  type        = number
  default     = 100

  validation {
    condition     = var.max_delivery_attempts >= 5 && var.max_delivery_attempts <= 100
    error_message = "5 to 100."
  }
}

variable "proxy_hops" {
  description = "Trusted proxies in front of the API, each of which adds to X-Forwarded-For; null: 1 (Cloud Run's front end), 2 with a domain."
  type        = number
  default     = null

  validation {
    condition     = var.proxy_hops == null || try(var.proxy_hops >= 0 && var.proxy_hops <= 8, false)
    error_message = "0 to 8, or null."
  }
}

variable "api_ingress" {
  description = "Where the API can be reached from: all, internal, internal-and-load-balancer; null: all, with a domain internal-and-load-balancer."
  type        = string
  default     = null

  validation {
    condition     = var.api_ingress == null || try(contains(["all", "internal", "internal-and-load-balancer"], var.api_ingress), false)
    error_message = "all, internal or internal-and-load-balancer."
  }
}

variable "domain" {
  description = "Host name of an external load balancer with Cloud Armor before the API, such as books.example.org; empty: none."
  type        = string
  default     = ""

  validation {
    condition     = var.domain == "" || can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain))
    error_message = "Give a host name in lower case, without https:// and path."
  }
}

variable "requests_per_minute" {
  description = "Requests per minute from one address after which Cloud Armor answers 429; only with a domain."
  type        = number
  default     = 600

  validation {
    condition     = var.requests_per_minute >= 10 && var.requests_per_minute <= 10000
    error_message = "10 to 10,000."
  }
}

variable "vpc" {
  description = "Network and subnetwork through which the services reach the internet, for instance to a Cloud NAT with a fixed address; null: directly."
  type        = object({ network = string, subnetwork = string, all_traffic = optional(bool, true) })
  default     = null
}

variable "traffic" {
  description = "Which revisions of a service get requests, for canaries and roll-backs: { api = [{ revision = \"…\", percent = 10, tag = \"canary\" }, …] }, where a revision of \"\" is the latest. A service without an entry: all to the latest."
  type        = map(list(object({ revision = optional(string, ""), percent = number, tag = optional(string) })))
  default     = {}

  validation {
    condition     = alltrue([for targets in values(var.traffic) : sum([for target in targets : target.percent]) == 100])
    error_message = "The percentages of a service have to add up to 100."
  }

  validation {
    condition     = length(setsubtract(keys(var.traffic), ["api", "worker", "deadletter"])) == 0
    error_message = "Services are api, worker and deadletter."
  }
}

variable "billing_account" {
  description = "Billing account for a budget of the project; empty: none. An open API should have one."
  type        = string
  default     = ""

  validation {
    condition     = var.billing_account == "" || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "Give it as 012345-6789AB-CDEF01."
  }
}

variable "monthly_budget" {
  description = "Amount of the budget, in the currency of the billing account. It only sends mail: max_instances is what bounds the bill."
  type        = number
  default     = 100

  validation {
    condition     = var.monthly_budget >= 1 && floor(var.monthly_budget) == var.monthly_budget
    error_message = "A whole number from 1."
  }
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
  description = "Refuse to destroy or replace the API. Workers keep nothing and are not protected, or the mode could not change."
  type        = bool
  default     = true
}
