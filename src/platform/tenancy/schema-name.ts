import { InvalidSlugError } from './tenancy.errors.js';

/** `tenant_` and 40 characters stay under PostgreSQL's 63 bytes a name. */
const SLUG = /^[a-z][a-z0-9_]{0,39}$/;
const SCHEMA_PREFIX = 'tenant_';
const IDENTIFIER = /^[a-z_][a-z0-9_]{0,62}$/;

/** Whether `slug` may name a tenant: the only gate between input and the name of a schema. */
export function isSlug(slug: string): boolean {
  return SLUG.test(slug);
}

/**
 * The schema of a tenant's tables, e.g. `tenant_acme`.
 * @throws InvalidSlugError
 */
export function schemaOf(slug: string): string {
  if (!isSlug(slug)) throw new InvalidSlugError(slug);
  return SCHEMA_PREFIX + slug;
}

/** The inverse of schemaOf(). */
export function slugOf(schema: string): string {
  return schema.slice(SCHEMA_PREFIX.length);
}

/** A schema name for raw SQL: `"tenant_acme"`. Refuses names that schemaOf() could not have made, except `public`. */
export function quoteSchema(schema: string): string {
  if (schema !== 'public') schemaOf(schema.startsWith(SCHEMA_PREFIX) ? schema.slice(SCHEMA_PREFIX.length) : '');
  return `"${schema}"`;
}

/**
 * The one way in which raw SQL names tables, so that no statement depends on a connection's search path.
 * @example sql.table('chunks') // "tenant_acme"."chunks"
 */
export class SchemaSql {
  constructor(readonly schema: string) {}

  /** A qualified table (or sequence, or index) of this schema; `name` is written in the code, never taken from input. */
  table(name: string): string {
    if (!IDENTIFIER.test(name)) throw new TypeError(`"${name}" is not a plain table name`);
    return `${quoteSchema(this.schema)}."${name}"`;
  }
}
