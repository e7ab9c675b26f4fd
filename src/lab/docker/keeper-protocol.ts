/** What a run that ended in good order says to its keeper, so that it ends without looking for what is left. */
export const KEEPER_DONE = 'done';
