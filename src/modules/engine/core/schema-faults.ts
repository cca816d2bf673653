export type JsonSchema = Record<string, unknown>;

/** Everything that a schema may say; whatever else a provider finds it refuses the whole request. */
const keywords = new Set([
  'type', 'description', 'enum', 'anyOf', 'properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems', 'pattern', 'format',
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf',
]);
export const formats: ReadonlySet<string> = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uuid']);
const types = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
const propertyName = /^[a-zA-Z0-9_-]{1,64}$/;
const limits = { depth: 5, properties: 100, values: 500 };

interface Count {
  properties: number;
  values: number;
}

/** Why providers would refuse the schema as that of a function's arguments; empty when it is good. */
export function schemaFaults(schema: JsonSchema): string[] {
  const count: Count = { properties: 0, values: 0 };
  const root = schema.type === 'object' && schema.anyOf === undefined ? [] : ['(root): must be a plain object, no union'];
  const faults = [...root, ...faultsOf(schema, '(root)', 1, count)];
  if (count.properties > limits.properties) faults.push(`(root): has ${count.properties} properties; at most ${limits.properties} are accepted`);
  if (count.values > limits.values) faults.push(`(root): enumerates ${count.values} values; at most ${limits.values} are accepted`);
  return faults;
}

function faultsOf(schema: unknown, path: string, depth: number, count: Count): string[] {
  if (!isObject(schema)) return [`${path}: must be a schema`];
  if (depth > limits.depth) return [`${path}: nests deeper than ${limits.depth} levels`];
  const own = Object.keys(schema).flatMap((key) => (keywords.has(key) ? [] : [`the keyword "${key}" is not supported`]));
  const named = typesOf(schema);
  if (named.length === 0 && !Array.isArray(schema.anyOf)) own.push('has neither a type nor anyOf');
  own.push(...named.flatMap((type) => (types.has(String(type)) ? [] : [`there is no type "${String(type)}"`])));
  if (named.filter((type) => type !== 'null').length > 1) own.push('may be of several types, which not all providers take');
  if (schema.format !== undefined && !formats.has(String(schema.format))) own.push(`the format "${String(schema.format)}" is not supported`);
  if (schema.enum !== undefined) own.push(...enumFaults(schema.enum, count));
  return [...own.map((fault) => `${path}: ${fault}`), ...partFaults(schema, named, path, depth, count)];
}

function partFaults(schema: JsonSchema, named: unknown[], path: string, depth: number, count: Count): string[] {
  const faults: string[] = [];
  if (named.includes('object') || schema.properties !== undefined) faults.push(...objectFaults(schema, path, depth, count));
  if (named.includes('array')) faults.push(...(schema.items === undefined ? [`${path}: an array must say what its items are`] : faultsOf(schema.items, `${path}[]`, depth + 1, count)));
  if (schema.anyOf !== undefined) {
    const branches = Array.isArray(schema.anyOf) ? schema.anyOf : [];
    if (branches.length === 0) faults.push(`${path}: anyOf must not be empty`);
    faults.push(...branches.flatMap((branch, at) => faultsOf(branch, `${path}|${at}`, depth, count)));
  }
  return faults;
}

function objectFaults(schema: JsonSchema, path: string, depth: number, count: Count): string[] {
  if (!isObject(schema.properties)) return [`${path}: an object must name its properties`];
  const names = Object.keys(schema.properties);
  count.properties += names.length;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const faults = names.filter((name) => !required.includes(name)).map((name) => `${path}.${name}: every property must be required`);
  faults.push(...required.filter((name) => !names.includes(String(name))).map((name) => `${path}: requires "${String(name)}", which is no property`));
  if (schema.additionalProperties !== false) faults.push(`${path}: an object must have additionalProperties: false`);
  faults.push(...names.filter((name) => !propertyName.test(name)).map((name) => `${path}: "${name}" is no name that all models can write`));
  return [...faults, ...names.flatMap((name) => faultsOf((schema.properties as JsonSchema)[name], `${path}.${name}`, depth + 1, count))];
}

function enumFaults(values: unknown, count: Count): string[] {
  if (!Array.isArray(values) || values.length === 0) return ['enum must list values'];
  count.values += values.length;
  return values.some(isObject) ? ['enum must list plain values'] : [];
}

function typesOf({ type }: JsonSchema): unknown[] {
  if (type === undefined) return [];
  return Array.isArray(type) ? type : [type];
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
