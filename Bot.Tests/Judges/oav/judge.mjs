// Judges recorded ARM exchanges against Microsoft's own API definitions.
//   node judge.mjs <definitions folder> <exchange file or folder>...
// Exit code 1 on any error, any operation the definitions do not know, and when nothing was judged.
// What the Azure CLI sent asks for versions of its own. Where the definitions lack one, its request is judged by the version of the same service
// that they have; where they lack the service, it is not judged, and the list below says which those are.
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

const neighbours = {
  'microsoft.compute': '2024-03-01', 'microsoft.containerservice': '2024-02-01', 'microsoft.insights/autoscalesettings': '2015-04-01', 'microsoft.resources': '2024-03-01',
  'microsoft.sql': '2021-11-01', 'microsoft.web': '2023-12-01',
};
const beyond = [
  'microsoft.cache', 'microsoft.compute/disks', 'microsoft.containerregistry', 'microsoft.dbformysql', 'microsoft.dbforpostgresql', 'microsoft.documentdb', 'microsoft.operationalinsights',
  'microsoft.servicebus', 'microsoft.storage',
];
const serviceOf = (url) => {
  const [provider, type] = url.pathname.toLowerCase().split('/providers/').at(-1).split('/');
  return url.pathname.toLowerCase().includes('/providers/') ? [`${provider}/${type}`, provider] : ['microsoft.resources'];
};
const ofAz = { own: 0, neighbour: 0, not: new Map() };

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
    const byAz = exchange.by === 'az';
    let stoodIn = false;
    if (byAz) {
      const services = serviceOf(url);
      const version = url.searchParams.get('api-version');
      if (services.some((service) => beyond.includes(service))) {
        const what = `${services.find((service) => beyond.includes(service))} ${version}`;
        ofAz.not.set(what, (ofAz.not.get(what) ?? 0) + 1);
        continue;
      }

      const neighbour = services.map((service) => neighbours[service]).find(Boolean);
      stoodIn = neighbour !== undefined && neighbour !== version;
      if (stoodIn) url.searchParams.set('api-version', neighbour);
      ofAz[stoodIn ? 'neighbour' : 'own']++;
    }

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
    // Nor does a neighbouring version describe the answer to another.
    const ours = !stoodIn && !exchange.scripted && ![401, 403, 404, 429].includes(exchange.response.status);
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
if (ofAz.own + ofAz.neighbour + ofAz.not.size > 0) {
  const not = [...ofAz.not].sort().map(([what, times]) => `${what} (${times})`).join(', ');
  console.log(`az: ${ofAz.own} requests judged by their own version, ${ofAz.neighbour} by a neighbouring one, not judged: ${not || 'none'}`);
}
console.log(`oav: ${judged} requests judged, ${errors} errors`);
process.exit(errors > 0 || judged === 0 ? 1 : 0);
