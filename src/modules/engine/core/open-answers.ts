export interface Asker {
  tenantId: string;
  principalId: string;
}

export type AnswerLimits = Record<'principal' | 'tenant' | 'process', number>;

/** Counts the answers that are being made on this process, so that no key holds every stream and every place at the language model. */
export class OpenAnswers {
  private total = 0;
  private readonly counts = new Map<string, number>();

  constructor(private readonly most: AnswerLimits) {}

  /** @returns what counts the answer off again (once; later calls do nothing), or whose limit is reached */
  enter({ tenantId, principalId }: Asker): (() => void) | keyof AnswerLimits {
    const principal = `${tenantId} ${principalId}`;
    if (this.total >= this.most.process) return 'process';
    if (this.of(tenantId) >= this.most.tenant) return 'tenant';
    if (this.of(principal) >= this.most.principal) return 'principal';
    this.count(tenantId, principal, 1);
    let left = false;
    return () => {
      if (!left) this.count(tenantId, principal, -1);
      left = true;
    };
  }

  private of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  private count(tenant: string, principal: string, by: 1 | -1): void {
    this.total += by;
    for (const key of [tenant, principal]) {
      const count = this.of(key) + by;
      if (count > 0) this.counts.set(key, count);
      else this.counts.delete(key);
    }
  }
}
