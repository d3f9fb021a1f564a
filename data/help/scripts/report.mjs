#!/usr/bin/env node
// Prints the name behind a TikTok sign-in. Needs Node 18.
import { execFileSync } from "node:child_process";

const token =
  process.env.LATCHKEY_ACCESS_TOKEN ??
  execFileSync("latchkeyctl", ["token", "Brand EU", "--min-valid", "300"], {
    encoding: "utf8",
  }).trim();

const reply = await fetch(
  "https://open.tiktokapis.com/v2/user/info/?fields=open_id,display_name",
  { headers: { Authorization: `Bearer ${token}` } },
);
if (!reply.ok) throw new Error(`TikTok said ${reply.status}: ${await reply.text()}`);
console.log((await reply.json()).data.user.display_name);
