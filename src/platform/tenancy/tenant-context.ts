import { AsyncLocalStorage } from 'node:async_hooks';
import { TenantMissingError } from './tenancy.errors.js';

/** The tenant on whose behalf the present work runs. */
export interface TenantContext {
  /** UUID of the row in `public.tenants`. */
  readonly tenantId: string;
  readonly slug: string;
  /** Schema of its tables, `tenant_<slug>`. */
  readonly schema: string;
}

/** Who asks. `system` is the program itself: schedules, start-up, maintenance. */
export interface Principal {
  readonly kind: 'api_key' | 'user' | 'system';
  readonly id: string;
  readonly tenantId: string;
  readonly permissions: ReadonlySet<string>;
}

/** What travels with a request or a job from its door to the adapters. */
export interface RequestContext {
  readonly requestId: string;
  readonly tenant?: TenantContext;
  readonly principal?: Principal;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `fn`, and all that it starts, with `context` as the current one. */
export function runWithContext<T>(context: RequestContext, fn: () => T): T {
  return storage.run(context, fn);
}

/** The context of the running request or job; undefined outside of both. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/**
 * The tenant of the running request or job.
 * @throws TenantMissingError outside of one
 */
export function requireTenant(): TenantContext {
  const tenant = storage.getStore()?.tenant;
  if (!tenant) throw new TenantMissingError();
  return tenant;
}

/**
 * Who asks in the running request.
 * @throws TenantMissingError outside of one
 */
export function requirePrincipal(): Principal {
  const principal = storage.getStore()?.principal;
  if (!principal) throw new TenantMissingError();
  return principal;
}
