// node judge.mjs <template> <parameters> [out.json] [parameter=json ...]
// Expands the template as Azure would, judges each body by Microsoft's definitions, and prints one line per problem, then
// "template: N resources, M judged by definition, K problems"; exit 1 when there are problems. Types named in `elsewhere` have their definitions
// in the reference data and are judged by oav from out.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { definitionOf } from './definitions.mjs';
import { expand, guid, TemplateError } from './expressions.mjs';

const [templateFile, parametersFile, out, ...overrides] = process.argv.slice(2);
if (!parametersFile) {
  console.error('usage: node judge.mjs <template> <parameters> [out.json] [parameter=json ...]');
  process.exit(2);
}

const elsewhere = { 'microsoft.web': '2023-12-01', 'microsoft.authorization': '2022-04-01', 'microsoft.resources': '2024-03-01' };
const tenant = '72f988bf-0000-4000-8000-000000000001';
const home = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-runmodes';
const problems = [];
const complain = (where, what) => problems.push(`${where}: ${what}`);
const resources = [];
let judged = 0;

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const template = read(templateFile);
const parameters = read(parametersFile);
if (!parameters.$schema?.endsWith('/2019-04-01/deploymentParameters.json#')) complain('parameters', 'an unknown schema');
const given = Object.fromEntries(Object.entries(parameters.parameters).map(([k, v]) => [k, v.value]));
for (const override of overrides) given[override.slice(0, override.indexOf('='))] = JSON.parse(override.slice(override.indexOf('=') + 1));

/** Secrets are followed by what they say: wherever these words end up, the secret would. */
const canary = (name) => `canary-of-${name}`;

function judgeParameter(where, name, declared, value) {
  const kinds = { string: 'string', securestring: 'string', int: 'number', bool: 'boolean', array: 'array', object: 'object', secureobject: 'object' };
  const kind = Array.isArray(value) ? 'array' : typeof value;
  if (kinds[declared.type.toLowerCase()] !== kind) return complain(where, `${name} must be ${declared.type} and is ${kind}`);
  if (declared.allowedValues && !declared.allowedValues.includes(value)) complain(where, `${name} is none of ${declared.allowedValues.join(', ')}`);
  if (value.length < declared.minLength || value.length > declared.maxLength) complain(where, `${name} is not ${declared.minLength ?? 0} to ${declared.maxLength ?? 'any'} long`);
  if (value < declared.minValue || value > declared.maxValue) complain(where, `${name} is not ${declared.minValue} to ${declared.maxValue}`);
}

