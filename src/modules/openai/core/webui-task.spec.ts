import { describe, expect, it } from 'vitest';
import { answerTaskByRule, taskOf } from './webui-task.js';

const titlePrompt = '### Task:\nName this chat.\n### Output:\n{ "title": "…" }\n### Chat History:\n<chat_history>\nUSER: How long is the lease?\nASSISTANT: Ten years.\n</chat_history>';

describe(taskOf.name, () => {
  it('knows a job by its header or by how its prompt begins', () => {
    expect(taskOf('anything', 'title_generation')).toBe('title_generation');
    expect(taskOf(titlePrompt, undefined)).toBe('unnamed');
    expect(taskOf('How long is the lease?', undefined)).toBeUndefined();
  });

  it('takes an empty header, or one that was not filled in, for none', () => {
    expect(taskOf('How long?', '')).toBeUndefined();
    expect(taskOf('How long?', '{{TASK}}')).toBeUndefined();
  });
});

describe(answerTaskByRule.name, () => {
  it('makes a title of the first question', () => {
    expect(JSON.parse(answerTaskByRule('unnamed', titlePrompt))).toEqual({ title: 'How long is the lease?' });
  });

  it('invents nothing', () => {
    expect(answerTaskByRule('tags_generation', '### Task: x')).toBe('{"tags":[]}');
    expect(answerTaskByRule('unnamed', '### Task:\nJSON: { "follow_ups": ["…"] }')).toBe('{"follow_ups":[]}');
    expect(answerTaskByRule('emoji_generation', '### Task:\nAn emoji')).toBe('');
  });
});
