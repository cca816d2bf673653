import { Injectable, OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { ACCESS_POLICY } from './access.decorators.js';

/** Deny by default, at start: a route that forgot to say who may call it stops the application. */
@Injectable()
export class RoutePolicyCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const open = this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      const prototype = (metatype as { prototype?: object } | null)?.prototype;
      if (!prototype || !metatype) return [];
      return this.scanner
        .getAllMethodNames(prototype)
        .map((name) => ({ name, handler: (prototype as Record<string, unknown>)[name] as () => unknown }))
        .filter(({ handler }) => Reflect.hasMetadata(PATH_METADATA, handler))
        .filter(({ handler }) => !this.reflector.getAllAndOverride(ACCESS_POLICY, [handler, metatype as never]))
        .map(({ name }) => `${(instance as object | undefined)?.constructor.name ?? (metatype as { name: string }).name}.${name}`);
    });
    if (open.length > 0) {
      throw new Error(`These routes do not say who may call them (add @Access(permission), @SignedIn() or @Public()): ${open.join(', ')}`);
    }
  }
}
