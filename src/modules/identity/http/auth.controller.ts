import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import { Respond } from '../../../platform/http/respond.js';
import { Public, SignedIn } from '../../../platform/security/access.decorators.js';
import { IdentityService } from '../identity.service.js';
import { tokenRequest, type TokenRequest } from './identity.request.js';
import { meResponse, tokenResponse } from './identity.response.js';

@ApiTags('identity')
@Controller('auth')
export class AuthController {
  constructor(private readonly identity: IdentityService) {}

  @Post('token')
  @Public()
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @Respond({ summary: 'Exchange an API key for a short-lived JWT', description: 'OAuth 2 client credentials, as JSON or form. The token ends with the key.', body: tokenResponse, errors: [401] })
  issueToken(@Body({ schema: tokenRequest }) body: TokenRequest) {
    return this.identity.issueToken(body.client_id, body.client_secret);
  }

  @Get('me')
  @SignedIn()
  @Respond({ summary: 'Who am I?', body: meResponse })
  whoAmI() {
    return this.identity.me();
  }
}
