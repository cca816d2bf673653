import type { Answer, AnswerQuality, Citation, Problem } from './client/types.gen.js';

/** What `POST /smart-qa/chat` sends with `stream: true`; `done` is the last. Models that think aloud send `reasoning`, tools that ran `tool_run`, both between the deltas. */
export type AnswerEvent =
  | { id: string; event: 'delta'; data: { text: string } }
  | { id: string; event: 'reasoning'; data: { text: string } }
  | { id: string; event: 'tool_run'; data: NonNullable<Answer['tool_runs']>[number] }
  | { id: string; event: 'citation'; data: Citation }
  | { id: string; event: 'quality'; data: AnswerQuality }
  | { id: string; event: 'done'; data: Answer };

/** Server-sent events of an answer. @throws Error with the Problem as its `cause`, where the server sends `error` */
export async function* readAnswerEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<AnswerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const frames = (pending + decoder.decode(part.value, { stream: true })).split('\n\n');
      pending = frames.pop() ?? '';
      for (const frame of frames) {
        const event = parseFrame(frame);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** Nothing for a comment, which keeps the connection alive. */
function parseFrame(frame: string): AnswerEvent | undefined {
  const fields = new Map(frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]));
  const data = fields.get('data');
  if (data === undefined) return undefined;
  const event = fields.get('event');
  if (event === 'error') {
    const problem = JSON.parse(data) as Problem;
    throw new Error(problem.detail, { cause: problem });
  }
  return { id: fields.get('id') ?? '', event, data: JSON.parse(data) as unknown } as AnswerEvent;
}
