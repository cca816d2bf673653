import { Api, type Json } from '../support/api.js';

/** What a client of the load sends, one a number; all of its texts are unique and hold `term`. */
export interface Item {
  number: number;
  kind: 'short' | 'long' | 'upload';
  text: string;
  /** A word that only this item holds. */
  term: string;
}

/** What the server promised of an item. */
export interface Acknowledged {
  item: Item;
  documentId: string;
}

/** Short texts are written in one transaction, long ones and uploads in steps. */
function makeItem(number: number, longTexts: boolean): Item {
  const term = `zq${number.toString(36)}x${(number * 7919).toString(36)}q`;
  const kind = longTexts && number % 10 === 3 ? 'long' : number % 10 === 7 ? 'upload' : 'short';
  const sentence = `Entry ${number} of the log names the word ${term} once. `;
  const text = kind === 'long' ? sentence + `Line of entry ${number} about the weather at sea. `.repeat(60) : `${sentence}The rest of entry ${number} is silence.`;
  return { number, kind, text, term };
}

/** Where the server is now; a promise while it is down. */
export type CurrentApi = () => Promise<Api>;

/**
 * Clients that send every item until it is acknowledged, as a careful program would: after a broken connection the same
 * text again. Nothing is counted that the server did not say.
 */
export class IngestLoad {
  readonly acknowledged: Acknowledged[] = [];
  /** Requests that ended without an answer. */
  broken = 0;
  private next = 0;

  /** @param longTexts whether some texts are long: after a kill such a one is only taken again when the dead process's lease ends, 60 s later */
  constructor(
    private readonly total: number,
    private readonly longTexts: boolean,
    private readonly current: CurrentApi,
  ) {}

  async run(clients: number): Promise<void> {
    await Promise.all(Array.from({ length: clients }, () => this.client()));
  }

  private async client(): Promise<void> {
    while (this.next < this.total) {
      const item = makeItem(this.next++, this.longTexts);
      const documentId = await this.send(item);
      this.acknowledged.push({ item, documentId });
    }
  }

  private async send(item: Item): Promise<string> {
    for (;;) {
      const api = await this.current();
      try {
        const { status, body } = item.kind === 'upload' ? await api.upload([{ name: `${item.number}.txt`, content: item.text }]) : await api.post('/rag/ingest', { text: item.text });
        if (status === 201 || status === 202) return String(body.doc_id ?? body.items[0].doc_id);
        // Draining, or the same text still under way from before the kill.
        if (status !== 503 && status !== 409) throw new RefusedError(item, status, body);
      } catch (error) {
        if (error instanceof RefusedError) throw error;
        this.broken += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

class RefusedError extends Error {
  constructor(item: Item, status: number, body: Json) {
    super(`item ${item.number} (${item.kind}) was refused: ${status} ${JSON.stringify(body)}`);
  }
}
