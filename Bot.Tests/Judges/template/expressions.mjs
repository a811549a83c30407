// The template language, as far as our template uses it: what is not known here is an error, not a guess.
import { createHash } from 'node:crypto';

export class TemplateError extends Error {}

/** "[f('a', g(1)).b[0]]" to a tree; anything that does not begin with one bracket is a plain string. */
export function parse(text) {
  let at = 0;
  const fail = (what) => { throw new TemplateError(`${what} at ${at} of ${text}`); };
  const space = () => { while (text[at] === ' ') at++; };
  const take = (token) => { space(); if (!text.startsWith(token, at)) fail(`'${token}' expected`); at += token.length; };
  const peek = (token) => { space(); return text.startsWith(token, at); };
  const word = () => { space(); const found = /^[A-Za-z_]\w*/.exec(text.slice(at)); if (!found) fail('a name expected'); at += found[0].length; return found[0]; };
  const expression = () => {
    space();
    let tree;
    if (peek("'")) {
      const found = /^'((?:[^']|'')*)'/.exec(text.slice(at)) ?? fail('an open string');
      at += found[0].length;
      tree = { literal: found[1].replaceAll("''", "'") };
    } else if (/[0-9-]/.test(text[at])) {
      const found = /^-?[0-9]+/.exec(text.slice(at)) ?? fail('a number expected');
      at += found[0].length;
      tree = { literal: Number(found[0]) };
    } else {
      const call = word();
      take('(');
      const args = [];
      if (!peek(')')) do args.push(expression()); while (peek(',') && (take(','), true));
      take(')');
      tree = { call, args };
    }
    for (;;) {
      if (peek('.')) { take('.'); tree = { of: tree, member: { literal: word() } }; }
      else if (peek('[')) { take('['); tree = { of: tree, member: expression() }; take(']'); }
      else return tree;
    }
  };
  take('[');
  const tree = expression();
  take(']');
  space();
  if (at !== text.length) fail('something follows');
  return tree;
}

const hex = (parts) => createHash('sha256').update(parts.join('\u0000')).digest('hex');
export const guid = (...parts) => hex(parts).replace(/^(.{8})(.{4}).(.{3})(.{4})(.{12}).*/, '$1-$2-4$3-a$4-$5').replace(/-a(.)/, '-a');
const unique = (...parts) => [...hex(parts)].slice(0, 13).map((c) => 'abcdefghijklmnop'[parseInt(c, 16)]).join('');

function subnet(prefix, bits, index) {
  const [address, length] = prefix.split('/');
  if (bits < Number(length) || index >= 2 ** (bits - Number(length))) throw new TemplateError(`no subnet ${index} of ${bits} bits in ${prefix}`);
  const whole = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + index * 2 ** (32 - bits);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(whole / 2 ** shift) % 256).join('.')}/${bits}`;
}

const isEmpty = (v) => v === null || v === undefined || v === '' || (typeof v === 'object' && Object.keys(v).length === 0);
const typed = (type, names) => {
  const segments = type.split('/');
  if (segments.length - 1 !== names.length) throw new TemplateError(`resourceId('${type}') needs ${segments.length - 1} names and has ${names.length}`);
  return `/providers/${segments[0]}${segments.slice(1).map((s, i) => `/${s}/${names[i]}`).join('')}`;
};

/** @param scope { parameters, variables, group, subscription, tenant, copies, reference(id, version) } */
export function evaluate(tree, scope) {
  if ('literal' in tree) return tree.literal;
  if ('of' in tree) {
    const [value, member] = [evaluate(tree.of, scope), evaluate(tree.member, scope)];
    if (value === null || typeof value !== 'object' || !(member in value)) throw new TemplateError(`there is no ${member} in ${JSON.stringify(value)}`);
    return value[member];
  }
  if (tree.call === 'if') return evaluate(tree.args[evaluate(tree.args[0], scope) === true ? 1 : 2], scope);
  const args = tree.args.map((a) => evaluate(a, scope));
  const known = {
    parameters: (name) => scope.parameters(name),
    variables: (name) => scope.variables(name),
    copyIndex: (name) => scope.copies[typeof name === 'string' ? name : ''] ?? (() => { throw new TemplateError('copyIndex outside a copy'); })(),
    resourceGroup: () => ({ id: scope.group, name: scope.group.split('/').at(-1), location: 'westeurope' }),
    subscription: () => ({ subscriptionId: scope.subscription, tenantId: scope.tenant, id: `/subscriptions/${scope.subscription}` }),
    resourceId: (type, ...names) => scope.named(`${scope.group}${typed(type, names)}`),
    subscriptionResourceId: (type, ...names) => `/subscriptions/${scope.subscription}${typed(type, names)}`,
    extensionResourceId: (id, type, ...names) => `${id}${typed(type, names)}`,
    reference: (id, version) => scope.reference(id, version),
    format: (text, ...values) => text.replace(/\{(\d+)\}/g, (_, i) => i < values.length ? values[i] : (() => { throw new TemplateError(`format lacks {${i}}`); })()),
    concat: (...parts) => Array.isArray(parts[0]) ? parts.flat(1) : parts.join(''),
    uniqueString: unique,
    guid,
    take: (value, count) => value.slice(0, count),
    substring: (value, start, count) => start + count > value.length ? (() => { throw new TemplateError('substring beyond its end'); })() : value.substr(start, count),
    split: (value, by) => value.split(by),
    length: (value) => typeof value === 'object' ? Object.keys(value).length : value.length,
    empty: isEmpty,
    not: (value) => !value,
    null: () => null,
    true: () => true,
    false: () => false,
    createArray: (...values) => values,
    createObject: (...pairs) => Object.fromEntries(pairs.flatMap((v, i) => i % 2 ? [] : [[v, pairs[i + 1]]])),
    cidrSubnet: subnet,
  };
  if (!Object.hasOwn(known, tree.call)) throw new TemplateError(`the function ${tree.call} is not one this template may use`);
  return known[tree.call](...args);
}

/** Every string of a value, keys included, evaluated. */
export function expand(value, scope) {
  if (typeof value === 'string') return value.startsWith('[[') ? value.slice(1) : value.startsWith('[') && value.endsWith(']') ? evaluate(parse(value), scope) : value;
  if (Array.isArray(value)) return value.map((v) => expand(v, scope));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [expand(k, scope), expand(v, scope)]));
  return value;
}
