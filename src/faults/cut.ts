import { changeDirections, type FaultEffect } from './effect.js';

/** Cuts a link: everything dropped, refused, without carrier, or one direction dropped only. */
export const applyCut: FaultEffect<'cut'> = (state, fault, link) => {
  if (fault.mode === 'one-way')
    return changeDirections(state, link, fault.from, () => ({ cut: 'blackhole' }));
  const { mode } = fault;
  return changeDirections(state, link, null, () => ({ cut: mode }));
};
