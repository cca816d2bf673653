import { Global, Module } from '@nestjs/common';
import { StreamExchange } from './stream-exchange.js';
import { StreamRegistry } from './stream-registry.js';
import { StreamsService } from './streams.service.js';

@Global()
@Module({ providers: [StreamRegistry, StreamExchange, StreamsService], exports: [StreamsService] })
export class StreamsModule {}
