export { changeText, type SupportFinding } from './finding.ts';
export { decideSupportPolicy, supportPolicy, type SupportPolicyView } from './gate.ts';
