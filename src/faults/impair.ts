import { changeDirections, type FaultEffect } from './action.js';

/** Delays, jitters and loses packets. */
export const applyImpairment: FaultEffect<'impair'> = (state, fault, link) =>
  changeDirections(state, link, fault.from, fault.impairment);
