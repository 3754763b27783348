/** Why pip gave no answer: it is not there, took too long, could not reach the index, or said something that is no answer. */
export class PipFailure extends Error {
  readonly code: 'pip-missing' | 'timeout' | 'unreachable' | 'unexpected-answer';

  constructor(code: PipFailure['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PipFailure';
    this.code = code;
  }
}
