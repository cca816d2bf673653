import type { Principal, TenantContext } from '../tenancy/tenant-context.js';

/** Who a credential belongs to. */
export interface Identity {
  principal: Principal;
  tenant: TenantContext;
  /** Epoch milliseconds; undefined = never. */
  expiresAt: number | undefined;
}
