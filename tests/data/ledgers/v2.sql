-- SPDX-License-Identifier: GPL-3.0-or-later
-- A ledger as version 2 wrote it. Never changed: it stands for the files that people have.
PRAGMA application_id = 1282100324;
PRAGMA user_version = 2;
CREATE TABLE clients (
  name TEXT PRIMARY KEY NOT NULL,
  provider TEXT NOT NULL,
  client_id TEXT NOT NULL,
  redirect TEXT,
  created INTEGER NOT NULL) STRICT;
CREATE TABLE connections (
  id TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  client TEXT,
  provider TEXT,
  identity TEXT,
  identity_name TEXT,
  accounts TEXT NOT NULL,
  accounts_known INTEGER NOT NULL,
  scopes_asked TEXT,
  scopes_granted TEXT,
  created INTEGER NOT NULL,
  obtained INTEGER NOT NULL,
  access_ends INTEGER NOT NULL,
  refresh_ends INTEGER NOT NULL,
  refresh_obtained INTEGER NOT NULL,
  last_renewed INTEGER NOT NULL,
  last_verified INTEGER NOT NULL,
  fingerprint TEXT,
  generation INTEGER NOT NULL,
  has_refresh INTEGER NOT NULL,
  fault TEXT, removed_at INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX connections_name ON connections (name) WHERE removed_at = 0;
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT,
  fault TEXT) STRICT;
CREATE INDEX events_connection ON events (connection, id);
INSERT INTO clients VALUES ('shop app', 'tiktok-ads', '7000000000000000101', NULL, 1763000000);
INSERT INTO connections VALUES ('k3f9', 'Nordlicht Media', 'shop app', 'tiktok-ads', '701', 'Nordlicht',
  '[{"id":"7100000000000000001","name":"Nordlicht EU"}]', 1, '["4","10"]', NULL,
  1763000001, 1763000002, 9223372036854775807, 0, 0, 0, 1763000003, 'a1b2c3d4', 1, 0,
  '{"class":"permission","http_status":200,"at":1763000003,"provider":"tiktok-ads","code":"40001"}', 0);
INSERT INTO connections VALUES ('q7m2', 'Harbor Street', 'shop app', 'tiktok-ads', '702', 'Harbor',
  '[]', 0, NULL, NULL, 1763000010, 1763000010, 9223372036854775807, 0, 0, 0, 0, 'd4c3b2a1', 1, 0,
  NULL, 1763000020);
INSERT INTO events (connection, at, kind, text, fault) VALUES
  ('k3f9', 1763000002, 'signed-in', NULL, NULL),
  ('k3f9', 1763000003, 'verify-failed', NULL,
   '{"class":"permission","http_status":200,"at":1763000003,"code":"40001"}'),
  ('k3f9', 1763000009, 'reconnected', NULL, NULL);
