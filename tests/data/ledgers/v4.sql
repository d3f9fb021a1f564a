-- SPDX-License-Identifier: GPL-3.0-or-later
-- A ledger as version 4 wrote it. Never changed: it stands for the files that people have.
PRAGMA application_id = 1282100324;
PRAGMA user_version = 4;
CREATE TABLE calls (
  event INTEGER PRIMARY KEY NOT NULL REFERENCES events (id) ON DELETE CASCADE,
  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  call BLOB NOT NULL) STRICT;
CREATE TABLE clients (
  name TEXT PRIMARY KEY NOT NULL,
  provider TEXT NOT NULL,
  client_id TEXT NOT NULL,
  redirect TEXT,
  created INTEGER NOT NULL) STRICT;
INSERT INTO clients VALUES('shop app','tiktok-ads','7000000000000000101',NULL,1763000000);
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
  fault TEXT, removed_at INTEGER NOT NULL DEFAULT 0, signed_in INTEGER NOT NULL DEFAULT 0, refusal TEXT, refusal_event INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO connections VALUES('k3f9','Nordlicht Media','shop app','tiktok-ads','701','Nordlicht','[{"id":"7100000000000000001","name":"Nordlicht EU"}]',1,'["4","10"]',NULL,1763000001,1763000002,9223372036854775807,0,0,0,1763000003,'a1b2c3d4',1,0,'{"class":"permission","http_status":200,"at":1763000003,"provider":"tiktok-ads","code":"40001"}',0,1763000009,NULL,0);
INSERT INTO connections VALUES('q7m2','Harbor Street','shop app','tiktok-ads','702','Harbor','[]',0,NULL,NULL,1763000010,1763000010,9223372036854775807,0,0,0,0,'d4c3b2a1',1,0,NULL,1763000020,1763000010,NULL,0);
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT,
  fault TEXT, count INTEGER NOT NULL DEFAULT 1) STRICT;
INSERT INTO events VALUES(1,'k3f9',1763000002,'signed-in',NULL,NULL,1);
INSERT INTO events VALUES(2,'k3f9',1763000003,'verify-failed',NULL,'{"class":"permission","http_status":200,"at":1763000003,"code":"40001"}',1);
INSERT INTO events VALUES(3,'k3f9',1763000009,'reconnected',NULL,NULL,1);
INSERT INTO events VALUES(4,'k3f9',1763003700,'call-refused','POST /campaign/','{"class":"permission","http_status":200,"at":1763003700,"code":"40001"}',3);
INSERT INTO events VALUES(5,'k3f9',1763003800,'call-refused','GET /report/','{"class":"rate","http_status":200,"at":1763003800,"code":"40100"}',1);
INSERT INTO events VALUES(6,'k3f9',1763003900,'handed-out','curl',NULL,1);
INSERT INTO events VALUES(7,'q7m2',1763003901,'handed-out','curl',NULL,1);
CREATE TABLE remedies (
  id TEXT PRIMARY KEY NOT NULL,
  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  started INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  remedy BLOB NOT NULL) STRICT;
CREATE TABLE states (  kind TEXT NOT NULL,  key TEXT NOT NULL,  connection TEXT REFERENCES connections (id) ON DELETE CASCADE,  value BLOB NOT NULL,  PRIMARY KEY (kind, key)) STRICT;
INSERT INTO states VALUES('program','k3f9 /usr/bin/curl','k3f9',X'');
CREATE TABLE tallies (  connection TEXT NOT NULL,  hour INTEGER NOT NULL,  kind TEXT NOT NULL,  class TEXT NOT NULL,  count INTEGER NOT NULL,  PRIMARY KEY (connection, hour, kind, class)) STRICT, WITHOUT ROWID;
INSERT INTO tallies VALUES('',1762999200,'verify-failed','permission',1);
INSERT INTO tallies VALUES('',1763002800,'handed-out','',2);
INSERT INTO tallies VALUES('',1763002800,'refused','permission',3);
INSERT INTO tallies VALUES('',1763002800,'refused','rate',1);
INSERT INTO tallies VALUES('k3f9',1762999200,'verify-failed','permission',1);
INSERT INTO tallies VALUES('k3f9',1763002800,'handed-out','',1);
INSERT INTO tallies VALUES('k3f9',1763002800,'refused','permission',3);
INSERT INTO tallies VALUES('k3f9',1763002800,'refused','rate',1);
INSERT INTO tallies VALUES('q7m2',1763002800,'handed-out','',1);
CREATE TABLE totals (  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,  kind TEXT NOT NULL,  class TEXT NOT NULL,  count INTEGER NOT NULL,  PRIMARY KEY (connection, kind, class)) STRICT, WITHOUT ROWID;
INSERT INTO totals VALUES('k3f9','handed-out','',1);
INSERT INTO totals VALUES('k3f9','refused','permission',3);
INSERT INTO totals VALUES('k3f9','refused','rate',1);
INSERT INTO totals VALUES('k3f9','verify-failed','permission',1);
INSERT INTO totals VALUES('q7m2','handed-out','',1);
CREATE UNIQUE INDEX connections_name ON connections (name) WHERE removed_at = 0;
CREATE INDEX events_connection ON events (connection, id);
CREATE INDEX calls_connection ON calls (connection, event);
CREATE INDEX remedies_connection ON remedies (connection);
CREATE INDEX states_connection ON states (connection);
CREATE INDEX events_at ON events (at);
CREATE INDEX events_kind ON events (kind);
CREATE INDEX events_connection_kind ON events (connection, kind);
