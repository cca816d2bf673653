import { beforeEach, describe, expect, it } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.js';

let time: number;
let breaker: CircuitBreaker;
beforeEach(() => {
  time = 1_000;
  breaker = new CircuitBreaker({ failures: 3, share: 0.5, windowMs: 1_000, coolDownMs: 500 }, () => time);
});

const fail = (times: number) => {
  for (let n = 0; n < times; n++) breaker.enter()?.failed();
};

describe(CircuitBreaker.name, () => {
  it('opens after enough failures within the window, and lets nobody try', () => {
    fail(2);
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
    expect(breaker.enter()).toBeUndefined();
  });

  it('stays closed when the failures are spread out, or few among many successes', () => {
    for (let n = 0; n < 10; n++) {
      fail(1);
      time += 600;
    }
    expect(breaker.state).toBe('closed');
    for (let n = 0; n < 20; n++) breaker.enter()?.succeeded();
    fail(5);
    expect(breaker.state).toBe('closed');
  });

  it('lets one probe through after the cool-down; its success closes, its failure opens for another cool-down', () => {
    fail(3);
    time += 499;
    expect(breaker.enter()).toBeUndefined();
    time += 1;
    const probe = breaker.enter();
    expect(breaker.state).toBe('half_open');
    expect(breaker.enter()).toBeUndefined();
    probe?.failed();
    expect(breaker.state).toBe('open');
    time += 499;
    expect(breaker.enter()).toBeUndefined();
    time += 1;
    breaker.enter()?.succeeded();
    expect(breaker.state).toBe('closed');
    fail(2);
    expect(breaker.state).toBe('closed');
  });

  it('lets the next one probe when a probe ended without news', () => {
    fail(3);
    time += 500;
    breaker.enter()?.released();
    expect(breaker.state).toBe('open');
    expect(breaker.enter()).toBeDefined();
  });

  it('is not moved by attempts that began before it opened', () => {
    const [good, bad] = [breaker.enter(), breaker.enter()];
    fail(3);
    time += 300;
    good?.succeeded();
    bad?.failed();
    expect(breaker.state).toBe('open');
    time += 200;
    const probe = breaker.enter();
    expect(probe).toBeDefined();
    good?.failed();
    expect(breaker.state).toBe('half_open');
  });

  it('counts an answer that broke off after its first word as a failure', () => {
    for (let n = 0; n < 3; n++) {
      const attempt = breaker.enter();
      attempt?.succeeded();
      attempt?.failed();
      attempt?.released();
    }
    expect(breaker.state).toBe('open');
  });
});
