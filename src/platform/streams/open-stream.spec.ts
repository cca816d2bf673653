import { describe, expect, it } from 'vitest';
import { OpenStream } from './open-stream.js';
import type { StreamForm } from './stream-form.js';
import type { StreamReader } from './stream-source.js';

type Event = { frame: string } | { text: string };

const form: StreamForm<Event> = {
  templates: [{ before: 'data: ', after: '' }],
  write: (event, to) => ('frame' in event ? to.frame(event.frame) : to.text(0, event.text)),
  finish: (to) => to.frame('end'),
  fail: () => undefined,
};

/** Keeps what it reads, when it is woken. */
class Reader implements StreamReader {
  readonly busy = false;
  upTo = 0;
  read = '';

  constructor(private readonly stream: OpenStream) {}

  wake(): void {
    while (this.upTo < this.stream.log.last) {
      const { text, upTo } = this.stream.frames(this.upTo, 64 * 1024);
      this.read += text;
      this.upTo = upTo;
    }
  }
  replace(): void {}
  tick(): void {}
}

describe(OpenStream.name, () => {
  it('tells a reader everything once, though more than the log holds comes in one turn', async () => {
    const stream = new OpenStream('s', form.templates, { scope: { door: 'd', tenantId: 't', principalId: 'p' }, graceMs: () => 0, abandoned: () => undefined, failed: () => undefined });
    const texts = ['a', 'b', 'c'].map((sign) => sign.repeat(700_000));
    async function* events(): AsyncGenerator<Event> {
      yield { frame: 'begin' };
      for (const text of texts) {
        yield { text };
        yield { frame: 'next' };
      }
      await Promise.resolve();
    }
    const running = stream.run(events(), form, 'r');
    await stream.beginning(1_000);
    const reader = new Reader(stream);
    stream.attach(reader);
    await running;
    const expected = ['begin', ...texts.flatMap((text) => [`data: "${text}"`, 'next']), 'end'].map((lines, place) => `id: s.${place + 1}\n${lines}\n\n`).join('');
    expect(reader.read === expected).toBe(true);
    // What was read is forgotten as ever.
    expect(stream.log.reachesBack(0)).toBe(false);
  });
});
