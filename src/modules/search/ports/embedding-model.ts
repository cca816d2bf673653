import { AppError } from '#libs/contracts';

/** Turns texts into vectors that are near each other when the texts are alike. */
export abstract class EmbeddingModel {
  /** As clients name it. */
  abstract readonly name: string;
  /** `name@version/dimensions`: vectors of different spaces cannot be compared. */
  abstract readonly space: string;
  abstract readonly dimensions: number;
  /** How much its ranking counts against 1 for the keyword ranking when both are joined. */
  abstract readonly weight: number;
  /** Whether it brings texts together that have no word in common. */
  abstract readonly semantic: boolean;
  /** True when it runs in this process without a network, so that ingestion may compute it beside the parsing. */
  abstract readonly local: boolean;
  /** What the last request to its endpoint failed with; undefined while it answers. */
  readonly failure?: EndpointFailure;
  /** One L2-normalised vector a text, all zeros for a text without content. @throws search.embedding_unavailable, search.embedding_refused */
  abstract embed(texts: string[], options?: EmbedOptions): Promise<Float32Array[]>;
}

export interface EndpointFailure {
  error: unknown;
  at: Date;
}

export interface EmbedOptions {
  signal?: AbortSignal;
  /** Somebody waits: rather fail soon than answer late. */
  urgent?: boolean;
}

/** The models that can be asked from here. */
export abstract class EmbeddingModels {
  /** What this process was started with: everything new is embedded by it. */
  abstract readonly current: EmbeddingModel;
  /** The model of vectors that are stored already, where it can be asked. */
  abstract of(space: string): EmbeddingModel | undefined;
  /** Whether no process of the installation was started with another one later. */
  abstract isNewest(): Promise<boolean>;
}

/** Length of the vectors of a space, as its name says. */
export function dimensionsOf(space: string): number {
  return Number(space.slice(space.lastIndexOf('/') + 1));
}

/** The model does not take a text that it was asked for: nothing is wrong with its endpoint. */
export function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.code === 'search.embedding_refused';
}
