import type { Server } from 'node:http';

/** Listens on this machine only; answers the port. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Takes no more connections, and lets those under way come to their end. */
export async function close(server: Server, underWay: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  // A client that holds a connection without reading it must not keep the world open for ever.
  const patience = setTimeout(() => server.closeAllConnections(), 3000);
  await Promise.all(underWay);
  clearTimeout(patience);
  server.closeAllConnections();
  await closed;
}