function deploy(part, values, group, where) {
  const [, , subscription] = group.split('/');
  const declared = part.parameters ?? {};
  for (const name of Object.keys(values)) if (!declared[name]) complain(where, `there is no parameter ${name}`);
  const mine = new Map();
  const named = new Set();
  const scope = {
    tenant, subscription, group, copies: {},
    named: (id) => (named.add(id), id),
    parameters: (name) => {
      if (!declared[name]) throw new TemplateError(`there is no parameter ${name}`);
      const value = name in values ? values[name] : 'defaultValue' in declared[name] ? expand(declared[name].defaultValue, scope) : (() => { throw new TemplateError(`the parameter ${name} is not given`); })();
      if (!scope[`judged ${name}`]) judgeParameter(where, name, declared[name], value);
      scope[`judged ${name}`] = true;
      return value;
    },
    variables: (name) => {
      const copied = (part.variables?.copy ?? []).find((c) => c.name === name);
      if (copied) return repeat(copied, copied.name, () => expand(copied.input, scope));
      if (!part.variables || !(name in part.variables)) throw new TemplateError(`there is no variable ${name}`);
      return expand(part.variables[name], scope);
    },
    reference: (id, version) => {
      const type = typeOf(id);
      const resource = mine.get(id.toLowerCase());
      if (!resource) throw new TemplateError(`reference to ${id}, which is not deployed here`);
      if (resource.apiVersion !== version) throw new TemplateError(`reference to ${id} in ${version}, deployed in ${resource.apiVersion}`);
      scope.awaits?.add(id.toLowerCase());
      if (type === 'microsoft.managedidentity/userassignedidentities') return { clientId: guid(id, 'client'), principalId: guid(id, 'principal') };
      if (type === 'microsoft.web/sites') return { defaultHostName: `${id.split('/').at(-1)}.azurewebsites.net` };
      throw new TemplateError(`nobody says what a reference to ${type} answers`);
    },
  };
  const repeat = (copy, key, each) => Array.from({ length: expand(copy.count, scope) }, (_, i) => {
    const before = scope.copies;
    scope.copies = { ...before, [key]: i, ...(key === copy.name ? {} : { [copy.name]: i }) };
    try { return each(); } finally { scope.copies = before; }
  });

  /** Where a nested deployment goes: another group, or a subscription itself. */
  const placeOf = ({ subscriptionId, resourceGroup }) => !subscriptionId ? group
    : `/subscriptions/${expand(subscriptionId, scope)}${resourceGroup ? `/resourceGroups/${expand(resourceGroup, scope)}` : ''}`;

  const instances = part.resources.flatMap((resource) => resource.copy ? repeat(resource.copy, '', () => ({ resource, copies: scope.copies })) : [{ resource, copies: {} }]);
  const attempt = (label, what) => { try { return what(); } catch (e) { if (!(e instanceof TemplateError)) throw e; complain(label, e.message); } };
  for (const instance of instances) {
    const { resource } = instance;
    scope.copies = instance.copies;
    attempt(`${where} ${resource.type}`, () => {
      const at = placeOf(resource);
      const parent = resource.scope ? `${at}/providers/${expand(resource.scope, scope)}` : at;
      const [provider, ...kinds] = resource.type.split('/');
      const names = expand(resource.name, scope).split('/');
      if (names.length !== kinds.length) throw new TemplateError(`the name ${names.join('/')} has not one part for each of ${kinds.join('/')}`);
      instance.id = `${parent}/providers/${provider}${kinds.map((k, i) => `/${k}/${names[i]}`).join('')}`;
      if (mine.has(instance.id.toLowerCase())) throw new TemplateError(`${instance.id} is deployed twice`);
      mine.set(instance.id.toLowerCase(), resource);
      for (const subnet of resource.properties?.subnets ?? []) mine.set(`${instance.id}/subnets/${subnet.name}`.toLowerCase(), resource);
    });
  }

  for (const { resource, copies, id } of instances.filter((i) => i.id)) {
    scope.copies = copies;
    scope.awaits = new Set();
    attempt(id, () => {
      const { type, apiVersion, name, comments, condition, dependsOn = [], copy, scope: on, subscriptionId, resourceGroup, ...body } = resource;
      const awaited = expand(dependsOn, scope).map((d) => d.toLowerCase());
      for (const one of awaited) if (!mine.has(one)) complain(id, `depends on ${one}, which is not deployed here`);
      const inner = type === 'Microsoft.Resources/deployments' ? body.properties.template : undefined;
      const expanded = expand(inner ? { ...body, properties: { ...body.properties, template: {} } } : body, scope);
      for (const one of scope.awaits) if (!awaited.includes(one)) complain(id, `refers to ${one} and does not depend on it`);
      const wanted = condition === undefined || expand(condition, scope) === true;
      if (!wanted) return;
      const at = placeOf(resource);
      resources.push({ id, type, apiVersion, body: inner ? { ...expanded, properties: { ...expanded.properties, template: inner } } : expanded });
      const definition = elsewhere[type.split('/')[0].toLowerCase()] ? undefined : definitionOf(type, apiVersion);
      if (definition) {
        judged++;
        if (definition.version !== apiVersion) complain(id, `is judged by ${definition.version} and deployed in ${apiVersion}`);
        for (const line of definition.judge(expanded)) complain(id, line);
      } else if (elsewhere[type.split('/')[0].toLowerCase()] !== apiVersion) {
        complain(id, `nobody has a definition of ${type} in ${apiVersion}`);
      }

      if (inner) deploy(inner, Object.fromEntries(Object.entries(expanded.properties.parameters).map(([k, v]) => [k, v.value])), at, id);
    });
  }

  for (const id of named) if (!mine.has(id.toLowerCase())) complain(where, `names ${id}, which is not deployed here`);
  for (const [name, { value, type }] of Object.entries(part.outputs ?? {})) {
    if (/secure/i.test(type)) complain(where, `the output ${name} is a secret`);
    const said = attempt(`${where} output ${name}`, () => JSON.stringify(expand(value, scope))) ?? '';
    if (said.includes('canary-of-')) complain(where, `the output ${name} holds a secret`);
  }
  const text = JSON.stringify(part);
  for (const name of Object.keys(declared)) if (!text.includes(`parameters('${name}')`)) complain(where, `the parameter ${name} is not used`);
  const variables = [...Object.keys(part.variables ?? {}).filter((v) => v !== 'copy'), ...(part.variables?.copy ?? []).map((c) => c.name)];
  for (const name of variables) if (!text.includes(`variables('${name}')`)) complain(where, `the variable ${name} is not used`);
}

const typeOf = (id) => {
  const segments = id.slice(id.toLowerCase().lastIndexOf('/providers/') + '/providers/'.length).split('/');
  return [segments[0], ...segments.filter((_, i) => i % 2 === 1)].join('/').toLowerCase();
};

if (!template.$schema?.endsWith('/2019-04-01/deploymentTemplate.json#')) complain('template', 'an unknown schema');
for (const key of Object.keys(template)) if (!['$schema', 'contentVersion', 'metadata', 'parameters', 'variables', 'resources', 'outputs'].includes(key)) complain('template', `${key} is unknown`);
for (const [name, { type, defaultValue }] of Object.entries(template.parameters)) {
  const secret = /password|secret|key$/i.test(name);
  if (secret && !/^secure/i.test(type)) complain('template', `the parameter ${name} reads like a secret and is a plain ${type}`);
  if (/^secure/i.test(type) && !(defaultValue === undefined || defaultValue === '')) complain('template', `the secret ${name} has a default`);
  if (/^secure/i.test(type) && !(name in given)) given[name] = canary(name);
  if (/^secure/i.test(type) && name in parameters.parameters) complain('parameters', `${name} is a secret and stands in a file`);
}
deploy(template, given, home, 'template');

const secretPlaces = /^Microsoft\.KeyVault\/vaults\/secrets properties\.value$|^Microsoft\.DBforPostgreSQL\/flexibleServers properties\.administratorLoginPassword$/;
const follow = (type, value, path) => {
  if (typeof value === 'string') { if (value.includes('canary-of-') && !secretPlaces.test(`${type} ${path}`)) complain(type, `a secret stands in ${path}`); }
  else if (value && typeof value === 'object') for (const [k, v] of Object.entries(value)) follow(type, v, path ? `${path}.${k}` : k);
};
for (const { type, body } of resources) follow(type, body, '');

if (out) writeFileSync(out, JSON.stringify(resources, null, 1));
for (const line of problems) console.log(line);
console.log(`template: ${resources.length} resources, ${judged} judged by definition, ${problems.length} problems`);
process.exit(problems.length > 0 || judged === 0 ? 1 : 0);
