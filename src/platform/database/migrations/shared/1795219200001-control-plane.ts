import type { MigrationInterface, QueryRunner } from 'typeorm';

const TENANTS = `
  CREATE TABLE tenants (
    id uuid CONSTRAINT pk_tenants PRIMARY KEY,
    slug varchar(40) NOT NULL CONSTRAINT uq_tenants_slug UNIQUE,
    name varchar(255) NOT NULL,
    status varchar(12) NOT NULL DEFAULT 'active',
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_tenants_slug CHECK (slug ~ '^[a-z][a-z0-9_]{0,39}$'),
    CONSTRAINT ck_tenants_status CHECK (status IN ('active', 'suspended', 'deleting'))
  )`;

// hash: SHA-256 of a key with 256 random bits, which needs no slow hash. prefix: its first characters, to recognise it by.
const API_KEYS = `
  CREATE TABLE api_keys (
    id uuid CONSTRAINT pk_api_keys PRIMARY KEY,
    tenant_id uuid NOT NULL CONSTRAINT fk_api_keys_tenant REFERENCES tenants (id) ON DELETE CASCADE,
    name varchar(255) NOT NULL,
    prefix varchar(16) NOT NULL,
    hash bytea NOT NULL CONSTRAINT uq_api_keys_hash UNIQUE,
    permissions text[] NOT NULL,
    created_by varchar(255),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
  )`;

const SIGNING_KEYS = `
  CREATE TABLE signing_keys (
    id varchar(64) CONSTRAINT pk_signing_keys PRIMARY KEY,
    algorithm varchar(16) NOT NULL,
    private_key jsonb NOT NULL,
    public_key jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
  )`;

// fingerprint: SHA-256 of method, path and body. status and response are null while the first request is still at work.
const IDEMPOTENCY_KEYS = `
  CREATE TABLE idempotency_keys (
    tenant_id uuid NOT NULL CONSTRAINT fk_idempotency_keys_tenant REFERENCES tenants (id) ON DELETE CASCADE,
    key varchar(255) NOT NULL,
    fingerprint bytea NOT NULL,
    status int,
    response jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (tenant_id, key)
  )`;

/** Tenants, their keys, the keys that sign tokens, and the answers kept for repeated requests. */
export class ControlPlane1795219200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TENANTS);
    await runner.query(API_KEYS);
    await runner.query('CREATE INDEX idx_api_keys_tenant ON api_keys (tenant_id)');
    await runner.query(SIGNING_KEYS);
    await runner.query(IDEMPOTENCY_KEYS);
    await runner.query('CREATE INDEX idx_idempotency_keys_created ON idempotency_keys (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys, signing_keys, api_keys, tenants');
  }
}
