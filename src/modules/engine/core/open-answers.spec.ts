import { describe, expect, it } from 'vitest';
import { OpenAnswers } from './open-answers.js';

describe(OpenAnswers.name, () => {
  it('bounds the answers of a principal, of a tenant and of the process; what ends makes room, once', () => {
    const open = new OpenAnswers({ principal: 2, tenant: 3, process: 4 });
    const [a1, a2, b1] = [{ tenantId: 'a', principalId: '1' }, { tenantId: 'a', principalId: '2' }, { tenantId: 'b', principalId: '1' }];
    const leave = open.enter(a1);
    expect([open.enter(a1), open.enter(a1)]).toEqual([expect.any(Function), 'principal']);
    expect([open.enter(a2), open.enter(a2)]).toEqual([expect.any(Function), 'tenant']);
    expect([open.enter(b1), open.enter(b1)]).toEqual([expect.any(Function), 'process']);
    if (typeof leave === 'function') [leave, leave].forEach((again) => again());
    expect([open.enter(a1), open.enter(b1)]).toEqual([expect.any(Function), 'process']);
  });
});
