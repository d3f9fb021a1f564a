#!/bin/sh
# Asks TikTok whose account it is. The token never stands on a command line.
set -eu
token=$(latchkeyctl token "Brand EU" --min-valid 300)
printf 'header = "Authorization: Bearer %s"\n' "$token" |
  curl --silent --show-error --fail-with-body --config - \
    "https://open.tiktokapis.com/v2/user/info/?fields=open_id,display_name"
