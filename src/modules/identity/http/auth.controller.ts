import { Body, Controller, Get, Post, Req, UseFilters } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Respond } from '../../../platform/http/respond.js';
import { Public, SignedIn } from '../../../platform/security/access.decorators.js';
import { IdentityService } from '../identity.service.js';
import { OAuthService } from '../oauth.service.js';
import { readClient } from './client-credentials.reader.js';
import { revokeTokenRequest, tokenRequest, type RevokeTokenRequest, type TokenRequest } from './identity.request.js';
import { meResponse, revokedTokenResponse, tokenResponse } from './identity.response.js';
import { OAuthFilter } from './oauth.filter.js';

@ApiTags('identity')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly identity: IdentityService,
    private readonly oauth: OAuthService,
  ) {}

  @Post('token')
  @Public()
  @UseFilters(OAuthFilter)
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @Respond({
    summary: 'Exchange an API key for a short-lived JWT',
    description: 'OAuth 2 client credentials, as JSON or form, the key by `Authorization: Basic` or in the body. The token ends with the key; `scope` gives it less than the key has. Problems have the member `error` of OAuth 2.',
    body: tokenResponse,
    errors: [401],
  })
  issueToken(@Req() request: FastifyRequest, @Body({ schema: tokenRequest }) body: TokenRequest) {
    return this.oauth.issueToken(readClient(request, body), body.scope);
  }

  @Post('revoke')
  @Public()
  @UseFilters(OAuthFilter)
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @Respond({
    summary: 'End a token before its time',
    description: 'RFC 7009, on every process. By the key that it was issued for, named as for `/auth/token`. A token that is none, or has ended, is as it should be: 200.',
    body: revokedTokenResponse,
    errors: [401],
  })
  async revokeToken(@Req() request: FastifyRequest, @Body({ schema: revokeTokenRequest }) body: RevokeTokenRequest) {
    await this.oauth.revokeToken(readClient(request, body), body.token);
    return { active: false as const };
  }

  @Get('me')
  @SignedIn()
  @Respond({ summary: 'Who am I?', body: meResponse })
  whoAmI() {
    return this.identity.me();
  }
}
