export { decideProposal, explainProposal, type ProposalProblem } from './decide.ts';
export { decideStartGates, type StartToJudge } from './gates.ts';
export type { StartFacts } from './offers.ts';
export { readPage } from './read.ts';
export { slotsOf } from './slots.ts';
export { installsOf, tryInstalls, type TryPlace } from './try.ts';
