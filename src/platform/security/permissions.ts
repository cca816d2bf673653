/**
 * Every permission a route can ask for. `*` (the owner) has them all; `documents:*` all of one subject.
 * A key holds a list of these; roles come with the identity feature.
 */
export const permissions = {
  'documents:read': 'List and read documents, chunks and collections',
  'documents:write': 'Add, change and delete documents and collections',
  'search:query': 'Search',
  'answers:ask': 'Ask questions, give feedback and see the own conversations',
  'engines:read': 'See the engines, their health and their figures',
  'engines:manage': 'Choose the engine that answers',
  'personalities:read': 'See the personalities of engines',
  'personalities:manage': 'Add, change and delete personalities of engines',
  'memories:read': 'Search and read the own memories',
  'memories:write': 'Add, change and forget the own memories',
  'analytics:read': 'Read statistics',
  'dashboard:read': 'Watch the live figures: requests, engines, queues and the process',
  'cache:read': 'Read cache statistics and keys',
  'cache:write': 'Drop cache entries',
  'audit:read': 'Read the audit trail of the tenant, and what its users think of which answers',
  'keys:manage': 'Create, list, change and revoke API keys of the tenant, none that can do more than the own one',
  'tenants:manage': 'Create and list tenants (the operator\'s tenant only)',
} as const;

export type Permission = keyof typeof permissions;

export const allPermissions = Object.keys(permissions) as Permission[];

/** True when the list grants the permission, directly or by wildcard. */
export function grants(granted: ReadonlySet<string>, wanted: Permission): boolean {
  return granted.has('*') || granted.has(wanted) || granted.has(`${wanted.slice(0, wanted.indexOf(':'))}:*`);
}

/** True when the list grants all that `wanted` does, which may be a wildcard itself. */
export function covers(granted: ReadonlySet<string>, wanted: string): boolean {
  return granted.has('*') || granted.has(wanted) || (!wanted.endsWith('*') && grants(granted, wanted as Permission));
}

/** What both lists grant, each of which may hold wildcards. */
export function narrowed(granted: ReadonlySet<string>, to: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...[...to].filter((one) => covers(granted, one)), ...[...granted].filter((one) => covers(to, one))]);
}
