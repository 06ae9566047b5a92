-- Roles on the register's database, by login names (peer authentication).
-- Run by who may make roles (sudo -u postgres psql -d vanthu -f roles.sql), after `vanthu init`. Again does no harm.

-- The seal service only looks: does the register say so? Of the documents: what stands on attachments, and was it paper?
DO $$ BEGIN CREATE ROLE "vanthu-seal" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA public TO "vanthu-seal";
GRANT SELECT ON register_entries, outgoing, stamps TO "vanthu-seal";
GRANT SELECT (id, state, kind, signed, signature, code_notation) ON documents TO "vanthu-seal";

-- Officers release: they give numbers and say so in the trail; nothing is deleted.
-- Each one: CREATE ROLE "login-name" LOGIN IN ROLE "vanthu-officers";
DO $$ BEGIN CREATE ROLE "vanthu-officers" NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT USAGE ON SCHEMA public TO "vanthu-officers";
GRANT SELECT ON outgoing, stamps, register_entries, register_counters, events, alembic_version TO "vanthu-officers";
GRANT UPDATE ON outgoing, stamps, register_counters TO "vanthu-officers";
GRANT INSERT ON register_entries, register_counters, events TO "vanthu-officers";
