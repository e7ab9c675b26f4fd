import { callScript } from './script/call.js';
import { domScript } from './script/dom.js';
import { earsScript } from './script/ears.js';
import { ladderScript } from './script/ladder.js';
import { tipScript } from './script/tip.js';
import { unpackScript } from './script/unpack.js';
import { zoomScript } from './script/zoom.js';

/** All that the page does by script. It never makes markup out of text: what it unpacks as markup is the page's own. */
export const script = [
  tipScript,
  domScript,
  zoomScript,
  ladderScript,
  earsScript,
  callScript,
  unpackScript,
].join('');
