import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import type { EmbeddingModel } from '../ports/embedding-model.js';

/** Which embeddings the processes of this installation were started with (public.embeddings). */
@Injectable()
export class EmbeddingChoiceStore {
  constructor(private readonly database: Database) {}

  /** Makes the model the installation's newest choice. @param endpoint base URL, empty for the built-in one */
  async choose({ space, name, dimensions }: EmbeddingModel, endpoint: string): Promise<void> {
    await this.database.pool.query(
      `INSERT INTO public.embeddings (space, endpoint, model, dimensions) VALUES ($1, $2, $3, $4)
       ON CONFLICT (space) DO UPDATE SET endpoint = $2, chosen_at = clock_timestamp()`,
      [space, endpoint, name, dimensions],
    );
  }

  /** Space of the newest choice. */
  async newest(): Promise<string | undefined> {
    const { rows } = await this.database.pool.query<{ space: string }>('SELECT space FROM public.embeddings ORDER BY chosen_at DESC LIMIT 1');
    return rows[0]?.space;
  }

  /** As they were at the last start with this model. */
  async dimensionsOf(endpoint: string, model: string): Promise<number | undefined> {
    const { rows } = await this.database.pool.query<{ dimensions: number }>('SELECT dimensions FROM public.embeddings WHERE endpoint = $1 AND model = $2 ORDER BY chosen_at DESC LIMIT 1', [endpoint, model]);
    return rows[0]?.dimensions;
  }
}
