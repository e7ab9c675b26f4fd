import { changeDirections, type FaultEffect } from './effect.js';

/** Replays a profile or a trace, a course of its own in each direction. */
export const applyReplay: FaultEffect<'replay'> = (state, { directions }, link) =>
  directions.reduce(
    (changed, { from, trace }) => changeDirections(changed, link, from, () => ({ profile: trace })),
    state,
  );
