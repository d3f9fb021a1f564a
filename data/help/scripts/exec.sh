#!/bin/sh
# The program finds the token in LATCHKEY_ACCESS_TOKEN, and only there.
exec latchkeyctl exec --min-valid 600 "Brand EU" -- python3 report.py
