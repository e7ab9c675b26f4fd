import { callScript } from './script/call.js';
import { domScript } from './script/dom.js';
import { earsScript } from './script/ears.js';
import { ladderScript } from './script/ladder.js';
import { tipScript } from './script/tip.js';
import { zoomScript } from './script/zoom.js';

/** All that the page does by script. It never makes markup out of text. */
export const script = [tipScript, domScript, zoomScript, ladderScript, earsScript, callScript].join('');
