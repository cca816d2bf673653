import { AppError } from '#libs/contracts';

type Scalar = string | number | boolean | null;
interface Conditions {
  eq?: Scalar;
  ne?: Scalar;
  in?: Scalar[];
  gt?: number | string;
  gte?: number | string;
  lt?: number | string;
  lte?: number | string;
  exists?: boolean;
  contains?: Scalar;
}

/**
 * A condition on document metadata: fields with a value or conditions, joined by and; `and`, `or`, `not` nest.
 * @example { department: 'finance', year: { gte: 2024 }, or: [{ tag: { in: ['a', 'b'] } }, { draft: { exists: false } }] }
 */
export type MetadataFilter = { [field: string]: unknown };

const deepest = 5;
const mostConditions = 50;
const longestPath = 5;
const comparisons: Record<string, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** SQL over the jsonb column, with every value as a parameter. @throws rag.invalid_filter */
export class MetadataFilterSql {
  private conditions = 0;

  constructor(
    private readonly column: string,
    private readonly parameters: unknown[],
  ) {}

  build(filter: MetadataFilter): string {
    return Object.keys(filter).length === 0 ? 'TRUE' : this.group(filter, 1);
  }

  private group(filter: unknown, depth: number): string {
    if (depth > deepest) throw invalid(`nests deeper than ${deepest} levels`);
    if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) throw invalid('must be an object');
    const entries = Object.entries(filter);
    if (entries.length === 0) throw invalid('has an empty group');
    return `(${entries.map(([name, value]) => this.entry(name, value, depth)).join(' AND ')})`;
  }

  private entry(name: string, value: unknown, depth: number): string {
    if (name === 'not') return `NOT COALESCE(${this.group(value, depth + 1)}, FALSE)`;
    if (name !== 'and' && name !== 'or') return this.field(name, value);
    if (!Array.isArray(value) || value.length === 0) throw invalid(`"${name}" must be a non-empty list`);
    return `(${value.map((part) => this.group(part, depth + 1)).join(name === 'and' ? ' AND ' : ' OR ')})`;
  }

  private field(name: string, value: unknown): string {
    const path = name.split('.');
    if (path.length > longestPath || name.length > 200) throw invalid(`"${name.slice(0, 50)}" is too long a field name`);
    if (isScalar(value)) return this.condition(path, 'eq', value);
    if (typeof value !== 'object' || Array.isArray(value)) throw invalid(`"${name}" must be a value or an object of conditions`);
    const entries = Object.entries(value as Conditions);
    if (entries.length === 0) throw invalid(`"${name}" has no condition`);
    return entries.map(([operator, operand]) => this.condition(path, operator, operand)).join(' AND ');
  }

  private condition(path: string[], operator: string, operand: unknown): string {
    this.conditions += 1;
    if (this.conditions > mostConditions) throw invalid(`has more than ${mostConditions} conditions`);
    const at = `${this.column} #> ${this.parameter(path)}::text[]`;
    if (operator === 'exists' && typeof operand === 'boolean') return `(${at} IS ${operand ? 'NOT ' : ''}NULL)`;
    if (operator === 'eq' && isScalar(operand)) return `(${at} = ${this.json(operand)})`;
    if (operator === 'ne' && isScalar(operand)) return `(${at} IS DISTINCT FROM ${this.json(operand)})`;
    if (operator === 'contains' && isScalar(operand)) return `(${at} @> ${this.json(operand)})`;
    if (operator === 'in' && Array.isArray(operand) && operand.length > 0 && operand.length <= 100 && operand.every(isScalar)) {
      return `(${at} = ANY(ARRAY[${operand.map((item) => this.json(item)).join(', ')}]))`;
    }
    const sign = comparisons[operator];
    if (sign && (typeof operand === 'number' || typeof operand === 'string')) {
      return `(jsonb_typeof(${at}) = '${typeof operand}' AND ${at} ${sign} ${this.json(operand)})`;
    }
    throw invalid(`"${path.join('.')}" has an unknown condition "${operator.slice(0, 20)}"; known: eq, ne, in, gt, gte, lt, lte, exists, contains`);
  }

  private json(value: unknown): string {
    return `${this.parameter(JSON.stringify(value))}::jsonb`;
  }

  private parameter(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function invalid(reason: string): AppError {
  return new AppError('rag.invalid_filter', 'invalid', `The filter ${reason}.`, { errors: [{ path: 'filter', message: reason }] });
}
