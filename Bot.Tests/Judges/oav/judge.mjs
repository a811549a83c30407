// Judges recorded ARM exchanges against Microsoft's own API definitions.
//   node judge.mjs <definitions folder> <exchange file or folder>...
// Exit code 1 on any error, any operation the definitions do not know, and when nothing was judged.
import fs from 'node:fs';
import path from 'node:path';
import oav from 'oav';

const [definitions, ...sources] = process.argv.slice(2);
if (!definitions || sources.length === 0) {
  console.error('usage: node judge.mjs <definitions folder> <exchange file or folder>...');
  process.exit(1);
}

const validator = new oav.LiveValidator({
  directory: path.resolve(definitions),
  swaggerPathsPattern: ['specification/**/{stable,preview}/**/*.json'],
  git: { shouldClone: false },
  isPathCaseSensitive: false,
}, () => {});
await validator.initialize();

const files = sources.flatMap((source) => !fs.statSync(source).isDirectory() ? [source]
  : fs.readdirSync(source).filter((name) => name.endsWith('.jsonl')).map((name) => path.join(source, name)));

const parsed = (text) => {
  if (!text) return undefined;
  try { return JSON.parse(text); } catch { return text; }
};

// The definition of this path demands a parent resource; top-level resources are called without one and slots with
// one of two segments, and oav can match neither.
const withParent = (url) => {
  url.pathname = url.pathname.replace(
    /(\/providers\/[^/]+)(?:\/[^/]+\/[^/]+)?(\/[^/]+\/[^/]+\/providers\/microsoft\.authorization\/permissions)$/i, '$1/parent$2');
  return url;
};

let judged = 0;
const problems = new Map();
const complain = (exchange, side, code, detail) => {
  const key = `${exchange.request.method} ${new URL(exchange.request.url).pathname} ${side} ${code}: ${detail}`;
  problems.set(key, (problems.get(key) ?? 0) + 1);
};

for (const file of files) {
  for (const line of fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const exchange = JSON.parse(line);
    const url = withParent(new URL(exchange.request.url));
    const result = await validator.validateLiveRequestResponse({
      liveRequest: {
        method: exchange.request.method,
        url: url.href,
        headers: { 'content-type': 'application/json', ...exchange.request.headers },
        query: Object.fromEntries(url.searchParams),
        body: parsed(exchange.request.body),
      },
      liveResponse: {
        statusCode: String(exchange.response.status),
        headers: { 'content-type': 'application/json', ...exchange.response.headers },
        body: parsed(exchange.response.body),
      },
    });
    judged++;
    const sides = [['request', result.requestValidationResult]];
    // A scripted answer is wrong on purpose; 401, 403, 404 and 429 come from ARM's front door, which the definitions of the services behind it do not describe.
    const ours = !exchange.scripted && ![401, 403, 404, 429].includes(exchange.response.status);
    if (ours) sides.push(['answer', result.responseValidationResult]);
    for (const [side, verdict] of sides) {
      if (verdict.isSuccessful === true) continue;
      if (verdict.runtimeException) complain(exchange, side, verdict.runtimeException.code, verdict.runtimeException.message);
      else if (verdict.errors.length === 0) complain(exchange, side, 'NOT_JUDGED', 'neither right nor wrong');
      for (const error of verdict.errors) complain(exchange, side, error.code, `${error.message} ${JSON.stringify(error.pathsInPayload ?? [])}`);
    }
  }
}

for (const [problem, times] of problems) console.error(times > 1 ? `${problem} (${times} times)` : problem);
const errors = [...problems.values()].reduce((sum, times) => sum + times, 0);
console.log(`oav: ${judged} requests judged, ${errors} errors`);
process.exit(errors > 0 || judged === 0 ? 1 : 0);
