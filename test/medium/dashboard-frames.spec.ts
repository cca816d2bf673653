import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { DashboardRegistry } from '../../src/modules/dashboard/dashboard.registry.js';
import { DashboardService } from '../../src/modules/dashboard/dashboard.service.js';
import type { RequestFigures } from '../../src/modules/dashboard/dashboard.types.js';
import { FrameWriter } from '../../src/modules/dashboard/http/frame.writer.js';
import { requireTenant, type TenantContext } from '../../src/platform/tenancy/tenant-context.js';
import { tenantContext } from '../../src/platform/tenancy/tenant.service.js';
import { ClientSocket } from '../../src/platform/websocket/client-socket.js';
import { eventually } from '../support/api.js';
import { openPlatform, type TestPlatform } from '../support/platform.js';

const nothing: RequestFigures = { requests: 0, errors: 0, perSecond: 0, avgMs: null, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null, cacheHits: 0, cacheLookups: 0 };

let platform: TestPlatform;
let server: WebSocketServer;
let frames: FrameWriter;
let tenants: TenantContext[];
/** Tenants in the order in which they were sampled, and what hinders it. */
let sampled: string[] = [];
let trouble: 'none' | 'fails' | 'hangs' = 'none';
let letGo: () => void = () => undefined;
/** The server's ends, newest last. */
const ends: WebSocket[] = [];

beforeAll(async () => {
  platform = await openPlatform({ migrated: true });
  tenants = await Promise.all(['one', 'two'].map(async (slug) => tenantContext(await platform.tenants.provision(slug, slug))));
  const registry = new DashboardRegistry();
  registry.provide('requests', async () => {
    const { slug } = requireTenant();
    sampled.push(slug);
    if (slug === 'two' && trouble === 'fails') throw new Error('planted');
    if (slug === 'two' && trouble === 'hangs') await new Promise<void>((resolve) => (letGo = resolve));
    return { day: { ...nothing, requests: sampled.length }, now: nothing, recent: [] };
  });
  registry.provide('engines', () => Promise.resolve([]));
  // Frames larger than what the system takes in.
  registry.provide('queues', () => Promise.resolve(Array.from({ length: 20_000 }, (_, n) => ({ name: `queue ${n} of many`, waiting: n, active: 0 }))));
  frames = new FrameWriter(new DashboardService(registry), platform.tenantDatabase);
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket, { url }) => {
    const tenant = tenants[Number(url?.slice(1))] as TenantContext;
    ends.push(socket);
    frames.add(new ClientSocket(socket, { tenant, principal: { kind: 'api_key', id: 'test', tenantId: tenant.tenantId, permissions: new Set() }, expiresAt: undefined }));
  });
});
afterAll(async () => {
  frames.beforeApplicationShutdown();
  for (const socket of server.clients) socket.terminate();
  server.close();
  await platform.close();
});

async function connect(tenant: number): Promise<{ socket: WebSocket; received: number[] }> {
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/${tenant}`);
  const received: number[] = [];
  socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString()).statistics.summary.total_requests));
  await once(socket, 'open');
  return { socket, received };
}

async function leave(...clients: { socket: WebSocket }[]): Promise<void> {
  for (const { socket } of clients) socket.close();
  await eventually(() => Promise.resolve(server.clients.size), (size) => size === 0);
}

describe('the frames of the dashboard', () => {
  it('are made once a second for all listeners of a tenant, and not at all without listeners', async () => {
    const clients = [...(await Promise.all(Array.from({ length: 10 }, () => connect(0)))), await connect(1)];
    sampled = [];
    const begin = performance.now();
    const times = (slug: string) => sampled.filter((one) => one === slug).length;
    await eventually(() => Promise.resolve(['one', 'two'].map(times)), (counts) => counts.every((count) => count >= 3));
    const most = 1 + (performance.now() - begin) / 1_000;
    for (const slug of ['one', 'two']) expect(times(slug), sampled.join()).toBeLessThanOrEqual(most);
    await leave(...clients);
    // The round that was under way.
    await delay(1_000);
    sampled = [];
    await delay(2_200);
    expect(sampled).toEqual([]);
  });

  it('of a tenant are on time while those of another fail or hang', async () => {
    const [one, two] = [await connect(0), await connect(1)];
    for (const kind of ['fails', 'hangs'] as const) {
      trouble = kind;
      sampled = [];
      await eventually(() => Promise.resolve(sampled), (slugs) => slugs.includes('two'));
      one.received.length = two.received.length = 0;
      await eventually(() => Promise.resolve(one.received.length), (count) => count >= 2);
    }
    trouble = 'none';
    letGo();
    two.received.length = 0;
    await eventually(() => Promise.resolve(two.received.length), (count) => count >= 2);
    await leave(one, two);
  });

  it('wait one at most for a client that does not read, in memory that does not grow', async () => {
    const slow = await connect(0);
    await eventually(() => Promise.resolve(slow.received.length), (count) => count > 0);
    slow.socket.pause();
    const end = ends.at(-1) as WebSocket;
    const samples = async (count: number) => {
      const from = sampled.length;
      await eventually(() => Promise.resolve(sampled.length - from), (more) => more >= count);
    };
    await samples(2);
    const held = end.bufferedAmount;
    await samples(4);
    // What the system has taken in meanwhile is less.
    expect(end.bufferedAmount).toBeLessThanOrEqual(held);
    const before = sampled.length;
    slow.received.length = 0;
    slow.socket.resume();
    await eventually(() => Promise.resolve(slow.received.length), (count) => count >= 2);
    // The one that was under way, then the newest, or the one before when that was being made just now.
    expect(slow.received[1]).toBeGreaterThanOrEqual(before - 1);
    expect((slow.received[1] ?? 0) - (slow.received[0] ?? 0)).toBeGreaterThanOrEqual(3);
    await leave(slow);
  });
});
