import { AppError } from '#libs/contracts';

/** Tenant data was asked for outside of any tenant: a fault of the calling code, never of the client. */
export class TenantMissingError extends AppError {
  constructor() {
    super(
      'tenancy.missing',
      'internal',
      'No tenant is set for this work. Run it inside a request, or through TenantDatabase.forTenant().',
    );
  }
}

/** The slug cannot become the name of a schema. */
export class InvalidSlugError extends AppError {
  constructor(slug: string) {
    super(
      'tenancy.invalid_slug',
      'invalid',
      `"${slug.slice(0, 60)}" is not a tenant slug: 1 to 40 characters of a-z, 0-9 and _, the first one a letter.`,
      { errors: [{ path: 'slug', message: 'must match ^[a-z][a-z0-9_]{0,39}$' }] },
    );
  }
}

/** No such tenant. */
export class TenantNotFoundError extends AppError {
  constructor(which: string) {
    super('tenancy.not_found', 'not_found', `There is no tenant "${which.slice(0, 60)}".`);
  }
}
