import type { NodeLife } from '../lab/life.js';
import type { NodeFault } from '../plan/planned-fault.js';
import type { FaultProof, NodeFigureName, ProofFigure } from '../runfolder/journal.js';
import type { Stage } from './steps.js';

/** What a fault of a node does, and what shows that it did. One file a kind. */
export interface NodeEffect {
  /** Looks at the node as it is before. */
  prepare(): Promise<void>;
  apply(): Promise<void>;
  /** Watches the node while the fault holds; `signal` aborts when that is over. */
  watch(signal: AbortSignal): Promise<void>;
  /** What shows that it holds, at the end of its time and before it is healed. */
  proveApplied(): Promise<Shown>;
  heal(): Promise<void>;
  /** What the node goes through after that, such as a boot. */
  recover(): Promise<void>;
  /** What shows that it doesn't hold any more; looked at until it does, or `signal` aborts. */
  proveHealed(signal: AbortSignal): Promise<Shown>;
}

/** What was asked for, and the figures that were met. */
export interface Shown {
  requested: string;
  figures: ProofFigure[];
  declared: string[];
}

export interface EffectParts<Kind extends NodeFault['kind']> {
  stage: Stage;
  life: NodeLife;
  fault: Extract<NodeFault, { kind: Kind }>;
}

/** A figure read from the node or its peers: exact where `requested` is one number. */
export function nodeFigure(
  from: string,
  what: NodeFigureName,
  unit: ProofFigure['unit'],
  requested: [low: number, high: number | null],
  achieved: number | null,
): ProofFigure {
  const [low, high] = requested;
  const holds = achieved !== null && achieved >= low && (high === null || achieved <= high);
  return { from, what, unit, rule: null, requested, achieved, interval: null, holds, by: 'read-back' };
}

/** No figure, no proof. */
export function nodeProof(
  { requested, figures, declared }: Shown,
  inWords: (figure: ProofFigure) => string,
): FaultProof {
  const reasons = [
    ...figures.filter(({ holds }) => !holds).map(inWords),
    ...(figures.length === 0 ? ['nothing shows it'] : []),
  ];
  return {
    impaired: [],
    control: [],
    bursts: [],
    figures,
    requested,
    declared,
    holds: reasons.length === 0,
    reason: reasons.length === 0 ? 'what was met is what was asked for' : reasons.join('; '),
  };
}
