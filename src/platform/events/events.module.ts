import { Global, Module } from '@nestjs/common';
import { ClusterEventBus } from './cluster-event-bus.js';
import { LocalEventBus } from './local-event-bus.js';

@Global()
@Module({ providers: [LocalEventBus, ClusterEventBus], exports: [LocalEventBus, ClusterEventBus] })
export class EventsModule {}
