import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientGone } from '../../../platform/http/client-gone.js';
import { Idempotency, TakesIdempotencyKey } from '../../../platform/http/idempotency.js';
import { Respond } from '../../../platform/http/respond.js';
import { idParam } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { cancelResponse, lastEventIdHeader } from '../../../platform/streams/streams.response.js';
import { StreamsService } from '../../../platform/streams/streams.service.js';
import { SmartQaService } from '../smart-qa.service.js';
import type { Question } from '../smart-qa.types.js';
import { AnswerWriter } from './answer.writer.js';
import { toDocumentScope } from './scope.request.js';
import { chatRequest, type ChatRequest } from './smart-qa.request.js';
import { answerStream, chatResponse, toChatResponse } from './smart-qa.response.js';

/** Streams of this door. */
const door = 'smart-qa';

@ApiTags('smart-qa')
@Controller('smart-qa')
@Access('answers:ask')
export class SmartQaController {
  constructor(
    private readonly smartQa: SmartQaService,
    private readonly streams: StreamsService,
    private readonly idempotency: Idempotency,
  ) {}

  @Post('chat')
  @Respond({
    summary: 'Ask a question',
    description: 'Answers from the documents, each statement with a citation that can be looked up; refuses when the evidence is thin. With `stream: true` the answer comes as server-sent events while it is made; `Last-Event-ID` takes it up again there, and an `Idempotency-Key` changes nothing.',
    body: chatResponse,
    stream: answerStream,
    errors: [404, 503, 504],
  })
  @ApiHeader(lastEventIdHeader)
  @TakesIdempotencyKey()
  async askQuestion(@Req() request: FastifyRequest, @Body({ schema: chatRequest }) body: ChatRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    if (!body.stream) return this.idempotency.once(request, reply, async () => toChatResponse(await this.smartQa.ask(toQuestion(body, clientGone(reply)))));
    await this.streams.serve(reply, { door, form: () => new AnswerWriter(), events: (signal) => this.smartQa.answer(toQuestion(body, signal)) });
    return undefined;
  }

  @Post('chat/:id/cancel')
  @Respond({
    summary: 'Stop a streamed answer',
    description: 'By the id of its stream, which `X-Stream-Id` and the ids of its events name, on whichever process it is made. What was said is kept in the conversation.',
    body: cancelResponse,
    errors: [404],
  })
  async cancelAnswer(@Param({ schema: idParam }) { id }: { id: string }) {
    return { id, status: await this.streams.cancel(door, id) };
  }
}

function toQuestion({ query, conversation_id, engine, personality_id, top_k, stream, ...scope }: ChatRequest, signal: AbortSignal): Question {
  return { query, conversationId: conversation_id, documents: toDocumentScope(scope), engine, personalityId: personality_id, topK: top_k, stream, signal };
}
