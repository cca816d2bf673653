import { Global, Module } from '@nestjs/common';
import { ProcessSlot } from './process-slot.js';

@Global()
@Module({ providers: [ProcessSlot], exports: [ProcessSlot] })
export class StorageModule {}
