// node render.mjs <folder of cards> <out folder> <host config light> <host config dark>
// Draws every card as Teams would theme it: light and dark, at desktop and at phone width, side by side in one PNG a card; where a button
// unfolds something, once more unfolded. Prints a line where a drawing runs over its edge or cuts text; exit 1 then, or when nothing was drawn.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withChromium } from './chromium.mjs';

const require = createRequire(import.meta.url);
const [folder, out, light, dark] = process.argv.slice(2);
if (!folder || !out || !light || !dark) {
  console.error('usage: node render.mjs <folder of cards> <out folder> <host config light> <host config dark>');
  process.exit(2);
}

const widths = [600, 320];
const sheetWidth = 2 * (widths[0] + widths[1]) + 5 * 24;
const script = (path) => `<script src="${pathToFileURL(path)}"></script>`;
const inline = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');

function page(name, card) {
  return `<!doctype html><meta charset="utf-8"><title>${name.replaceAll('<', '&lt;')}</title>
${script(require.resolve('adaptivecards/dist/adaptivecards.min.js'))}
${script(join(dirname(require.resolve('markdown-it/package.json')), 'dist/markdown-it.min.js'))}
<style>
  body { margin: 0; padding: 24px 0 24px 24px; width: ${sheetWidth - 24}px; background: #888; font: 13px 'Segoe UI', 'Open Sans', 'Liberation Sans', sans-serif; }
  .row { display: flex; align-items: flex-start; gap: 24px; margin-bottom: 24px; }
  .pane { box-sizing: border-box; border-radius: 6px; overflow: hidden; }
  .ac-adaptiveCard * { font-family: 'Segoe UI', 'Open Sans', 'Liberation Sans', sans-serif; }
  .ac-adaptiveCard [style*='monospace'] { font-family: 'Liberation Mono', monospace !important; }
  .ac-adaptiveCard p { margin: 0; }
  .ac-pushButton { font-size: 14px; font-weight: 600; padding: 5px 16px; min-height: 32px; border-radius: 4px; border: 1px solid #8a8886; background: transparent; color: inherit; }
  .ac-pushButton.style-positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff; }
  .ac-pushButton.style-destructive { border-color: #c4314b; color: #c4314b; }
  .dark .ac-pushButton { color: #fff; } .dark .ac-pushButton.style-destructive { color: #f47c90; border-color: #f47c90; }
  .ac-input { box-sizing: border-box; width: 100%; font-size: 14px; padding: 6px; border: 1px solid #8a8886; border-radius: 4px; background: transparent; color: inherit; }
  .dark .ac-input { color: #fff; }
</style>
<script>
  const card = ${inline(card)};
  const themes = { light: ${readFileSync(light, 'utf8')}, dark: ${readFileSync(dark, 'utf8')} };
  const widths = ${inline(widths)};
  const padding = themes.light.spacing.padding;
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => { result.outputHtml = window.markdownit().render(text); result.didProcess = true; };

  function row(unfold) {
    const line = document.body.appendChild(document.createElement('div'));
    line.className = 'row';
    for (const [theme, config] of Object.entries(themes)) for (const width of widths) {
      const pane = line.appendChild(document.createElement('div'));
      pane.className = 'pane ' + theme;
      pane.dataset.where = theme + ' ' + width + ' px' + (unfold ? ' unfolded' : '');
      pane.style.width = width + 'px';
      const drawn = new AdaptiveCards.AdaptiveCard();
      drawn.hostConfig = new AdaptiveCards.HostConfig(config);
      drawn.parse(card);
      const element = drawn.render();
      element.style.backgroundColor ||= config.containerStyles.default.backgroundColor;
      pane.style.backgroundColor = element.style.backgroundColor;
      pane.append(element);
      if (unfold) pane.querySelectorAll('.ac-pushButton.expandable').forEach((button) => button.click());
    }
  }

  function judge() {
    row(false);
    if (document.querySelector('.ac-pushButton.expandable')) row(true);
    const found = [];
    for (const pane of document.querySelectorAll('.pane')) {
      const edge = pane.getBoundingClientRect().right - padding + 1;
      const texts = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const place = document.createRange();
        place.selectNodeContents(texts.currentNode);
        if ([...place.getClientRects()].some((r) => r.right > edge)) found.push(pane.dataset.where + ': text is cut: ' + texts.currentNode.data.trim().slice(0, 60));
      }
      const over = [...pane.querySelectorAll('.ac-pushButton, .ac-input, img')].filter((e) => e.getBoundingClientRect().right > edge);
      if (over.length > 0) found.push(pane.dataset.where + ': runs over its edge: ' + (over[0].innerText ?? over[0].tagName));
      if (pane.innerText.trim() === '') found.push(pane.dataset.where + ': nothing is drawn');
    }
    return found;
  }
</script><body>`;
}

const files = readdirSync(folder).filter((f) => f.endsWith('.json')).sort();
const pages = mkdtempSync(join(tmpdir(), 'cards-pages-'));
mkdirSync(out, { recursive: true });
let problems = 0;
try {
  await withChromium(async (chromium) => {
    for (const file of files) {
      const name = file.slice(0, -'.json'.length);
      const html = join(pages, `${name}.html`);
      writeFileSync(html, page(name, JSON.parse(readFileSync(join(folder, file), 'utf8'))));
      const { png, found } = await chromium.draw(pathToFileURL(html).href, sheetWidth);
      writeFileSync(join(out, `${name}.png`), png);
      for (const line of found) console.log(`${file}: ${line}`);
      problems += found.length;
    }
  });
} finally {
  rmSync(pages, { recursive: true, force: true });
}

console.log(`drawings: ${files.length} cards, ${problems} problems`);
process.exit(problems > 0 || files.length === 0 ? 1 : 0);
