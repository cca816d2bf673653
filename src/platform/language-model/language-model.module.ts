import { Module } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { LocalEventBus } from '../events/local-event-bus.js';
import { currentContext } from '../tenancy/tenant-context.js';
import { LanguageModel } from './language-model.js';

/** Injection token of the LanguageModel; undefined where none is configured. What one user of it learns of the server, all know. */
export const LANGUAGE_MODEL = Symbol('LanguageModel');

@Module({ providers: [{ provide: LANGUAGE_MODEL, inject: [ENV, LocalEventBus], useFactory: createModel }], exports: [LANGUAGE_MODEL] })
export class LanguageModelModule {}

function createModel({ LLM_BASE_URL: baseUrl, LLM_API_KEY: apiKey, LLM_MODEL: model, LLM_TIMEOUT_SECONDS: timeoutSeconds }: Env, events: LocalEventBus): LanguageModel | undefined {
  if (!baseUrl || !model) return undefined;
  return new LanguageModel({ baseUrl, apiKey, model, timeoutSeconds }, ({ principalId, userId, ...call }) => {
    const { tenant, principal, requestId } = currentContext() ?? {};
    if (tenant) events.emit('model.called', { ...call, tenant, requestId, principalId: principalId ?? principal?.id, userId });
  });
}
