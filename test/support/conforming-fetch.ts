import { checkerOf, operations, resolve, type Operation } from './openapi-document.js';

/** A `fetch` that holds every answer against the OpenAPI document. */
export interface ConformingFetch {
  readonly fetch: typeof fetch;
  /** Operations that were called, with the statuses they answered. */
  readonly called: Map<string, Set<number>>;
  /** Where an answer and the document disagree. */
  readonly faults: string[];
}

export function conformingFetch(): ConformingFetch {
  const called = new Map<string, Set<number>>();
  const faults: string[] = [];
  const checked: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const response = await fetch(request);
    const route = `${request.method} ${new URL(request.url).pathname}`;
    const found = operations.find(({ route: template }) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(route));
    if (!found) faults.push(`${route} is not documented`);
    else {
      called.set(found.operation.operationId, (called.get(found.operation.operationId) ?? new Set()).add(response.status));
      const wrong = await compare(found.operation, response.clone());
      faults.push(...wrong.map((fault) => `${route} → ${response.status}: ${fault}`));
    }
    return response;
  };
  return { fetch: checked, called, faults };
}

async function compare(operation: Operation, response: Response): Promise<string[]> {
  const documented = operation.responses[response.status];
  if (!documented) return ['the status is not documented'];
  const { content, headers = {} } = resolve(documented);
  // A header that is there only at times cannot be missed.
  const missing = Object.keys(headers).filter((name) => !['Idempotency-Replayed', 'Retry-After'].includes(name) && !response.headers.has(name));
  return [...missing.map((name) => `the header ${name} is missing`), ...(await compareBody(content, response))];
}

async function compareBody(content: ReturnType<typeof resolve<Operation['responses'][string]>>['content'], response: Response): Promise<string[]> {
  const text = await response.text();
  if (!content) return text === '' ? [] : ['there is a body'];
  if ('*/*' in content) return [];
  const type = response.headers.get('content-type')?.split(';')[0] ?? 'none';
  const media = content[type];
  if (!media) return [`the media type ${type} is not documented`];
  if (type === 'text/event-stream') return [];
  const fault = checkerOf(media.schema, { closed: true })(JSON.parse(text));
  return fault ? [fault] : [];
}
