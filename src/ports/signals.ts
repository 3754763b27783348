/** Something that is listened to until it is stopped. */
export interface Listening {
  stop(): Promise<void>;
}

/**
 * A word to all processes of a train that something changed: the ledger, or the world as a webhook told. It carries no facts, so that a lost one costs
 * only time: who hears it looks again.
 */
export interface Signals {
  /** Says so; a failure is thrown as `LedgerError`. What the ledger takes in says so by itself. */
  tell(train: string): Promise<void>;
  /**
   * Calls for every word, from this process and others, until stopped. After the connection was lost it calls once as soon as it is back, since words may
   * have been missed.
   */
  hear(train: string, heard: () => void): Promise<Listening>;
}
