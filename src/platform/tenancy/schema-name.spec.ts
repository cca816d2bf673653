import { describe, expect, it } from 'vitest';
import { isSlug, quoteSchema, schemaOf, SchemaSql } from './schema-name.js';

describe(schemaOf.name, () => {
  it('names the schema of a slug', () => {
    expect(schemaOf('acme_2')).toBe('tenant_acme_2');
    expect(schemaOf(`a${'b'.repeat(39)}`)).toHaveLength(47);
  });

  it.each(['', 'A', '2a', 'a-b', 'a b', 'a"b', 'a;drop schema public', 'ä', 'a\n', `a${'b'.repeat(40)}`, '__proto__'])(
    'refuses %j',
    (slug) => {
      expect(isSlug(slug)).toBe(false);
      expect(() => schemaOf(slug)).toThrow(expect.objectContaining({ code: 'tenancy.invalid_slug' }));
    },
  );
});

describe(SchemaSql.name, () => {
  it('qualifies tables with the schema', () => {
    expect(new SchemaSql('tenant_acme').table('chunks')).toBe('"tenant_acme"."chunks"');
    expect(new SchemaSql('public').table('tenants')).toBe('"public"."tenants"');
  });

  it('refuses names that could leave the quotes', () => {
    expect(() => quoteSchema('tenant_a"; --')).toThrow();
    expect(() => quoteSchema('pg_catalog')).toThrow();
    expect(() => new SchemaSql('tenant_a').table('chunks"; DROP TABLE chunks; --')).toThrow(TypeError);
  });
});
