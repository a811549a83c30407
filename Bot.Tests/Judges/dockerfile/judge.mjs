// node judge.mjs <Dockerfile> [plan.json]
// Prints one line per problem, then "Dockerfile: N instructions, M problems"; exit 1 when there are problems. plan.json gets, for each stage, what it
// copies, runs and starts, so that a test can take the steps without an engine.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';

const [file, out] = process.argv.slice(2);
if (!file) {
  console.error('usage: node judge.mjs <Dockerfile> [plan.json]');
  process.exit(2);
}

const text = readFileSync(file, 'utf8');
const root = dirname(resolve(file));
const problems = validate(text).map((p) => `line ${p.range.start.line + 1}: ${p.message}`);
const stages = [];
const instructions = DockerfileParser.parse(text).getInstructions();
for (const one of instructions) {
  const line = one.getRange().start.line + 1;
  const complain = (what) => problems.push(`line ${line}: ${what}`);
  const words = one.getArguments().map((a) => a.getValue());
  const keyword = one.getKeyword();
  if (keyword === 'FROM') {
    const base = stages.find((s) => s.name === words[0]);
    if (!base && (!words[0].includes(':') || words[0].endsWith(':latest'))) complain(`${words[0]} names no version`);
    stages.push({ name: words[2], from: words[0], copies: [], runs: [], user: base?.user, entrypoint: base?.entrypoint, shell: base?.shell });
    continue;
  }

  const stage = stages.at(-1);
  if (!stage) { complain('before any FROM'); continue; }
  switch (keyword) {
    case 'ADD':
      complain('ADD fetches and unpacks; COPY does not');
      break;
    case 'COPY': {
      const from = /--from=(\S+)/.exec(one.getTextContent())?.[1];
      const paths = words.filter((w) => !w.startsWith('--'));
      if (from && !stages.some((s) => s.name === from)) complain(`there is no stage ${from}`);
      if (!from) for (const path of paths.slice(0, -1)) if (!existsSync(join(root, path))) complain(`there is no ${path}`);
      stage.copies.push({ from, paths });
      break;
    }
    case 'RUN': {
      const command = one.getTextContent().replace(/^RUN\s+/i, '').replace(/\\\r?\n/g, ' ');
      if (/\bsudo\b/.test(command)) complain('sudo in an image');
      if (/apt-get install/.test(command) && (!/--no-install-recommends/.test(command) || !/rm -rf \/var\/lib\/apt\/lists/.test(command))) complain('apt-get install brings what nobody asked for, or leaves its lists');
      if (/curl (?!-f)[^|&]*https?:|wget/.test(command) || /http:\/\//.test(command)) complain('a download whose failure or origin goes unnoticed');
      if (/\|/.test(command) && !/pipefail/.test(stage.shell ?? '')) complain('a pipe whose failure goes unnoticed');
      stage.runs.push(command);
      break;
    }
    case 'ENV':
    case 'ARG':
      if (/(password|secret|token|api_?key|connectionstring="?[^"]*password)\w*\s*=/i.test(one.getTextContent())) complain('reads like a secret, and images are read by many');
      break;
    case 'SHELL':
      stage.shell = one.getTextContent();
      break;
    case 'USER':
      stage.user = words[0];
      break;
    case 'ENTRYPOINT':
    case 'CMD':
      if (!one.getTextContent().replace(/^\w+\s+/, '').startsWith('[')) complain('a shell stands between the platform and the program');
      stage.entrypoint = words.map((w) => w.replace(/^[[",]+|[\],"]+$/g, '')).filter(Boolean);
      break;
  }
}

for (const stage of stages.filter((s) => s.name !== 'build')) {
  if (!stage.user || /^(root|0)(:|$)/.test(stage.user)) problems.push(`the stage ${stage.name} runs as ${stage.user ?? 'root'}`);
  if (!stage.entrypoint) problems.push(`the stage ${stage.name} starts nothing`);
}

if (out) writeFileSync(out, JSON.stringify(stages, null, 1));
for (const line of problems) console.log(line);
console.log(`Dockerfile: ${instructions.length} instructions, ${problems.length} problems`);
process.exit(problems.length > 0 || instructions.length === 0 ? 1 : 0);
