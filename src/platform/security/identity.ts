import type { Principal, TenantContext } from '../tenancy/tenant-context.js';

/** Who a credential belongs to. */
export interface Identity {
  principal: Principal;
  tenant: TenantContext;
  /** Of a token; undefined when the key itself was shown. */
  tokenId?: string;
  /** Epoch milliseconds; undefined = never. */
  expiresAt: number | undefined;
}
