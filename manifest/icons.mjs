// node manifest/icons.mjs [folder]
// Draws color.png (192×192) and outline.png (32×32): a shield that holds a check mark above pause and play, the two run modes.
// Nothing but Node: shapes are distance functions in a unit square, sampled 8×8 a pixel, written as PNG by hand. The same run gives the same bytes.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';

const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
const mix = (a, b, t) => a.map((v, i) => v + (b[i] - v) * t);

/** Distance to the polyline through the points; half the stroke's width makes a round-capped line of it. */
const line = (points) => (x, y) => {
  let best = Infinity;
  for (let i = 1; i < points.length; i++) {
    const [[ax, ay], [bx, by]] = [points[i - 1], points[i]];
    const [dx, dy] = [bx - ax, by - ay];
    const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1), 0, 1);
    best = Math.min(best, Math.hypot(x - ax - t * dx, y - ay - t * dy));
  }
  return best;
};

/** Signed distance to a closed polygon: negative inside. */
const polygon = (points) => {
  const edge = line([...points, points[0]]);
  return (x, y) => {
    let inside = false;
    for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
      const [[ax, ay], [bx, by]] = [points[i], points[j]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
    return inside ? -edge(x, y) : edge(x, y);
  };
};

/** Half of a shield by cubic curves, mirrored. */
function shield(cx, top, halfWidth, height) {
  const cubic = (p, q, r, s, t) => {
    const u = 1 - t;
    return [0, 1].map((i) => u ** 3 * p[i] + 3 * u * u * t * q[i] + 3 * u * t * t * r[i] + t ** 3 * s[i]);
  };
  const steps = [...Array(24).keys()].map((i) => i / 24);
  const shoulder = steps.map((t) => cubic([0, 0], [0.3, 0.1], [0.62, 0.14], [1, 0.14], t));
  const side = [...steps, 1].map((t) => cubic([1, 0.14], [1.02, 0.62], [0.72, 0.86], [0, 1], t));
  const right = [...shoulder, ...side].map(([x, y]) => [cx + x * halfWidth, top + y * height]);
  return polygon([...right, ...right.slice(1, -1).reverse().map(([x, y]) => [2 * cx - x, y])]);
}

function png(size, colorAt) {
  const samples = 8;
  const raw = Buffer.alloc(size * (1 + size * 4));
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
    const sum = [0, 0, 0, 0];
    for (let s = 0; s < samples * samples; s++) {
      const [r, g, b, a] = colorAt((x + ((s % samples) + 0.5) / samples) / size, (y + (Math.floor(s / samples) + 0.5) / samples) / size);
      sum[0] += r * a; sum[1] += g * a; sum[2] += b * a; sum[3] += a;
    }
    const at = y * (1 + size * 4) + 1 + x * 4;
    for (let i = 0; i < 3; i++) raw[at + i] = sum[3] > 0 ? Math.round(sum[i] / sum[3]) : 255;
    raw[at + 3] = Math.round((sum[3] / (samples * samples)) * 255);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

/** The checksum of PNG; the one in node:zlib came after Node 20. */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

// The colour icon: a full-bleed square (Teams rounds it), a white shield, the check mark, then pause | play.
const indigo = [67, 56, 163];
const violet = [113, 92, 214];
const white = [255, 255, 255];
const big = shield(0.5, 0.13, 0.325, 0.76);
const check = line([[0.365, 0.405], [0.465, 0.5], [0.645, 0.3]]);
const pause = [line([[0.4, 0.615], [0.4, 0.7]]), line([[0.456, 0.615], [0.456, 0.7]])];
const play = polygon([[0.545, 0.605], [0.545, 0.71], [0.628, 0.6575]]);

function color(x, y) {
  const background = mix(violet, indigo, clamp((x + y) / 2, 0, 1));
  if (big(x, y) > 0) return [...mix(background, [30, 20, 90], 0.28 * clamp(1 - big(x, y - 0.02) / 0.035, 0, 1)), 1];
  if (check(x, y) < 0.042) return [...mix([22, 140, 90], [34, 160, 100], y), 1];
  if (pause.some((bar) => bar(x, y) < 0.0175) || play(x, y) < 0.012) return [...indigo, 1];
  return [...mix(white, [238, 236, 252], y), 1];
}

// The outline icon: white on nothing, strokes of two pixels that survive 32 px; pause and play would not.
const small = shield(0.5, 0.07, 0.375, 0.86);
const tick = line([[0.34, 0.49], [0.455, 0.605], [0.665, 0.375]]);
const outline = (x, y) => [...white, Math.abs(small(x, y)) < 0.032 || tick(x, y) < 0.034 ? 1 : 0];

const folder = process.argv[2] ?? dirname(fileURLToPath(import.meta.url));
writeFileSync(join(folder, 'color.png'), png(192, color));
writeFileSync(join(folder, 'outline.png'), png(32, outline));
