// What a resource's body may hold, read from the definitions inside Microsoft's own clients: which put creates the type, in which api-version,
// and for each property its wire name, kind, limits, and whether it is required or only ever answered.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const here = dirname(fileURLToPath(import.meta.url));
const packages = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).dependencies;

/** The module's exports, without its imports: those are handed over. */
function load(file, imports) {
  const source = readFileSync(file, 'utf8')
    .replace(/^import\s*\{([^}]*)\}\s*from\s*"[^"]*mappers[^"]*";/gms, (_, names) => `const {${names.replace(/(\w+) as (\w+)/g, '$1: $2')}} = mappers;`)
    .replace(/^import[^;]*;/gms, '')
    .replace(/^export (?:const|let) ([$\w]+)/gm, 'const $1 = exports.$1');
  const sandbox = { exports: {}, mappers: imports ?? {} };
  vm.runInNewContext(source, sandbox, { filename: file });
  return sandbox.exports;
}

const spec = /path:\s*"(?<path>[^"]+)",\s*httpMethod:\s*"PUT",(?<rest>.*?)\n\};/gs;

function* puts() {
  for (const name of Object.keys(packages)) {
    const folder = ['dist-esm/src', 'dist/esm'].map((p) => join(here, 'node_modules', name, p)).find((p) => existsSync(join(p, 'models', 'mappers.js')));
    if (!folder) throw new Error(`${name} holds no definitions where they are looked for`);
    const mappers = load(join(folder, 'models', 'mappers.js'));
    const parameters = load(join(folder, 'models', 'parameters.js'), mappers);
    for (const file of readdirSync(join(folder, 'operations')).filter((f) => f.endsWith('.js'))) {
      for (const { groups } of readFileSync(join(folder, 'operations', file), 'utf8').matchAll(spec)) {
        const body = /requestBody:\s*Parameters\.(\w+)/.exec(groups.rest)?.[1];
        const version = /queryParameters:\s*\[\s*Parameters\.(apiVersion\w*)/.exec(groups.rest)?.[1];
        if (body && version) yield { path: groups.path, mapper: parameters[body].mapper, version: parameters[version].mapper.defaultValue, mappers };
      }
    }
  }
}

const typeOf = (path) => {
  const at = path.toLowerCase().lastIndexOf('/providers/');
  const segments = path.slice(at + '/providers/'.length).split('/');
  return [segments[0], ...segments.filter((_, i) => i % 2 === 1)].join('/').toLowerCase();
};

const all = [...puts()];

/** @returns {{ version: string, judge: (body: object) => string[] } | undefined} */
export function definitionOf(type, version) {
  const found = all.filter((p) => typeOf(p.path) === type.toLowerCase());
  const put = found.find((p) => p.version === version) ?? found[0];
  return put && { version: put.version, judge: (body) => problems(body, resolve(put.mapper, put.mappers), put.mappers, '') };
}

const resolve = (mapper, mappers) => mapper.type.className && !mapper.type.modelProperties ? { ...mapper, type: mappers[mapper.type.className].type } : mapper;

/** A composite's properties by wire name; "properties.displayName" is a property of a property. */
function wireProperties(type, mappers) {
  const tree = { children: {} };
  for (const property of Object.values(type.modelProperties ?? {})) {
    const names = (property.serializedName ?? '').split(/(?<!\\)\./).map((n) => n.replaceAll('\\.', '.'));
    let node = tree;
    for (const name of names) node = node.children[name] ??= { children: {} };
    node.property = property;
  }
  return tree;
}

function* walkTree(value, node, mappers, path) {
  for (const [key, child] of Object.entries(value)) {
    const known = node.children[key];
    if (!known) yield `${path}${key} is unknown`;
    else if (known.property) yield* problems(child, resolve(known.property, mappers), mappers, `${path}${key}`);
    else if (child === null || typeof child !== 'object' || Array.isArray(child)) yield `${path}${key} must be an object`;
    else yield* walkTree(child, known, mappers, `${path}${key}.`);
  }
  for (const [key, known] of Object.entries(node.children)) {
    if (known.property?.required && !known.property.readOnly && (value[key] ?? null) === null) yield `${path}${key} is missing`;
  }
}

function* judge(value, mapper, mappers, path) {
  const { type, constraints = {} } = mapper;
  if (value === null || value === undefined) return;
  if (mapper.readOnly) { yield `${path} is only ever answered`; return; }
  const kind = Array.isArray(value) ? 'array' : typeof value;
  const wanted = { String: 'string', Boolean: 'boolean', Number: 'number', Enum: 'string', Uuid: 'string', DateTime: 'string', TimeSpan: 'string', Sequence: 'array', Dictionary: 'object', Composite: 'object' }[type.name];
  if (wanted && kind !== wanted) { yield `${path} must be ${wanted} and is ${kind}`; return; }
  if (type.name === 'Enum' && !type.allowedValues.includes(value)) yield `${path} is none of ${type.allowedValues.join(', ')}`;
  if (constraints.Pattern && !new RegExp(constraints.Pattern).test(value)) yield `${path} does not match ${constraints.Pattern}`;
  if (constraints.MaxLength !== undefined && value.length > constraints.MaxLength) yield `${path} is longer than ${constraints.MaxLength}`;
  if (constraints.MinLength !== undefined && value.length < constraints.MinLength) yield `${path} is shorter than ${constraints.MinLength}`;
  if (constraints.InclusiveMaximum !== undefined && value > constraints.InclusiveMaximum) yield `${path} is above ${constraints.InclusiveMaximum}`;
  if (constraints.InclusiveMinimum !== undefined && value < constraints.InclusiveMinimum) yield `${path} is below ${constraints.InclusiveMinimum}`;
  if (type.name === 'Sequence') for (const [i, item] of value.entries()) yield* problems(item, resolve(type.element, mappers), mappers, `${path}[${i}]`);
  if (type.name === 'Dictionary') for (const [key, item] of Object.entries(value)) yield* problems(item, resolve(type.value, mappers), mappers, `${path}.${key}`);
  if (type.name === 'Composite') {
    const tag = type.polymorphicDiscriminator;
    const named = tag && value[tag.serializedName.replaceAll('\\.', '.')];
    const chosen = named ? mappers.discriminators?.[`${type.uberParent ?? type.className}.${named}`] : undefined;
    if (tag && !chosen && named !== mapper.serializedName) { yield `${path}.${tag.serializedName}: there is no ${named}`; return; }
    yield* walkTree(value, wireProperties((chosen ?? mapper).type, mappers), mappers, path ? `${path}.` : '');
  }
}

const problems = (value, mapper, mappers, path) => [...judge(value, mapper, mappers, path)];
