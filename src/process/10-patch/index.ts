export { riskOf, type BriefCandidate, type BriefRemovals, type BriefRisk } from './brief.ts';
export { decideCarriedGate, type RepoCarried } from './carried.ts';
export { foldGo, foldTriage, type GoDecision, type TriageDecision } from './decisions.ts';
export { briefDigest, decideGoGate } from './go.ts';
export { decideMilestones, type DecidedItem } from './milestones.ts';
export { decideAsk, decideOwedGate, owedMarker, type OwedFacts, type OwedPick } from './owed.ts';
export { calendarChange, explainSchedule, scheduleOf, type Schedule } from './schedule.ts';
export { suggestTriage, type FixFound, type Suggestion, type TriageFacts } from './triage.ts';
