# A policy as one finds it in an infrastructure repository: who it names cannot be read from it.

resource "cloudflare_zero_trust_access_group" "on_call" {
  account_id = var.account_id
  name       = "On call"

  include = [
    { email = { email = "first.responder@example.com" } },
    { email = { email = "second.responder@example.com" } },
  ]
}

resource "cloudflare_zero_trust_access_policy" "dashboards" {
  account_id       = var.account_id
  name             = "Dashboards"
  decision         = "allow"
  session_duration = "12h"

  include = [
    { group = { id = cloudflare_zero_trust_access_group.on_call.id } },
  ]
}

locals {
  # Whose provisioning the nightly audit looks at, by SCIM user ID.
  # Place the cursor between the quotes and run "SCIM Explorer: Insert User ID…".
  audited_user_ids = [
    "",
  ]
}

variable "account_id" {
  type        = string
  description = "The account that the identity providers belong to."
}
