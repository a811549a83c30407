// One headless Chromium, spoken to over its debugging pipe: no driver package, no port, nothing fetched from outside.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const quiet = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars', '--allow-file-access-from-files',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND',
];

export async function withChromium(use) {
  const program = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(program)) throw new Error(`no Chromium at ${program}: install it, or name yours in CHROMIUM`);
  const profile = mkdtempSync(join(tmpdir(), 'cards-chromium-'));
  const child = spawn(program, [...quiet, `--user-data-dir=${profile}`, '--remote-debugging-pipe'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const gone = new Promise((resolve) => child.on('exit', resolve));
  try {
    return await use(connect(child));
  } finally {
    child.kill('SIGTERM');
    const stubborn = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(stubborn);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function connect(child) {
  const [, , , out, into] = child.stdio;
  const waiting = new Map();
  const listeners = new Set();
  let next = 0;
  let pending = '';
  into.setEncoding('utf8');
  into.on('data', (chunk) => {
    const parts = (pending + chunk).split('\0');
    pending = parts.pop();
    for (const part of parts) {
      const message = JSON.parse(part);
      if (message.id === undefined) {
        for (const listener of listeners) listener(message);
        continue;
      }
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
    }
  });
  child.on('exit', () => waiting.forEach(({ reject }) => reject(new Error('Chromium ended'))));

  const send = (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      const id = ++next;
      waiting.set(id, { resolve, reject });
      out.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });

  /** Opens a page, waits until it is loaded, and draws it whole. Whatever its function `judge` returns comes back as found. */
  async function draw(url, width) {
    const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
    const at = (method, params) => send(method, params, sessionId);
    await at('Emulation.setDeviceMetricsOverride', { width, height: 800, deviceScaleFactor: 1, mobile: false });
    await at('Page.enable');
    const loaded = new Promise((resolve) => {
      const listener = (message) => {
        if (message.sessionId !== sessionId || message.method !== 'Page.loadEventFired') return;
        listeners.delete(listener);
        resolve();
      };
      listeners.add(listener);
    });
    await at('Page.navigate', { url });
    await loaded;
    const { result, exceptionDetails } = await at('Runtime.evaluate', { expression: 'document.fonts.ready.then(judge)', awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    const { cssContentSize } = await at('Page.getLayoutMetrics');
    const clip = { x: 0, y: 0, width: cssContentSize.width, height: cssContentSize.height, scale: 1 };
    const { data } = await at('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true, clip });
    await send('Target.closeTarget', { targetId });
    return { png: Buffer.from(data, 'base64'), found: result.value };
  }

  return { draw };
}
