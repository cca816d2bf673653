import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AppError } from '#libs/contracts';
import { currentContext } from '../tenancy/tenant-context.js';
import { ACCESS_POLICY, type AccessPolicy } from './access.decorators.js';
import { credentialOf } from './credential.js';
import { grants } from './permissions.js';

/** May the caller, whom the request context already knows, use this route? Deny by default. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(execution: ExecutionContext): boolean {
    if (execution.getType() !== 'http') return true;
    const policy = this.reflector.getAllAndOverride<AccessPolicy | undefined>(ACCESS_POLICY, [execution.getHandler(), execution.getClass()]);
    if (policy?.kind === 'public') return true;
    const principal = currentContext()?.principal;
    if (!principal) throw unauthenticated(execution.switchToHttp().getRequest<FastifyRequest>());
    if (policy?.kind === 'signed_in') return true;
    if (policy && grants(principal.permissions, policy.permission)) return true;
    throw new AppError('auth.forbidden', 'forbidden', `This key lacks the permission ${policy?.permission ?? '(the route declares none)'}. An owner can issue a key that has it: POST /api-keys.`);
  }
}

/** What a caller is told whose credential is absent or not good. */
export function unauthenticated(request: FastifyRequest): AppError {
  return credentialOf(request)
    ? invalidKey()
    : new AppError('auth.no_key', 'unauthenticated', 'This route needs a key: send "Authorization: Bearer <key>" or "X-API-Key: <key>". The first start of the server showed the owner key.');
}

/** Also of one that was good when the request came. */
export function invalidKey(): AppError {
  return new AppError('auth.invalid_key', 'unauthenticated', 'This key or token is not valid, has expired or was revoked.');
}
