import { dropAll } from '../plan/impairments.js';
import { changeDirections, type FaultEffect } from './effect.js';

/** Drops the packets that match. */
export const applyBlock: FaultEffect<'block'> = (state, { from, only }, link) =>
  changeDirections(state, link, from, ({ rules }) => ({
    rules: [...rules, { match: only, impairment: dropAll }],
  }));
