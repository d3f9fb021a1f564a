#!/bin/sh
# The Flatpak sees no folder of yours but the one that it is given here. Backups are written the same way.
set -eu
flatpak run --filesystem="$HOME/Documents" --command=latchkeyctl \
  io.github.latchkey_app.Latchkey restore "$HOME/Documents/acme.latchkey-backup" "$@"
