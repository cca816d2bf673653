import { describe, expect, it } from 'vitest';
import { Places } from './places.js';

const never = new AbortController().signal;
const limits = { total: 3, perKey: 2, waitingPerKey: 1 };

/** Whether a promise is settled once everything that can go on has gone on. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const state = { settled: false };
  promise.then(() => (state.settled = true), () => (state.settled = true));
  await new Promise(setImmediate);
  return state.settled;
}

describe(Places, () => {
  it('lets in so many of one key and so many together; others wait their turn', async () => {
    const places = new Places(limits);
    const leave = await places.enter('a', never);
    await places.enter('a', never);
    const third = places.enter('a', never);
    expect(await settled(third)).toBe(false);
    await places.enter('b', never);
    const other = places.enter('c', never);
    expect(await settled(other)).toBe(false);
    leave();
    leave();
    expect([await settled(third), await settled(other)]).toEqual([true, false]);
    (await third)();
    expect(await settled(other)).toBe(true);
  });

  it('lets a key that waits be passed by one that has a place free', async () => {
    const places = new Places({ ...limits, total: 2, perKey: 1 });
    await places.enter('a', never);
    const blocked = places.enter('a', never);
    const leave = await places.enter('b', never);
    const next = places.enter('c', never);
    leave();
    expect([await settled(blocked), await settled(next)]).toEqual([false, true]);
  });

  it('forgets who gives up, and refuses who could not even wait', async () => {
    const places = new Places({ ...limits, total: 1 });
    const leave = await places.enter('a', never);
    const patience = new AbortController();
    const waiting = places.enter('a', patience.signal);
    const last = places.enter('b', never);
    await expect(places.enter('a', never)).rejects.toThrow(Places.full);
    patience.abort(new Error('gave up'));
    await expect(waiting).rejects.toThrow('gave up');
    await expect(places.enter('c', patience.signal)).rejects.toThrow('gave up');
    leave();
    expect(await settled(last)).toBe(true);
  });
});
