/** Something that a remote must have is not there: told as what could not be read, like any other failure of the world. */
export class NotThereError extends Error {
  override readonly name = 'NotThereError';
  readonly code = 'not-found';
}
