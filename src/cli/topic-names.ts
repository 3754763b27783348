/** Topics of `signalbox help TOPIC`; their texts are in topics.ts, which is loaded when one is asked for. */
export const TOPIC_NAMES = [
  { name: 'exit-codes', summary: 'what the code a command ends with means' },
  { name: 'json', summary: 'the document of --json, and what stays stable' },
  { name: 'environment', summary: 'variables that are read' },
  { name: 'plans', summary: 'plan, approve, apply, undo' },
  { name: 'states', summary: 'the nine shapes and their words' },
] as const;
export type TopicName = (typeof TOPIC_NAMES)[number]['name'];
