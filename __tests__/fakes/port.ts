/** The port of a server's `address()`. */
export const portIn = (address: unknown): number => {
  if (typeof address === 'object' && address !== null && 'port' in address && typeof address.port === 'number') {
    return address.port;
  }
  throw new Error('the server does not listen');
};
