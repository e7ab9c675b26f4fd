import { createHash } from 'node:crypto';

/** How each offline page begins: for a `headline`, a `style`, and a `policy`, which allows what the page has and nothing else. */
export const headTemplate = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>deadair: {{headline}}</title>
<style>{{{style}}}</style>
</head>`;

/** A text of a page as its policy names it (CSP, `'sha256-…'`). */
export const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
