import { toProblem, type Failure } from '../../../platform/http/http-error.js';
import type { FrameWriter, StreamForm } from '../../../platform/streams/stream-form.js';
import { toCitationForm, toToolRunForm } from '../core/answer-form.js';
import type { AnswerEvent } from '../smart-qa.types.js';
import { toChatResponse } from './smart-qa.response.js';

/** An answer as named events: `delta`, `reasoning`, `tool_run`, `citation`, `quality`, `done`, or `error`. */
export class AnswerWriter implements StreamForm<AnswerEvent> {
  readonly templates = [
    { before: 'event: delta\ndata: {"text":', after: '}' },
    { before: 'event: reasoning\ndata: {"text":', after: '}' },
  ];

  write(event: AnswerEvent, to: FrameWriter): void {
    if (event.type === 'delta') to.text(0, event.text);
    else if (event.type === 'reasoning') to.text(1, event.text);
    else if (event.type === 'tool_run') to.frame(frameOf('tool_run', toToolRunForm(event.run)));
    else if (event.type === 'citation') to.frame(frameOf('citation', toCitationForm(event.citation)));
    else if (event.type === 'quality') to.frame(frameOf('quality', event.quality));
    else if (event.type === 'done') to.frame(frameOf('done', toChatResponse(event.answer)));
  }

  /** `done` was the end. */
  finish(): void {}

  fail(failure: Failure, requestId: string, to: FrameWriter): void {
    to.frame(frameOf('error', toProblem(failure, requestId)));
  }
}

function frameOf(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}`;
}
