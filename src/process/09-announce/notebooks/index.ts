export { hostRequest, requestWords, type HostProblem } from './host-request.ts';
