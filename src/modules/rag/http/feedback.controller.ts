import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Idempotent } from '../../../platform/http/idempotency.interceptor.js';
import { Respond } from '../../../platform/http/respond.js';
import { idParam } from '../../../platform/http/schemas.js';
import { Access } from '../../../platform/security/access.decorators.js';
import { FeedbackService } from '../feedback.service.js';
import { feedbackQuery, feedbackRequest, type FeedbackQuery, type FeedbackRequest } from './feedback.request.js';
import { feedbackPageResponse, feedbackReceiptResponse, toFeedbackResponse } from './feedback.response.js';

@ApiTags('smart-qa')
@Controller('smart-qa')
export class FeedbackController {
  constructor(private readonly feedback: FeedbackService) {}

  @Post('messages/:id/feedback')
  @Access('answers:ask')
  @Idempotent()
  @Respond({
    summary: 'Judge an answer',
    description: 'Kept with question, answer and what it was made from: the passages with their text, the personality, the versions of index, embedding and program.',
    status: 201,
    body: feedbackReceiptResponse,
    errors: [404],
  })
  async addAnswerFeedback(@Param({ schema: idParam }) { id }: { id: string }, @Body({ schema: feedbackRequest }) { rating, comment }: FeedbackRequest) {
    return { id: await this.feedback.judge(id, rating, comment) };
  }

  @Get('feedback')
  @Access('audit:read')
  @Respond({
    summary: 'What users think of answers',
    description: 'Of all users of the tenant, the newest first, for evaluations: questions and answers are shown, hence the permission. Judgements go with their conversation.',
    body: feedbackPageResponse,
  })
  async listAnswerFeedback(@Query({ schema: feedbackQuery }) { page_size, cursor, ...filter }: FeedbackQuery) {
    const { items, nextCursor } = await this.feedback.list(filter, page_size, cursor);
    return { items: items.map(toFeedbackResponse), next_cursor: nextCursor };
  }
}
