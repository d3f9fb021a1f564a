#!/bin/sh
# Lists campaigns. Latchkey renews, keeps to the limits, and says why it was refused.
set -eu
latchkeyctl call "Nordwind DE" GET campaign/get/ \
  --query advertiser_id=7000000000000000001 --why
