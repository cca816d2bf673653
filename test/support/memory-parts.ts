import type { ObjectLiteral } from 'typeorm';
import { MemoryIndexReader } from '../../src/modules/memory/adapters/memory-index.reader.js';
import { LexicalEmbeddingModel } from '../../src/modules/search/adapters/lexical.embedding-model.js';
import { TenantDatabase } from '../../src/platform/tenancy/tenant-database.js';

/** The built-in embedding, which can be made slow or broken. */
export class MoodyModel extends LexicalEmbeddingModel {
  mood: 'well' | 'slow' | 'broken' = 'well';
  /** What somebody else does while texts are embedded, once. */
  meanwhile: (() => Promise<void>) | undefined;

  override async embed(texts: string[]): Promise<Float32Array[]> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    if (this.mood === 'broken') throw new Error('The endpoint is down.');
    if (this.mood === 'slow') await new Promise((resolve) => setTimeout(resolve, 1_000));
    return super.embed(texts);
  }
}

/** A database under load. */
export class SlowReader extends MemoryIndexReader {
  override async page(...arguments_: Parameters<MemoryIndexReader['page']>) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    return super.page(...arguments_);
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
