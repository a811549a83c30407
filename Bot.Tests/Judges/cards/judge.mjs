// node judge.mjs <folder of *.json cards> <adaptive card 1.5.0 schema>
// Prints one line per problem, then "cards: N judged, M problems"; exit 1 when there are problems or nothing was judged.
//
// Two judges, because each overlooks what the other sees: the schema knows every member but not what the SDK makes of it,
// the SDK's parser knows elements, values and ids but ignores members it does not know. The rules of our own contract come third.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const Ajv = require('ajv').default;
// The ES modules of the package do not load in Node; its bundle does.
const sdk = require('adaptivecards/dist/adaptivecards.min.js');

const maxBytes = 25 * 1024;
const verbs = new Set(['approve', 'deny', 'recheck', 'investigate', 'confirm', 'cancel', 'undo', 'keepwaiting', 'annotate']);
const onlyIn = { approve: 'Awaiting approval', deny: 'Awaiting approval', recheck: 'Blocked' };

function compileSchema(path) {
  const schema = JSON.parse(readFileSync(path, 'utf8'));
  // A draft-06 schema with an id in draft-04 spelling: without it ajv compiles the file as it is.
  delete schema.id;
  // Teams reads members of its own that the schema, which forbids unknown ones, has never heard of.
  for (const host of ['AdaptiveCard', 'Action.Submit', 'Action.Execute']) schema.definitions[host].properties.msteams = { type: 'object' };
  // Only the card itself needs a version; the card inside an Action.ShowCard does not.
  schema.required = ['version'];
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, validateFormats: false });
  ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'));
  return ajv.compile(schema);
}

/** ajv reports every branch of every anyOf: only what the definition of the element itself says is news, and only once a place. */
function schemaProblems(errors, card) {
  const told = new Map();
  for (const { instancePath, parentSchema, keyword, message, params } of errors) {
    const types = parentSchema.properties?.type?.enum;
    const ofAnotherElement = types ? !types.includes(typeAt(card, instancePath)) : instancePath.endsWith('/type');
    if (ofAnotherElement || keyword === 'anyOf' || told.has(instancePath)) continue;
    told.set(instancePath, `schema: ${instancePath || '/'} ${message}${params?.additionalProperty ? ` '${params.additionalProperty}'` : ''}`);
  }
  return told.size > 0 ? [...told.values()] : [`schema: ${errors[0].instancePath || '/'} fits no element`];
}

/** Type of the nearest typed node that holds the place a JSON pointer names. */
function typeAt(card, pointer) {
  let node = card;
  let type = card.type;
  for (const step of pointer.split('/').slice(1)) {
    node = node?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
    if (typeof node?.type === 'string') type = node.type;
  }
  return type;
}

function sdkProblems(json) {
  const context = new sdk.SerializationContext();
  const card = new sdk.AdaptiveCard();
  card.parse(json, context);
  const events = [];
  for (let i = 0; i < context.eventCount; i++) events.push(context.getEventAt(i));
  const asInputs = card.validateProperties().validationEvents;
  return [...events, ...asInputs].map((e) => `sdk: ${sdk.ValidationEvent[e.event] ?? e.event}: ${e.message}`);
}

/** Every typed node with the node that holds it; what a button carries is data, not card. */
function* nodes(value, holder = null) {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodes(item, holder);
  } else if (value && typeof value === 'object') {
    const typed = typeof value.type === 'string';
    if (typed) yield [value, holder];
    for (const [key, child] of Object.entries(value)) if (key !== 'data' && key !== 'msteams') yield* nodes(child, typed ? value : holder);
  }
}

function buttonProblems(execute, holder, status) {
  const name = `contract: button '${execute.title}'`;
  const problems = [];
  const say = (line) => problems.push(`${name} ${line}`);
  if (holder?.type !== 'ActionSet') say('stands outside an ActionSet, where some clients ignore its fallback');
  if (!execute.title) say('has no title');
  if (!verbs.has(execute.verb)) say(`has the verb '${execute.verb}', which does not exist`);
  const word = onlyIn[execute.verb];
  if (word && !status.startsWith(word)) say(`(${execute.verb}) belongs to a card that is ${word}, this one says '${status}'`);
  const data = execute.data ?? {};
  if (typeof data.p !== 'string' || data.p === '' || !Number.isInteger(data.r)) say('must carry { p: opaque id, r: revision }');

  const fallback = execute.fallback;
  if (fallback?.type !== 'Action.Submit') {
    say('has no Action.Submit as fallback');
  } else {
    if (fallback.title !== execute.title) say('has a fallback with another title');
    if (fallback.data?.verb !== execute.verb) say('has a fallback whose data lacks its verb');
    if (fallback.data?.p !== data.p || fallback.data?.r !== data.r) say('has a fallback that names something else');
  }
  return problems;
}

function contractProblems(card, bytes) {
  const all = [...nodes(card)];
  const problems = [];
  if (card.version !== '1.5') problems.push(`contract: version is ${card.version}, not 1.5`);
  if (bytes > maxBytes) problems.push(`contract: ${bytes} bytes, at most ${maxBytes}`);

  const statuses = all.filter(([n]) => n.type === 'TextBlock' && n.id === 'status');
  if (statuses.length !== 1) problems.push(`contract: ${statuses.length} TextBlocks with id 'status', exactly one wanted`);
  const status = statuses[0]?.[0].text ?? '';

  // A fallback replaces its element, so the two may share an id.
  const ids = all.filter(([n, holder]) => n.id && holder?.fallback !== n).map(([n]) => n.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) problems.push(`contract: id '${id}' is used more than once`);

  for (const [node, holder] of all) {
    if (node.type.startsWith('Input.') && !node.label) problems.push(`contract: input '${node.id}' has no label`);
    if (node.type === 'Image' && !node.altText) problems.push('contract: an image has no altText');
    if (node.type === 'Action.Execute') problems.push(...buttonProblems(node, holder, status));
    if (node.type === 'Action.Submit' && holder?.fallback !== node) problems.push(`contract: Action.Submit '${node.title}' is not the fallback of an Action.Execute`);
  }
  return problems;
}

const [folder, schemaPath] = process.argv.slice(2);
if (!folder || !schemaPath) {
  console.error('usage: node judge.mjs <folder of *.json cards> <schema.json>');
  process.exit(2);
}

const fitsSchema = compileSchema(schemaPath);
const files = readdirSync(folder, { recursive: true }).map(String).filter((f) => f.endsWith('.json')).sort();
let problems = 0;
for (const file of files) {
  const found = [];
  try {
    const card = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (!fitsSchema(card)) found.push(...schemaProblems(fitsSchema.errors, card));
    found.push(...sdkProblems(card), ...contractProblems(card, Buffer.byteLength(JSON.stringify(card))));
  } catch (error) {
    found.push(`unreadable: ${error.message}`);
  }
  for (const line of new Set(found)) console.log(`${file}: ${line}`);
  problems += new Set(found).size;
}

console.log(`cards: ${files.length} judged, ${problems} problems`);
process.exit(problems > 0 || files.length === 0 ? 1 : 0);
