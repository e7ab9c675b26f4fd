import { changeDirections, type FaultEffect } from './effect.js';

/** Impairs all packets that no other fault is for, or those that match. */
export const applyImpairment: FaultEffect<'impair'> = (state, { from, only, impairment }, link) =>
  changeDirections(state, link, from, ({ rules }) =>
    only ? { rules: [...rules, { match: only, impairment }] } : { otherwise: impairment },
  );
