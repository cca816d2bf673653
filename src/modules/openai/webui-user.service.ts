import { Inject, Injectable } from '@nestjs/common';
import { errors, jwtVerify } from 'jose';
import { AppError } from '#libs/contracts';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';

const algorithm = 'HS256';
const issuer = 'open-webui';
const clockToleranceSeconds = 5;

/** Who sits before Open WebUI, as it signed it. */
export interface WebUiUser {
  id: string;
}

/**
 * Verifies `X-OpenWebUI-User-Jwt` with the secret that both sides share. Its plain `X-OpenWebUI-User-*` headers can be written by
 * anybody and are never read.
 */
@Injectable()
export class WebUiUserService {
  private readonly secret: Uint8Array | undefined;

  constructor(@Inject(ENV) env: Env) {
    this.secret = env.OPEN_WEBUI_JWT_SECRET === undefined ? undefined : new TextEncoder().encode(env.OPEN_WEBUI_JWT_SECRET);
  }

  /** Undefined without a header, or without a secret to check it with. @throws openai.invalid_user_token */
  async verify(token: string | undefined): Promise<WebUiUser | undefined> {
    if (token === undefined || this.secret === undefined) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.secret, { algorithms: [algorithm], issuer, requiredClaims: ['sub', 'exp'], clockTolerance: clockToleranceSeconds });
      return { id: String(payload.sub) };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      throw new AppError('openai.invalid_user_token', 'unauthenticated', 'X-OpenWebUI-User-Jwt is not valid: it has expired, or it was not signed with OPEN_WEBUI_JWT_SECRET.', { cause: error });
    }
  }
}
