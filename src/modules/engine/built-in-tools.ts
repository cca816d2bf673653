import { Injectable, OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import { AppError } from '#libs/contracts';
import { calculate, CalculationError, functionNames, longestExpression } from './core/calculate.js';
import { localTime } from './core/local-time.js';
import { ToolRegistry } from './tool.registry.js';

/** The tools that need nothing but a processor and a clock. */
@Injectable()
export class BuiltInTools implements OnModuleInit {
  constructor(private readonly tools: ToolRegistry) {}

  onModuleInit(): void {
    this.tools.register({
      name: 'calculator',
      description: `Calculates an expression exactly. Use it for every calculation. + - * / ^, % (remainder), ${functionNames.join(', ')} (radians), pi, e.`,
      permission: 'answers:ask',
      arguments: z.object({ expression: z.string().max(longestExpression).describe('e.g. round(1250 * (1 + 0.19), 2); no units, no thousands separators') }),
      run: ({ expression }) => ({ result: calculated(expression) }),
    });
    this.tools.register({
      name: 'current_time',
      description: 'Tells date, time and weekday of now. Use it whenever the answer depends on today.',
      permission: 'answers:ask',
      arguments: z.object({ time_zone: z.string().max(64).optional().describe('IANA name, e.g. Asia/Shanghai; else UTC') }),
      run: ({ time_zone = 'UTC' }) => timeIn(time_zone),
    });
  }
}

function calculated(expression: string): string {
  try {
    return calculate(expression);
  } catch (error) {
    if (error instanceof CalculationError) throw new AppError('tool.bad_expression', 'invalid', `${error.message}.`);
    throw error;
  }
}

function timeIn(zone: string) {
  try {
    return localTime(new Date(), zone);
  } catch (error) {
    if (error instanceof RangeError) throw new AppError('tool.bad_time_zone', 'invalid', `There is no time zone "${zone}"; use an IANA name, e.g. Europe/Berlin.`);
    throw error;
  }
}
