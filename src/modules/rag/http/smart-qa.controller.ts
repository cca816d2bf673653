import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Respond } from '../../../platform/http/respond.js';
import { idParam } from '../../../platform/http/schemas.js';
import { sendEvents, type ServerEvent } from '../../../platform/http/server-events.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { ConversationService } from '../../engine/conversation.service.js';
import { SmartQaService } from '../smart-qa.service.js';
import type { AnswerEvent, Question } from '../smart-qa.types.js';
import { chatRequest, feedbackRequest, type ChatRequest, type FeedbackRequest } from './smart-qa.request.js';
import { answerStream, chatResponse, feedbackResponse, toChatResponse, toCitationResponse, toToolRun } from './smart-qa.response.js';

@ApiTags('smart-qa')
@Controller('smart-qa')
@Access('answers:ask')
export class SmartQaController {
  constructor(
    private readonly smartQa: SmartQaService,
    private readonly conversations: ConversationService,
  ) {}

  @Post('chat')
  @Respond({
    summary: 'Ask a question',
    description: 'Answers from the documents, each statement with a citation that can be looked up; refuses when the evidence is thin. With `stream: true` the answer comes as server-sent events while it is made.',
    body: chatResponse,
    stream: answerStream,
    errors: [404, 503, 504],
  })
  async askQuestion(@Body({ schema: chatRequest }) body: ChatRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const gone = new AbortController();
    // Of the response: the request is closed already when its body has been read.
    reply.raw.once('close', () => {
      if (!reply.raw.writableEnded) gone.abort();
    });
    const question = toQuestion(body, gone.signal);
    if (!body.stream) return toChatResponse(await this.smartQa.ask(question));
    await sendEvents(reply, eventsOf(this.smartQa.answer(question)));
    return undefined;
  }

  @Post('messages/:id/feedback')
  @Respond({ summary: 'Judge an answer', description: 'Kept with the question, the answer and the passages it was made from.', status: 201, body: feedbackResponse, errors: [404] })
  async addAnswerFeedback(@Param({ schema: idParam }) { id }: { id: string }, @Body({ schema: feedbackRequest }) { rating, comment }: FeedbackRequest) {
    return { id: await this.conversations.judge(id, rating, comment) };
  }
}

function toQuestion({ query, conversation_id, collection, engine, personality_id, top_k, stream }: ChatRequest, signal: AbortSignal): Question {
  return { query, conversationId: conversation_id, collection, engine, personalityId: personality_id, topK: top_k, stream, signal };
}

async function* eventsOf(answers: AsyncIterable<AnswerEvent>): AsyncIterable<ServerEvent> {
  for await (const event of answers) {
    if (event.type === 'delta') yield { event: 'delta', data: { text: event.text } };
    else if (event.type === 'reasoning') yield { event: 'reasoning', data: { text: event.text } };
    else if (event.type === 'tool_run') yield { event: 'tool_run', data: toToolRun(event.run) };
    else if (event.type === 'citation') yield { event: 'citation', data: toCitationResponse(event.citation) };
    else if (event.type === 'quality') yield { event: 'quality', data: event.quality };
    else if (event.type === 'done') yield { event: 'done', data: toChatResponse(event.answer) };
  }
}
