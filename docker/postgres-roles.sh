#!/bin/sh
# Runs once, on an empty volume: the same two roles as the embedded PostgreSQL has. The application's own role may add
# to the audit trail and change nothing in it; the owner's is used for migrations only.
set -eu
psql --set=ON_ERROR_STOP=1 --set=app="$DATABASE_PASSWORD" --set=owner="$DATABASE_OWNER_PASSWORD" \
  --username=postgres --dbname=postgres <<'SQL'
CREATE ROLE waypost_owner LOGIN PASSWORD :'owner';
CREATE ROLE waypost LOGIN PASSWORD :'app';
CREATE DATABASE waypost OWNER waypost_owner;
REVOKE ALL ON DATABASE waypost FROM PUBLIC;
GRANT CREATE, CONNECT, TEMPORARY ON DATABASE waypost TO waypost_owner, waypost;
\connect waypost
GRANT USAGE ON SCHEMA public TO waypost;
ALTER DEFAULT PRIVILEGES FOR ROLE waypost_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO waypost;
ALTER DEFAULT PRIVILEGES FOR ROLE waypost_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO waypost;
SQL
