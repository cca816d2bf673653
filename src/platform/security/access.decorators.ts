import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { Permission } from './permissions.js';

export const ACCESS_POLICY = 'ai-stack:access';

export type AccessPolicy = { kind: 'public' } | { kind: 'signed_in' } | { kind: 'permission'; permission: Permission };

/** The permission a caller needs for this route. Every route carries one of these three, or the application does not start. */
export function Access(permission: Permission) {
  const policy: AccessPolicy = { kind: 'permission', permission };
  return applyDecorators(SetMetadata(ACCESS_POLICY, policy), ApiBearerAuth(), ApiExtension('x-permission', permission));
}

/** Any valid key or token; the route shows only what is the caller's own. */
export function SignedIn() {
  const policy: AccessPolicy = { kind: 'signed_in' };
  return applyDecorators(SetMetadata(ACCESS_POLICY, policy), ApiBearerAuth(), ApiExtension('x-permission', 'signed-in'));
}

/** No key needed. On a controller it holds for its GETs; a route that takes a body is marked itself. */
export function Public() {
  const policy: AccessPolicy = { kind: 'public' };
  return applyDecorators(SetMetadata(ACCESS_POLICY, policy), RouteConfig({ public: true }), ApiExtension('x-permission', 'public'));
}
