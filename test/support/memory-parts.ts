import { setTimeout as delay } from 'node:timers/promises';
import type { ObjectLiteral } from 'typeorm';
import { MemoryIndexReader } from '../../src/modules/memory/adapters/memory-index.reader.js';
import { LexicalEmbeddingModel } from '../../src/modules/search/adapters/lexical.embedding-model.js';
import { TenantDatabase } from '../../src/platform/tenancy/tenant-database.js';

/** The built-in embedding, which can be made broken, or so slow that nobody sees its end. */
export class MoodyModel extends LexicalEmbeddingModel {
  mood: 'well' | 'slow' | 'broken' = 'well';
  /** What somebody else does while texts are embedded, once. */
  meanwhile: (() => Promise<void>) | undefined;

  override async embed(texts: string[]): Promise<Float32Array[]> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    if (this.mood === 'broken') throw new Error('The endpoint is down.');
    if (this.mood === 'slow') await delay(600_000, undefined, { ref: false });
    return super.embed(texts);
  }
}

export class CountingDatabase extends TenantDatabase {
  statements = 0;

  override query<Row extends ObjectLiteral = ObjectLiteral>(...parameters: Parameters<TenantDatabase['query']>): Promise<Row[]> {
    this.statements++;
    return super.query<Row>(...parameters);
  }
}

export class CountingReader extends MemoryIndexReader {
  pages = 0;

  override page(...arguments_: Parameters<MemoryIndexReader['page']>) {
    this.pages++;
    return super.page(...arguments_);
  }
}

/** A database under load: pages come when it is told. */
export class HeldReader extends CountingReader {
  private held: Promise<void> | undefined;

  /** @returns lets go what is held and what comes */
  hold(): () => void {
    let go: () => void = () => undefined;
    this.held = new Promise<void>((resolve) => (go = resolve));
    return go;
  }

  override async page(...arguments_: Parameters<MemoryIndexReader['page']>) {
    const page = super.page(...arguments_);
    await this.held;
    return page;
  }
}
