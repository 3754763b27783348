export { ActorError, approveAndMergePull, closeIssue, finishBuilds, finishChecks, type Stage } from './actors.ts';
export type { Fault, FaultMatcher, Faults } from './faults.ts';
export { proposeChange, type ChangeToPropose } from './propose.ts';
export type { LoggedRequest, RequestLog } from './request-log.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './server.ts';
export { WorldFolderError } from './store.ts';
export { makeWorld, type WorldRequest } from './world.ts';
export { makeWorldFrom, type WorldFromRequest, type WorldSource } from './world-from.ts';
export { people, type Person } from './world-people.ts';
