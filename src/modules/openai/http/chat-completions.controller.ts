import { Body, Controller, Headers, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '#libs/contracts';
import { clientGone } from '../../../platform/http/client-gone.js';
import { Respond } from '../../../platform/http/respond.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { cancelResponse, lastEventIdHeader } from '../../../platform/streams/streams.response.js';
import { StreamsService } from '../../../platform/streams/streams.service.js';
import { ChatCompletionService } from '../chat-completion.service.js';
import { taskOf } from '../core/webui-task.js';
import type { CompletionEvent, CompletionRequest } from '../openai.types.js';
import { WebUiUserService } from '../webui-user.service.js';
import { completionIdOf, completionParam, completionRequest, refuseUnsupported, streamIdOf, toCallerTools, toDocumentScope, toSampling, type CompletionRequestBody } from './chat-completion.request.js';
import { completionResponse, completionStream, toCompletionResponse, type Envelope } from './chat-completion.response.js';
import { ChunkWriter } from './chunk.writer.js';

/** Streams of this door. */
const door = 'openai';

@ApiTags('openai')
@Controller('v1/chat')
@Access('answers:ask')
export class ChatCompletionsController {
  constructor(
    private readonly completions: ChatCompletionService,
    private readonly webUiUsers: WebUiUserService,
    private readonly streams: StreamsService,
  ) {}

  @Post('completions')
  @Respond({
    summary: 'Ask in the OpenAI form',
    description:
      'For any OpenAI client. The last user message is answered from the documents, with citations as annotations; the caller owns the conversation, nothing of it is kept. ' +
      "Open WebUI's own jobs (`X-OpenWebUI-Task`, or a prompt that begins `### Task:`) are answered without documents.",
    body: completionResponse,
    stream: completionStream,
    errors: [404, 503, 504],
  })
  @ApiHeader(lastEventIdHeader)
  @ApiHeader({ name: 'X-OpenWebUI-Task', required: false, description: 'Names a job of Open WebUI itself: set this header to `{{TASK}}` in its connection', example: 'title_generation', schema: { type: 'string' } })
  @ApiHeader({ name: 'X-OpenWebUI-User-Jwt', required: false, description: 'Signed by Open WebUI with OPEN_WEBUI_JWT_SECRET: when it is valid, streams carry its status and source frames; when not, 401', example: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl', schema: { type: 'string' } })
  async createChatCompletion(
    @Body({ schema: completionRequest }) body: CompletionRequestBody,
    @Headers() headers: Record<string, string | undefined>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const user = await this.webUiUsers.verify(headers['x-openwebui-user-jwt']);
    refuseUnsupported(body);
    const complete = (signal: AbortSignal) => this.completions.complete(toCompletionRequest(body, headers['x-openwebui-task'], user?.id, signal));
    const origin = `${request.protocol}://${request.host}`;
    const created = Math.floor(Date.now() / 1000);
    const envelopeOf = (id: string) => ({ id: completionIdOf(id), created, model: body.model });
    if (!body.stream) return this.whole(complete(clientGone(reply)), envelopeOf(uuidv7()), origin);
    const form = (id: string) => new ChunkWriter({ envelope: envelopeOf(id), origin, includeUsage: body.stream_options?.include_usage === true, webUi: user !== undefined });
    await this.streams.serve(reply, { door, form, events: complete });
    return undefined;
  }

  @Post('completions/:id/cancel')
  @Respond({
    summary: 'Stop a streamed completion',
    description: 'By the `id` in its chunks, on whichever process it is made. Its stream ends with the reason `stop` after what was said.',
    body: cancelResponse,
    errors: [404],
  })
  async cancelChatCompletion(@Param({ schema: completionParam }) { id }: { id: string }) {
    return { id, status: await this.streams.cancel(door, streamIdOf(id)) };
  }

  private async whole(events: AsyncIterable<CompletionEvent>, envelope: Envelope, origin: string) {
    for await (const event of events) {
      if (event.type === 'done') return toCompletionResponse(envelope, event.completion, origin);
    }
    throw new AppError('openai.cancelled', 'unavailable', 'The caller left before there was an answer.');
  }
}

function toCompletionRequest(body: CompletionRequestBody, taskHeader: string | undefined, webUiUser: string | undefined, signal: AbortSignal): CompletionRequest {
  const { model, messages, stream, user } = body;
  const last = messages.findLast(({ role }) => role === 'user')?.content;
  return {
    model,
    messages,
    stream: stream === true,
    sampling: toSampling(body),
    callerTools: toCallerTools(body),
    documents: toDocumentScope(body),
    userId: webUiUser ?? (user || undefined),
    task: taskOf(typeof last === 'string' ? last : (last?.find(({ text }) => text)?.text ?? ''), taskHeader),
    signal,
  };
}
