import { changeDirections, type FaultEffect } from './action.js';

/** Cuts a link: everything dropped, refused, without carrier, or one direction dropped only. */
export const applyCut: FaultEffect<'cut'> = (state, fault, link) =>
  fault.mode === 'one-way'
    ? changeDirections(state, link, fault.from, { cut: 'blackhole' })
    : changeDirections(state, link, null, { cut: fault.mode });
