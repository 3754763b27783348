export {
  ActorError,
  approveAndMergePull,
  closeIssue,
  finishBuilds,
  finishChecks,
  runWorkflow,
  type Stage,
} from './actors.ts';
export { channelFolder, forgetHash, takeAway, uploadWheels, type WheelOrder } from './channel.ts';
export type { Fault, FaultMatcher, Faults } from './faults.ts';
export { startPackageIndex, type PackageIndex, type PackageIndexOptions } from './packages.ts';
export type { IndexAccount, IndexPublisher, JobClaims } from './packages-people.ts';
export type { IndexFault } from './packages-send.ts';
export { proposeChange, type ChangeToPropose } from './propose.ts';
export { makeWheel } from './make-wheel.ts';
export type { LoggedRequest, RequestLog } from './request-log.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './server.ts';
export { WorldFolderError } from './store.ts';
export { makeWorld, type WorldRequest } from './world.ts';
export { makeWorldFrom, type WorldFromRequest, type WorldSource } from './world-from.ts';
export { people, type Person } from './world-people.ts';
