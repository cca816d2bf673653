import { Controller, Get, Module, Post } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it } from 'vitest';
import { Access, Public } from './access.decorators.js';
import { RoutePolicyCheck } from './route-policy.check.js';

@Controller('gates')
class Gates {
  @Get()
  @Access('search:query')
  locked(): void {}

  @Post()
  @Public()
  open(): void {}
}

/** WebSockets are opened by routes. */
@Controller('ws')
class Sockets {
  @Get('forgotten')
  forgotten(): void {}
}

describe(RoutePolicyCheck.name, () => {
  const start = async (...controllers: (typeof Gates | typeof Sockets)[]) => {
    @Module({ imports: [DiscoveryModule], controllers, providers: [RoutePolicyCheck] })
    class TestModule {}
    const app = await NestFactory.create(TestModule, new FastifyAdapter(), { logger: false, abortOnError: false });
    await app.init().finally(() => app.close());
  };

  it('lets an application start whose routes all say who may call them, and names those that do not', async () => {
    await expect(start(Gates)).resolves.toBeUndefined();
    await expect(start(Gates, Sockets)).rejects.toThrow(/Sockets\.forgotten$/);
  });
});
