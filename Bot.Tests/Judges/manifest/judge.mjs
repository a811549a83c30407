// node judge.mjs <folder with manifest.json and the icons>
// Prints one line per problem, then "manifest: N checks, M problems"; exit 1 when there are problems.
// The schema is Microsoft's, shipped inside their package, so nothing is fetched; the icon rules are the store's.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

const require = createRequire(import.meta.url);
const { AppManifestUtils } = require('@microsoft/app-manifest');

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node judge.mjs <manifest folder>');
  process.exit(2);
}

let checks = 0;
const problems = [];
const expect = (good, line) => {
  checks++;
  if (!good) problems.push(line);
};

const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const schemaPath = require.resolve('@microsoft/app-manifest').replace(/build.*$/, `build/json-schemas/teams/v${manifest.manifestVersion}/MicrosoftTeams.schema.json`);
expect(existsSync(schemaPath), `no schema is known for manifestVersion ${manifest.manifestVersion}`);
if (existsSync(schemaPath)) {
  const errors = await AppManifestUtils.validateAgainstSchema(manifest, JSON.parse(readFileSync(schemaPath, 'utf8')));
  expect(errors.length === 0, `schema: ${errors.join('; ')}`);
}

const names = [manifest.name.short, manifest.name.full];
expect(!names.some((n) => /teams|azure|microsoft|office|entra/i.test(n)), `a product name of Microsoft stands in the app's name: ${names.join(' / ')}`);
for (const bot of manifest.bots) {
  const perScope = new Map();
  for (const list of bot.commandLists) for (const scope of list.scopes) {
    expect(bot.scopes.includes(scope), `commands for the scope ${scope}, which the bot does not have`);
    perScope.set(scope, [...(perScope.get(scope) ?? []), ...list.commands.map((c) => c.title)]);
  }
  for (const scope of bot.scopes) {
    const titles = perScope.get(scope) ?? [];
    expect(titles.includes('help'), `no help among the commands of ${scope}`);
    expect(titles.length <= 10, `${titles.length} commands in ${scope}, the menu shows ten`);
    expect(new Set(titles).size === titles.length, `a command twice in ${scope}`);
  }
}

/** Size and pixels of an 8-bit RGBA PNG without interlacing. */
function readPng(path) {
  const bytes = readFileSync(path);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (bytes.toString('latin1', 1, 4) !== 'PNG' || bytes[24] !== 8 || bytes[25] !== 6 || bytes[28] !== 0) throw new Error(`${path} is not a plain 8-bit RGBA PNG`);
  const parts = [];
  for (let i = 8; i < bytes.length; i += bytes.readUInt32BE(i) + 12) if (bytes.toString('latin1', i + 4, i + 8) === 'IDAT') parts.push(bytes.subarray(i + 8, i + 8 + bytes.readUInt32BE(i)));
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * 4;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x >= 4 ? pixels[y * stride + x - 4] : 0;
      const up = y > 0 ? pixels[(y - 1) * stride + x] : 0;
      const corner = x >= 4 && y > 0 ? pixels[(y - 1) * stride + x - 4] : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      pixels[y * stride + x] = raw[y * (stride + 1) + 1 + x] + predicted;
    }
  }
  return { width, height, pixels };
}

function paeth(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

const color = readPng(join(folder, manifest.icons.color));
expect(color.width === 192 && color.height === 192, `color icon is ${color.width}×${color.height}, 192×192 wanted`);
expect(color.pixels.every((v, i) => i % 4 !== 3 || v === 255), 'color icon has transparent pixels, its square must be filled');

const outline = readPng(join(folder, manifest.icons.outline));
const alpha = outline.pixels.filter((_, i) => i % 4 === 3);
expect(outline.width === 32 && outline.height === 32, `outline icon is ${outline.width}×${outline.height}, 32×32 wanted`);
expect(outline.pixels.every((v, i) => i % 4 === 3 || outline.pixels[i - (i % 4) + 3] === 0 || v === 255), 'outline icon has a pixel that is not white');
expect(alpha.some((a) => a === 0) && alpha.some((a) => a === 255), 'outline icon must be white on transparent');

for (const line of problems) console.log(line);
console.log(`manifest: ${checks} checks, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
